import { type Heredoc, type MountFlag, parseMountFlag, type Run } from '../../dockerfile/index.ts';
import { BytesContent, type Digest, fromUtf8, paced, textContent } from '../../spec/index.ts';
import { BuildError, type Layer, type RunMount, type Workspace } from '../backend.ts';
import { isPredefined } from '../build-args.ts';
import { commandLine } from '../config.ts';
import { place } from '../copy/place.ts';
import { base, join } from '../paths.ts';
import type { VertexHandle } from './progress.ts';
import { environment, expander } from './scope.ts';
import type { State } from './state.ts';
import type { Stepping } from './steps.ts';

const chomped = (heredoc: Heredoc) => (heredoc.chomp ? heredoc.content.replace(/^\t+/gm, '') : heredoc.content);

/** The command of a RUN with its heredocs, and the script file when the heredoc names its own interpreter. */
export function runCommand(state: State, run: Run): { args: string[]; script?: { name: string; text: string } } {
  const [first] = run.heredocs;
  if (!first) return { args: commandLine(state.config, run) };
  if (run.args.length !== 1 || !run.shellForm) {
    throw new BuildError(`parsing produced an invalid run command: [${run.args.join(' ')}]`);
  }
  const alone = /^\d*<<-?\s*[^<\s]+$/.test(run.args[0]!.trim());
  if (alone && first.content.startsWith('#!')) {
    const script = { name: first.name, text: chomped(first) };
    return { args: commandLine(state.config, { args: [`/dev/pipes/${first.name}`], shellForm: true }), script };
  }
  const rebuilt = run.args[0]! + run.heredocs.map((heredoc) => `\n${heredoc.content}${heredoc.name}`).join('');
  return { args: commandLine(state.config, { args: [alone ? chomped(first) : rebuilt], shellForm: true }) };
}

/** Build arguments that count in the history and the cache: "|1 V=1 " or ''. */
export function argPrefix(state: State): string {
  const counted = [...state.args.visible(state.config.Env ?? [])]
    .filter(([key]) => !isPredefined(key) && state.args.isReferenced(key) && state.args.isStageArg(key))
    .map(([key, value]) => `${key}=${value}`);
  return counted.length > 0 ? `|${counted.length} ${counted.join(' ')} ` : '';
}

export const runMounts = (state: State, run: Run, mark: string): MountFlag[] =>
  run.mounts.map((text) => parseMountFlag(text, (value) => expander(state, mark)(value).text));

/** Runs it and commits what it changed. */
export async function executeRun(
  stepping: Stepping,
  state: State,
  run: Run,
  command: ReturnType<typeof runCommand>,
  handle: VertexHandle,
): Promise<Layer | null> {
  const { backend, options } = stepping;
  const held: Workspace[] = [];
  const workspace = await backend.open(state.layers);
  try {
    const env = environment(state);
    const mounts: RunMount[] = [];
    for (const flag of runMounts(state, run, stepping.escape)) {
      const mount = await prepareMount(stepping, state, flag, held, env);
      if (mount) mounts.push(mount);
    }
    if (command.script) mounts.push(await scriptMount(stepping, command.script, held));
    const status = await workspace.run(
      {
        args: command.args,
        env,
        cwd: state.config.WorkingDir || '/',
        user: state.config.User,
        network: run.network === 'default' ? '' : run.network || (options.host?.networkMode ?? ''),
        extraHosts: options.host?.extraHosts ?? [],
        ulimits: options.host?.ulimits ?? [],
        shmSize: options.host?.shmSize ?? 0,
        mounts,
        signal: options.signal,
      },
      {
        stdout: (bytes) => handle.log(1, fromUtf8(bytes)),
        stderr: (bytes) => handle.log(2, fromUtf8(bytes)),
      },
    );
    if (status.code !== 0) throw failure(command.args, `exit code: ${status.code}`, status.code);
    return await workspace.commit(`RUN ${argPrefix(state)}${command.args.join(' ')} # buildkit`);
  } finally {
    await workspace.discard();
    for (const other of held) await other.discard();
  }
}

const failure = (args: string[], why: string, code: number) =>
  new BuildError(`process "${args.join(' ')}" did not complete successfully: ${why}`, code);

const shared = (target: string, source: string, readonly: boolean): RunMount => ({
  type: 'bind',
  target,
  source,
  readonly,
});

async function scriptMount(
  stepping: Stepping,
  script: { name: string; text: string },
  held: Workspace[],
): Promise<RunMount> {
  const workspace = await stepping.backend.open([]);
  held.push(workspace);
  await workspace.tree((tree) => {
    tree.writeFile(script.name, textContent(script.text));
    tree.chmod(script.name, 0o755);
  });
  return shared('/dev/pipes', await workspace.path(), true);
}

async function prepareMount(
  stepping: Stepping,
  state: State,
  flag: MountFlag,
  held: Workspace[],
  env: string[],
): Promise<RunMount | undefined> {
  const target = join('/', flag.target.startsWith('/') ? '' : state.config.WorkingDir, flag.target);
  switch (flag.type) {
    case 'tmpfs':
      return { type: 'tmpfs', target, readonly: false, size: flag.size };
    case 'cache': {
      const owner = { uid: flag.uid ?? 0, gid: flag.gid ?? 0, mode: flag.mode ?? 0o755 };
      return shared(target, await stepping.backend.cache.directory(flag.id || target, owner), flag.readonly);
    }
    case 'bind':
      return shared(target, await bindSource(stepping, flag, held), flag.readonly);
    case 'secret':
      return secretMount(stepping, flag, target, held, env);
    default:
      throw new BuildError('drydock: RUN --mount=type=ssh is not simulated');
  }
}

/** The context, or a stage or image, as a directory of the host. */
async function bindSource(stepping: Stepping, flag: MountFlag, held: Workspace[]): Promise<string> {
  const inside = join('/', flag.source).slice(1);
  const layers: readonly Digest[] = flag.from ? await stepping.layersOf(flag.from) : [];
  const workspace = await stepping.backend.open(layers);
  held.push(workspace);
  if (!flag.from) {
    const hostPath = workspace.root;
    const now = stepping.backend.clock.now();
    const options = { owner: { uid: 0, gid: 0 }, unpack: false, hostPath, buildkit: true, now };
    await workspace.tree((tree) =>
      paced(place({ tree: stepping.context, path: '' }, tree, '/', options), stepping.backend.pause),
    );
  }
  const found = await workspace.tree((tree) => tree.lstat(tree.resolve(inside, true)) !== undefined);
  if (!found) throw stepping.checksumError(`/${inside}`);
  return workspace.path(inside);
}

async function secretMount(
  stepping: Stepping,
  flag: MountFlag,
  target: string,
  held: Workspace[],
  env: string[],
): Promise<RunMount | undefined> {
  const id = flag.id || flag.source || base(flag.target);
  const secret = stepping.options.secrets?.[id];
  if (!secret) {
    if (flag.required) throw new BuildError(`secret ${id}: not found`);
    return undefined;
  }
  if (flag.env) {
    env.push(`${flag.env}=${fromUtf8(secret)}`);
    if (!flag.target) return undefined;
  }
  const workspace = await stepping.backend.open([]);
  held.push(workspace);
  await workspace.tree((tree) => {
    tree.writeFile('secret', new BytesContent(secret));
    tree.chmod('secret', flag.mode ?? 0o400);
    tree.chown('secret', flag.uid ?? 0, flag.gid ?? 0);
  });
  return shared(flag.target ? target : `/run/secrets/${id}`, await workspace.path('secret'), true);
}
