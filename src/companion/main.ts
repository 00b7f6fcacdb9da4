import { programVersion } from './package-root.ts';
import { UsageError } from './usage.ts';

/** One subcommand: its arguments in, its exit status out. */
export type Command = (args: string[]) => Promise<number>;

/** Loaded when called: `docker` in a script must not wait for the whole simulated host to load. */
const commands: Record<string, () => Promise<Command>> = {
  run: async () => (await import('./commands/run.ts')).run,
  transcript: async () => (await import('./commands/transcript.ts')).transcript,
  docker: async () => (await import('./commands/docker.ts')).docker,
  serve: async () => (await import('./commands/serve.ts')).serve,
  registry: async () => (await import('./commands/registry.ts')).registry,
  lessons: async () => (await import('./commands/lessons.ts')).lessons,
  demos: async () => (await import('./commands/demos.ts')).demos,
  grade: async () => (await import('./commands/grade.ts')).grade,
  dockerfile: async () => (await import('./commands/dockerfile.ts')).dockerfile,
  image: async () => (await import('./commands/image.ts')).image,
  'linux-engine': async () => (await import('./commands/linux-engine.ts')).linuxEngine,
};

const terminal = async (): Promise<Command> => (await import('./commands/terminal.ts')).terminal;

const usage = `drydock: Docker with the water let out

  drydock                               a terminal on a fresh in-memory host
  drydock run FILE                      run FILE (- for stdin) as a bash script on a fresh host
      --engine memory|linux               the in-memory host (default) or the engine on real Linux, as root
  drydock transcript FILE.txt           run a scenario; one JSON line per command
      --engine memory|linux|docker  --busybox FILE.tar.gz (default: busybox.tar.gz one directory up)
  drydock docker [-H URL] ARGS...       our docker CLI against any Engine API
  drydock serve                         the web app, and the Engine API if asked
      --port N (8080)  --no-app  --socket PATH  --api PORT  --engine memory|linux
  drydock registry --listen HOST:PORT --dir DIR
  drydock lessons check [NAME...]       every lesson's solution reaches its goals, each at its own step
  drydock lessons import DIR [OUT]      makes a lesson of a Killercoda scenario, a Labspace or a Markdown tutorial
  drydock demos check [NAME...]         every demonstration's commands and goals
  drydock grade FILE...                 a table of hand-in files, each run again on the engine
      --json  --csv  --lessons DIR        DIR holds lessons of your own
  drydock dockerfile parse FILE
  drydock image inspect-archive FILE.tar
  drydock --version
`;

/** The program. Resolves with the exit status. */
export async function main(argv: string[]): Promise<number> {
  const [name, ...rest] = argv;
  if (name === '--help' || name === '-h' || name === 'help') {
    process.stdout.write(usage);
    return 0;
  }
  if (name === '--version') {
    process.stdout.write(`drydock ${programVersion()}\n`);
    return 0;
  }
  const load = name === undefined ? terminal : Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!load) {
    process.stderr.write(`drydock: unknown command "${name}"\n\n${usage}`);
    return 2;
  }
  try {
    return await (await load())(rest);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`drydock ${name}: ${error.message}\n`);
    return 2;
  }
}
