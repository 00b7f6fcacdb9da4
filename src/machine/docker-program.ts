/** `/usr/bin/docker`: the CLI as a process of the simulated host. */
import { type CliHost, type CliInput, type CliOutput, main } from '../cli/index.ts';
import { RegistryClient } from '../registry/index.ts';
import {
  httpRequest,
  isPrivate,
  type Program,
  ResolveError,
  resolveHost,
  type SocketAddress,
  type Sys,
  signalNumbers,
} from '../sim/index.ts';
import { type Fetch, type Handler, header, isErrno } from '../spec/index.ts';
import { lookupFailure } from './lookup-failure.ts';
import { restarting } from './restarting.ts';
import { sysFiles } from './sys-files.ts';

export { completions } from '../cli/index.ts';

/** `hold` stops the host's clock until what it gives is called. */
export const dockerProgram =
  (hold: () => () => void): Program =>
  (sys) => {
    // As Go's runtime: writing to a closed pipe is an error; main tells what stdout's means.
    sys.signal(signalNumbers.PIPE, 'ignore');
    const loading = async <T>(code: Promise<T>): Promise<T> => {
      const release = hold();
      return code.finally(release);
    };
    const calls = restarting(sys);
    const [forced, onSignal] = thirdSignal(calls);
    return Promise.race([main({ ...cliHost(calls, argumentsOf(sys.argv)), onSignal, loading }), forced]);
  };

/** Compose under its old name, `docker-compose`, is the command of docker with its first words as that took them. */
function argumentsOf([program = '', ...given]: readonly string[]): string[] {
  if (!/(?:^|\/)docker-compose$/.test(program)) return given;
  const first = given.findIndex((arg) => !arg.startsWith('-'));
  const old: Readonly<Record<string, string>> = {
    '--verbose': '--debug',
    '-h': '--help',
    '--version': 'version',
    '-v': 'version',
  };
  const options = given.slice(0, first < 0 ? given.length : first).map((arg) => old[arg] ?? arg);
  const ofDocker = options.filter((arg) => arg === '--debug' || arg === '-D') as string[];
  return [...ofDocker, 'compose', ...options.filter((arg) => !ofDocker.includes(arg)), ...given.slice(options.length)];
}

/** A third SIGINT or SIGTERM ends the client, whatever it waits for. */
function thirdSignal(sys: Sys): [forced: Promise<number>, onSignal: CliHost['onSignal']] {
  let left = 3;
  let end: (status: number) => void = () => {};
  const forced = new Promise<number>((resolve) => {
    end = resolve;
  });
  const told = (signal: string): void => {
    if ((signal === 'SIGINT' || signal === 'SIGTERM') && --left === 0)
      void sys.write(2, '\ngot 3 SIGTERM/SIGINTs, forcefully exiting\n').then(() => end(1));
  };
  const onSignal: CliHost['onSignal'] = (listener) =>
    listenSignals(sys, (signal) => {
      listener(signal as Parameters<typeof listener>[0]);
      told(signal);
    });
  return [forced, onSignal];
}

const caught = ['INT', 'TERM', 'HUP', 'QUIT', 'USR1', 'USR2', 'CONT', 'TSTP', 'ALRM'] as const;

/** What the CLI needs, from a process's system calls. */
export function cliHost(sys: Sys, argv: readonly string[] = sys.argv.slice(1)): CliHost {
  const sizeListeners = new Set<() => void>();
  return {
    argv,
    env: sys.env,
    cwd: sys.getcwd(),
    stdin: input(sys),
    stdout: output(sys, 1),
    stderr: output(sys, 2),
    windowSize() {
      const fd = [1, 0, 2].find((one) => isTty(sys, one));
      return fd === undefined ? undefined : sys.winsize(fd);
    },
    onResize(listener) {
      const tellAll = () => {
        for (const tell of sizeListeners) tell();
      };
      if (sizeListeners.size === 0) sys.signal(signalNumbers.WINCH, tellAll);
      sizeListeners.add(listener);
      return () => void sizeListeners.delete(listener);
    },
    setRaw: (raw) => setRaw(sys, raw),
    setEcho(echo) {
      const termios = sys.tcgetattr(0);
      sys.tcsetattr(0, { ...termios, flags: { ...termios.flags, echo } });
    },
    onSignal: (listener) => listenSignals(sys, listener),
    files: sysFiles(sys),
    connect: (endpoint) => connect(sys, endpoint),
    registry: (origin, credentials) =>
      new RegistryClient({
        origin,
        fetch: processFetch(sys),
        ...(credentials && { credentials }),
        userAgent: 'Docker-Client/28.2.2 (linux)',
        now: () => sys.now(),
      }),
    now: () => sys.now(),
    pause: () => sys.preempt(64),
    async sleep(ms, signal) {
      if (signal?.aborted) return;
      let end: () => void = () => {};
      const ended = new Promise<void>((resolve) => {
        end = resolve;
      });
      signal?.addEventListener('abort', end);
      await Promise.race([sys.sleep(ms), ended]);
      signal?.removeEventListener('abort', end);
    },
    pluginPath: (name) =>
      pluginDirectories(sys)
        .map((directory) => `${directory}/docker-${name}`)
        .find((path) => exists(sys, path)),
    timezone: () => ({ offset: 0, name: 'UTC' }),
  };
}

/** Where docker looks for its plugins (cli-plugins/manager), the user's first. */
const pluginDirectories = (sys: Sys): string[] => [
  `${sys.env.HOME ?? '/root'}/.docker/cli-plugins`,
  ...['/usr/local/lib', '/usr/local/libexec', '/usr/lib', '/usr/libexec'].map((path) => `${path}/docker/cli-plugins`),
];

const exists = (sys: Sys, path: string): boolean => {
  try {
    sys.stat(path);
    return true;
  } catch (error) {
    if (!isErrno(error)) throw error;
    return false;
  }
};

const isTty = (sys: Sys, fd: number): boolean => {
  try {
    return sys.isatty(fd);
  } catch {
    return false; // closed
  }
};

function input(sys: Sys): CliInput {
  let pending: Promise<Uint8Array | null> | undefined;
  let giveUp: (() => void) | undefined;
  return {
    isTty: isTty(sys, 0),
    async read() {
      pending ??= sys.read(0).then((bytes) => (bytes.length > 0 ? bytes : null));
      const cancelled = new Promise<'cancelled'>((resolve) => {
        giveUp = () => resolve('cancelled');
      });
      const got = await Promise.race([pending, cancelled]);
      // What a cancelled read still brings is kept for the next one.
      if (got === 'cancelled') return null;
      pending = undefined;
      return got;
    },
    cancel: () => giveUp?.(),
  };
}

const output = (sys: Sys, fd: number): CliOutput => ({ isTty: isTty(sys, fd), write: (bytes) => sys.write(fd, bytes) });

const savedTermios = new WeakMap<Sys, ReturnType<Sys['tcgetattr']>>();

/** cfmakeraw(3), and back to what it was. */
function setRaw(sys: Sys, raw: boolean): void {
  if (!isTty(sys, 0)) return;
  if (!raw) {
    const saved = savedTermios.get(sys);
    if (saved) sys.tcsetattr(0, saved);
    return;
  }
  const now = sys.tcgetattr(0);
  savedTermios.set(sys, now);
  const off = [
    'ignbrk',
    'brkint',
    'parmrk',
    'istrip',
    'inlcr',
    'igncr',
    'icrnl',
    'ixon',
    'opost',
    'echo',
    'echonl',
    'icanon',
    'isig',
    'iexten',
  ];
  sys.tcsetattr(0, {
    ...now,
    vmin: 1,
    vtime: 0,
    flags: { ...now.flags, ...Object.fromEntries(off.map((name) => [name, false])) },
  });
}

function listenSignals(sys: Sys, listener: (signal: string) => void): () => void {
  for (const name of caught) sys.signal(signalNumbers[name], () => listener(`SIG${name}`));
  return () => {
    for (const name of caught) sys.signal(signalNumbers[name], 'default');
  };
}

/** A connection per request, to a unix socket or a TCP address as seen by this process. */
function connect(sys: Sys, endpoint: string): Handler {
  return async (request) => {
    const address = await addressOf(sys, endpoint);
    const hijack = header(request, 'upgrade') !== undefined;
    const response = await httpRequest(sys, address, withHost(request, endpoint), { hijack });
    return response.status === 101 ? { ...response, status: 200 } : response;
  };
}

/** HTTP from this process; who is on a private address speaks no TLS (as `curl` finds). */
const processFetch =
  (sys: Sys): Fetch =>
  async (url, request) => {
    const { protocol, hostname, host, port, pathname, search } = new URL(url);
    const secure = protocol === 'https:';
    const address = await addressOf(sys, `tcp://${hostname}:${port || (secure ? 443 : 80)}`);
    const at = address.family === 'inet' ? `${address.address}:${address.port}` : '';
    const message = { ...request, target: pathname + search, headers: withHostName(request.headers, host) };
    const response = await httpRequest(sys, address, message).catch((error: unknown) => {
      if (!isErrno(error)) throw error;
      throw new Error(`dial tcp ${at}: connect: ${error.message.toLowerCase()}`);
    });
    if (secure && isPrivate(at)) throw new Error('http: server gave HTTP response to HTTPS client');
    return response;
  };

const withHostName = (headers: Parameters<Fetch>[1]['headers'], host: string): Parameters<Fetch>[1]['headers'] =>
  header({ headers }, 'host') === undefined ? [['Host', host], ...headers] : headers;

const withHost = (request: Parameters<Handler>[0], endpoint: string): Parameters<Handler>[0] => {
  if (header(request, 'host') !== undefined) return request;
  const host = /^\w+:\/\/([^/]+)/.exec(endpoint)?.[1] ?? 'api.moby.localhost';
  return { ...request, headers: [['Host', host], ...request.headers] };
};

async function addressOf(sys: Sys, endpoint: string): Promise<SocketAddress> {
  const unix = /^unix:\/\/(.*)$/.exec(endpoint)?.[1];
  if (unix !== undefined) return { family: 'unix', path: unix };
  const url = new URL(endpoint.replace(/^tcp:/, 'http:'));
  const [address] = await resolveHost(sys, url.hostname).catch(async (error) => {
    throw error instanceof ResolveError ? new Error(await lookupFailure(sys, url.hostname)) : error;
  });
  return { family: 'inet', address: address!, port: Number(url.port || 2375) };
}
