/**
 * A failed docker command explained by what is there: which thing was named, what exists of its kind, which of these was
 * probably meant, and what to type. Nothing is looked up by the error's text where the request and the state tell it.
 */
import type { ContainerInfo, Inspection } from '../../trace/index.ts';
import { nearest } from '../edit-distance.ts';
import { createBodies, type Failure, type Refusal } from './failure.ts';
import type { HelpWords } from './words.ts';

export interface Help {
  /** Sentences; `code` in backquotes. */
  said: string[];
  /** The line as it was probably meant. */
  meant: string | undefined;
  tries: string[];
}

/** What an explanation may ask beyond the inspection. */
export interface HelpWorld {
  state: Inspection;
  dockerWords(words: string[]): Promise<string[]>;
  /** Repositories of the Hub's library, and their tags. */
  hubImages(): Promise<Record<string, string[]>>;
  listFiles(path: string): Promise<string[]>;
  /** Names of the programs that an image's layers hold. */
  programs(layers: readonly string[]): Promise<string[]>;
}

interface Case {
  failure: Failure;
  world: HelpWorld;
  t: HelpWords;
}

export async function explain(failure: Failure, world: HelpWorld, t: HelpWords): Promise<Help | undefined> {
  const c = { failure, world, t };
  if (failure.words[0] !== 'docker') return misspeltDocker(c);
  return (
    (await grammar(c)) ??
    (await missingProgram(c)) ??
    (await missingDockerfile(c)) ??
    buildStep(c) ??
    (failure.refusal ? await refused(c, failure.refusal) : noEngine(c))
  );
}

const help = (said: (string | undefined)[], meant?: string, tries: string[] = []): Help => ({
  said: said.filter((one): one is string => one !== undefined && one !== ''),
  meant,
  tries: [...new Set(tries)].filter((line) => line !== meant).slice(0, 3),
});

/** The line with one word put right. */
function repaired(line: string, wrong: string, right: string | undefined): string | undefined {
  if (right === undefined) return undefined;
  const at = line.lastIndexOf(wrong);
  return at < 0 ? undefined : line.slice(0, at) + right + line.slice(at + wrong.length);
}

async function misspeltDocker({ failure, t }: Case): Promise<Help | undefined> {
  const [first = ''] = failure.words;
  if (failure.status !== 127 || nearest(first, ['docker']).length === 0) return undefined;
  return help([t.program(first)], `docker ${failure.words.slice(1).join(' ')}`.trim());
}

/** What the client itself did not understand: flags, commands, the number of arguments. */
async function grammar({ failure, world, t }: Case): Promise<Help | undefined> {
  if (failure.refusal) return undefined;
  const { words, line, output } = failure;
  const path = await commandPath(words, world);
  const command = ['docker', ...path].join(' ');
  const offered = await world.dockerWords(path);
  const wrongFlag = words.find((word) => word.startsWith('--') && !offered.includes(word.split('=')[0]!));
  if (wrongFlag && /unknown flag/.test(output)) {
    const name = wrongFlag.split('=')[0]!;
    const near = nearest(
      name,
      offered.filter((word) => word.startsWith('--')),
    )[0];
    return help([t.flag(name, command)], repaired(line, name, near), [`${command} --help`]);
  }
  const short = /unknown shorthand flag: '(.)'/.exec(output)?.[1];
  if (short) return help([t.flag(`-${short}`, command)], undefined, [`${command} --help`]);
  const wrong = words.slice(1 + path.length).find((word) => !word.startsWith('-'));
  const commands = offered.filter((word) => !word.startsWith('-'));
  if (wrong && commands.length > 0) {
    const near = nearest(wrong, commands);
    return help([t.command(wrong, command)], repaired(line, wrong, near[0]), [
      ...near.slice(1).map((one) => `${command} ${one}`),
      `${command} --help`,
    ]);
  }
  if (commands.length === 0 && /requires (exactly|at least) \d+ argument/.test(output))
    return wantsArgument(command, world, t);
  return undefined;
}

function wantsArgument(command: string, { state }: HelpWorld, t: HelpWords): Help {
  const ofImages = /\b(rmi|tag|push|image|pull|run|create|history)\b/.test(command);
  const names = ofImages ? references(state) : state.containers.map(({ name }) => name);
  return help([t.arguments(command), ofImages ? t.images(names) : t.containers(names)], undefined, [
    ...names.slice(0, 2).map((name) => `${command} ${name}`),
    `${command} --help`,
  ]);
}

/** The words of the line that are docker's commands: `['image', 'rm']`. */
async function commandPath(words: readonly string[], world: HelpWorld): Promise<string[]> {
  const path: string[] = [];
  for (const word of words.slice(1)) {
    if (!(await world.dockerWords(path)).filter((one) => !one.startsWith('-')).includes(word)) break;
    path.push(word);
  }
  return path;
}

const references = (state: Inspection): string[] =>
  state.images.flatMap((image) => image.references.map((name) => name.replace(/:latest$/, '')));

const containerOf = ({ containers }: Inspection, name: string): ContainerInfo | undefined =>
  containers.find((one) => one.name === name || (name.length > 2 && one.id.startsWith(name)));

/** By what the request named. */
async function refused(c: Case, refusal: Refusal): Promise<Help> {
  const { path, method, status } = refusal;
  const [, kind, first = '', verb] = /^\/(\w+)\/?(.*?)(?:\/(\w+))?$/.exec(path) ?? [];
  if (kind === 'containers' && path === '/containers/create') {
    if (status === 409) return nameTaken(c, refusal.query.get('name') ?? '');
    if (status === 404) return noImage(c, String(refusal.body.Image ?? refusal.query.get('fromImage') ?? ''));
  }
  if (kind === 'containers') return container(c, refusal, verb === undefined ? first : first, verb);
  if (kind === 'images') return image(c, refusal, first, verb);
  if (kind === 'networks' && status === 404)
    return missing(c, 'networks', verb ? first : path.slice('/networks/'.length));
  if (kind === 'volumes') return volume(c, path.slice('/volumes/'.length), status);
  void method;
  return plain(c, refusal);
}

function plain({ t }: Case, { method, path, status, message }: Refusal): Help {
  return help([t.refusedBy(method, path, status), t.statuses[status], message]);
}

function container(c: Case, refusal: Refusal, rest: string, verb: string | undefined): Help | Promise<Help> {
  const { world, t, failure } = c;
  const known = containerOf(world.state, rest) ?? containerOf(world.state, verb ?? '');
  const name = known ? known.name : rest || verb || '';
  if (!known && refusal.status === 404) return noContainer(c, name);
  if (!known) return plain(c, refusal);
  const port = takenPort(c, known);
  if (refusal.method === 'POST' && port) return port;
  if (refusal.method === 'DELETE' && known.status === 'running')
    return help([t.running(name)], undefined, [`docker stop ${name}`, `docker rm -f ${name}`]);
  if (refusal.status === 409 && known.status !== 'running')
    return help([t.notRunning(name, known.status)], undefined, [`docker start ${name}`, `docker logs ${name}`]);
  if (refusal.status === 404 && /network/.test(refusal.message)) return missing(c, 'networks', networkOf(failure));
  return plain(c, refusal);
}

const networkOf = ({ words }: Failure): string => {
  const at = words.findIndex((word) => /^--net(work)?(=|$)/.test(word));
  return words[at]?.includes('=') ? words[at].split('=')[1]! : (words[at + 1] ?? '');
};

function noContainer({ world: { state }, t, failure }: Case, name: string): Help {
  const names = state.containers.map((one) => one.name);
  const near = nearest(name, names);
  const isImage = references(state).includes(name.replace(/:latest$/, ''));
  const mine = state.containers.filter((one) => one.image === name).map((one) => one.name);
  return help(
    [isImage ? t.isImage(name) : t.noContainer(name), t.containers(names)],
    repaired(failure.line, name, mine[0] ?? near[0]),
    isImage && mine.length === 0 ? [`docker run -it ${name}`] : ['docker ps -a'],
  );
}

function nameTaken({ world: { state }, t, failure }: Case, name: string): Help {
  const owner = containerOf(state, name);
  let free = 2;
  while (containerOf(state, `${name}${free}`)) free++;
  return help(
    [owner && t.nameTaken(name, owner.status, owner.image)],
    repaired(failure.line, name, `${name}${free}`),
    owner?.status === 'running' ? [`docker rm -f ${name}`] : [`docker start ${name}`, `docker rm ${name}`],
  );
}

/** Host ports that the failed command asked for. */
function portsAsked({ failure }: Case): string[] {
  return createBodies(failure.events).flatMap((body) => {
    const bound =
      (body.HostConfig as { PortBindings?: Record<string, { HostPort: string }[] | null> })?.PortBindings ?? {};
    return Object.values(bound).flatMap((list) => (list ?? []).map(({ HostPort }) => HostPort));
  });
}

const hostPort = (address: string): string => address.split(':').at(-1)!;

function takenPort(c: Case, known: ContainerInfo): Help | undefined {
  const { world, t, failure } = c;
  const asked = [...portsAsked(c), ...known.ports.map(({ host }) => hostPort(host))];
  const others = world.state.containers.filter(({ id, status }) => id !== known.id && status === 'running');
  const used = new Map(others.flatMap(({ name, ports }) => ports.map(({ host }) => [hostPort(host), name] as const)));
  const port = asked.find((one) => used.has(one));
  if (!port) return undefined;
  let free = Number(port) + 1;
  while (used.has(String(free))) free++;
  const owner = used.get(port)!;
  return help([t.portTaken(port, owner), t.created(known.name)], undefined, [
    `docker rm ${known.name} && ${repaired(failure.line, `${port}:`, `${free}:`) ?? failure.line}`,
    `docker stop ${owner} && docker start ${known.name}`,
  ]);
}

/** An image: one that is not there, in use, or not allowed to go out. */
function image(c: Case, refusal: Refusal, rest: string, verb: string | undefined): Help | Promise<Help> {
  const { world, t, failure } = c;
  if (refusal.path === '/images/create') {
    const tag = refusal.query.get('tag');
    return noImage(c, `${refusal.query.get('fromImage')}${tag ? `:${tag}` : ''}`);
  }
  const name = rest && verb && !/^(json|push|tag|history|get)$/.test(verb) ? `${rest}/${verb}` : rest || verb || '';
  if (refusal.status === 409) {
    const found = world.state.images.find(
      ({ id, references }) => id.includes(name) || references.some((one) => one === name || one === `${name}:latest`),
    );
    const users = world.state.containers.filter(({ imageId, image }) => imageId === found?.id || image === name);
    return help(
      [
        t.imageUsed(
          name,
          users.map((one) => one.name),
        ),
      ],
      undefined,
      [
        `docker rm ${users.some(({ status }) => status === 'running') ? '-f ' : ''}${users.map((one) => one.name).join(' ')} && ${failure.line}`,
      ],
    );
  }
  return refusal.status === 404 ? noImageHere(c, name) : plain(c, refusal);
}

function noImageHere({ world: { state }, t, failure }: Case, name: string): Help {
  const names = references(state);
  const isContainer = containerOf(state, name) !== undefined;
  return help(
    [isContainer ? t.isContainer(name) : t.noImageHere(name), t.images(names)],
    repaired(failure.line, name, nearest(name, names)[0]),
    isContainer ? [`docker rm ${name}`] : ['docker images', `docker pull ${name}`],
  );
}

async function noImage({ world, t, failure }: Case, reference: string): Promise<Help> {
  const [, name = reference, tag = 'latest'] =
    /^(.*?)(?::([^:/]+))?$/.exec(reference.replace(/^(docker\.io\/)?library\//, '')) ?? [];
  const hub = await world.hubImages();
  const tags = hub[name];
  if (tags) {
    const near = nearest(tag, tags)[0] ?? tags.find((one) => one === 'latest');
    return help(
      [t.noTag(name, tag), t.tags(tags.slice(0, 12))],
      repaired(failure.line, `${name}:${tag}`, near && `${name}:${near}`),
    );
  }
  const near = nearest(name, [...references(world.state), ...Object.keys(hub)]);
  return help([t.noImage(name), t.images(references(world.state))], repaired(failure.line, name, near[0]), [
    ...near.slice(1, 3).map((one) => repaired(failure.line, name, one) ?? ''),
    `docker search ${name}`,
  ]);
}

function missing({ world: { state }, t, failure }: Case, _kind: 'networks', name: string): Help {
  const names = state.networks.map((one) => one.name);
  return help([t.noNetwork(name), t.networks(names)], repaired(failure.line, name, nearest(name, names)[0]), [
    `docker network create ${name}`,
  ]);
}

function volume(c: Case, name: string, status: number): Help {
  const { world, t, failure } = c;
  const { state } = world;
  const names = state.volumes.map((one) => one.name);
  if (status === 409) {
    const users = state.containers.filter(({ mounts }) =>
      mounts.some(({ source, type }) => type === 'volume' && source.includes(name)),
    );
    const list = users.map((one) => one.name);
    return help([t.volumeUsed(name, list)], undefined, [`docker rm -f ${list.join(' ')} && ${failure.line}`]);
  }
  return help([t.noVolume(name), t.volumes(names)], repaired(failure.line, name, nearest(name, names)[0]), [
    `docker volume create ${name}`,
  ]);
}

/** The kernel found no such file to run: in the image's own layers it can be seen what there is instead. */
async function missingProgram({ failure, world, t }: Case): Promise<Help | undefined> {
  const quoted = /exec: "([^"]+)"/.exec(failure.refusal?.message ?? failure.output)?.[1];
  if (!quoted || (failure.status !== 127 && failure.status !== 126)) return undefined;
  const { state } = world;
  const started = createdIn(failure, state) ?? state.containers.find((one) => failure.words.includes(one.name));
  const layers = state.images.find(({ id }) => id === started?.imageId)?.layers ?? [];
  const there = await world.programs(layers);
  const program = quoted.split('/').at(-1)!;
  const shells = ['bash', 'ash', 'sh', 'dash'].filter((one) => there.includes(one));
  const wantsShell = /^(\w*sh)$/.test(program);
  const near = wantsShell ? shells : nearest(program, there);
  return help(
    [t.noProgram(quoted, started?.image ?? ''), near.length > 0 ? t.shells(near.slice(0, 5)) : undefined],
    repaired(failure.line, quoted, near[0]),
  );
}

function createdIn({ events }: Failure, state: Inspection): ContainerInfo | undefined {
  const made = events.findLast((event) => event.type === 'container.create');
  return made?.type === 'container.create' ? containerOf(state, made.id) : undefined;
}

/** The path that the client itself did not find. */
async function missingDockerfile({ failure, world, t }: Case): Promise<Help | undefined> {
  if (failure.refusal || !failure.words.includes('build')) return undefined;
  const path = /(?:lstat|open|stat) (\/?\S+?): no such file/.exec(failure.output)?.[1];
  if (!path) return undefined;
  const directory = path.startsWith('/') ? path.slice(0, path.lastIndexOf('/')) || '/' : '/root';
  const names = await world.listFiles(directory);
  const wrong = path.split('/').at(-1)!;
  const near = nearest(wrong, names)[0];
  return help(
    [t.noDockerfile(path), t.files(directory, names.slice(0, 15))],
    near && `${failure.line.replace(/\s+-f\s+\S+/, '')} -f ${near}`,
    near ? [] : ['nano Dockerfile'],
  );
}

function buildStep({ failure, t }: Case): Help | undefined {
  const end = failure.events.findLast((event) => event.type === 'build.end');
  const step = failure.events.findLast((event) => event.type === 'build.step');
  if (end?.type !== 'build.end' || !end.error || step?.type !== 'build.step') return undefined;
  return help([t.buildStep(step.instruction, step.line), end.error]);
}

/** No answer at all, or one that no request was refused for: a push is refused by the registry. */
function noEngine({ failure, world, t }: Case): Help | undefined {
  const { state } = world;
  if (failure.words[1] === 'push' && /denied|unauthorized/.test(failure.output)) {
    const repository = failure.words.at(-1)!.replace(/:[^/]*$/, '');
    const official = !repository.includes('/');
    const account = Object.entries(state.logins).find(([key]) => key.includes('docker.io'))?.[1];
    const own = `${account ?? 'NAME'}/${repository.split('/').at(-1)}`;
    return help(
      [official ? t.pushOfficial(repository) : undefined, account ? t.pushAs(account) : t.notLoggedIn('docker.io')],
      undefined,
      account ? [`docker tag ${repository} ${own} && docker push ${own}`] : ['docker login'],
    );
  }
  if (
    /Cannot connect to the Docker daemon/.test(failure.output) &&
    !state.processes.some(({ comm }) => comm === 'dockerd')
  )
    return help([t.noEngine], undefined, ['service docker start']);
  return undefined;
}
