import { docker } from './commands/docker.ts';
import { dockerfile } from './commands/dockerfile.ts';
import { image } from './commands/image.ts';
import { lessons } from './commands/lessons.ts';
import { linuxEngine } from './commands/linux-engine.ts';
import { registry } from './commands/registry.ts';
import { run } from './commands/run.ts';
import { serve } from './commands/serve.ts';
import { terminal } from './commands/terminal.ts';
import { transcript } from './commands/transcript.ts';
import { UsageError } from './usage.ts';

/** One subcommand: its arguments in, its exit status out. */
export type Command = (args: string[]) => Promise<number>;

const commands: Record<string, Command> = {
  run,
  transcript,
  docker,
  serve,
  registry,
  lessons,
  dockerfile,
  image,
  'linux-engine': linuxEngine,
};

const usage = `drydock: Docker with the water let out

  drydock                               a terminal on a fresh in-memory host
  drydock run FILE                      run FILE (- for stdin) as a bash script on a fresh host
      --engine memory|linux               the in-memory host (default) or the engine on real Linux, as root
  drydock transcript FILE.txt           run a scenario; one JSON line per command
      --engine memory|linux|docker
  drydock docker [-H URL] ARGS...       our docker CLI against any Engine API
  drydock serve                         the web app, and the Engine API if asked
      --port N (8080)  --socket PATH  --engine memory|linux
  drydock registry --listen HOST:PORT --dir DIR
  drydock lessons check [NAME...]
  drydock dockerfile parse FILE
  drydock image inspect-archive FILE.tar
`;

/** The program. Resolves with the exit status. */
export async function main(argv: string[]): Promise<number> {
  const [name, ...rest] = argv;
  if (name === '--help' || name === '-h' || name === 'help') {
    process.stdout.write(usage);
    return 0;
  }
  const command = name === undefined ? terminal : Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!command) {
    process.stderr.write(`drydock: unknown command "${name}"\n\n${usage}`);
    return 2;
  }
  try {
    return await command(rest);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`drydock ${name}: ${error.message}\n`);
    return 2;
  }
}
