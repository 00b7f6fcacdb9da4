/** `python3`: real CPython (Pyodide) as a process of the simulated kernel. */
import type { Interpreter, PythonAnswer, PythonCall, PythonStart, PythonWorld } from '../../../port/index.ts';
import { isErrno } from '../../../spec/index.ts';
import { Killed } from '../../kernel/killed.ts';
import type { Program } from '../../kernel/program.ts';
import { signalNumbers } from '../../kernel/signals.ts';
import type { Sys } from '../../kernel/sys.ts';
import { findProgram } from '../core/find-program.ts';
import { answer } from './calls.ts';
import { type CommandLine, help, parseCommandLine, usage } from './command-line.ts';
import { compiledCode, keepCompiled } from './compiled-code.ts';
import { environmentOf, makeEnvironments } from './venv.ts';
import { lackingModules } from './versions.ts';

/** Bytes that an interpreter is taken to use: what a CPython with a web framework has resident. */
const residentBytes = 24 << 20;

export const python =
  (version: string, world: PythonWorld | undefined, hold: () => () => void): Program =>
  async (sys) => {
    const line = parseCommandLine(sys.argv.slice(1));
    const program = sys.argv[0] ?? 'python3';
    if (line.error) {
      await sys.write(2, `${line.error}\n${usage(program)}Try \`python -h' for more information.\n`);
      return 2;
    }
    if (line.only) {
      await sys.write(1, line.only === 'version' ? `Python ${version}\n` : help(program));
      return 0;
    }
    if (line.mode === 'module' && line.target === 'pip') return runPip(sys, line.args.slice(1));
    if (line.mode === 'module' && line.target === 'venv') return runVenv(sys, version, line.args.slice(1));
    if (!world) {
      await sys.write(2, 'drydock: python3: this world has no interpreter\n');
      return 126;
    }
    sys.setMemory(residentBytes);
    return runInterpreter(sys, { world, hold }, startOf(sys, version, line));
  };

/** `python -m pip`: pip is a program of its own here. */
async function runPip(sys: Sys, args: readonly string[]): Promise<number> {
  const prefix = environmentOf(sys, executableOf(sys))?.prefix ?? placeOf(sys).prefix;
  const path = [`${prefix}/bin/pip3`, `${prefix}/bin/pip`].find((one) => exists(sys, one));
  if (path) return sys.exec(path, [path, ...args]);
  await sys.write(2, `${executableOf(sys)}: No module named pip\n`);
  return 1;
}

/** `python -m venv`: what it makes knows the python that the caller named. */
function runVenv(sys: Sys, version: string, args: readonly string[]): Promise<number> {
  const { prefix } = placeOf(sys);
  const executable = executableOf(sys);
  const whole = executable.startsWith('/') ? executable : `${sys.getcwd()}/${executable}`;
  return makeEnvironments(sys, args, { version, executable: whole, prefix, sites: sitesOf(sys, prefix, version) });
}

/** Where packages are: upstream's one directory, or Debian's two. */
function sitesOf(sys: Sys, prefix: string, version: string): string[] {
  const short = version.split('.').slice(0, 2).join('.');
  const upstream = `${prefix}/lib/python${short}/site-packages`;
  if (exists(sys, upstream)) return [upstream];
  const debian = [`/usr/local/lib/python${short}/dist-packages`, '/usr/lib/python3/dist-packages'];
  return debian.filter((path) => exists(sys, path));
}

function executableOf(sys: Sys): string {
  const name = sys.argv[0] ?? 'python3';
  return name.includes('/') ? name : (findProgram(sys, name) ?? '/usr/bin/python3');
}

/** Where this python is installed: <prefix>/bin/python3. */
function placeOf(sys: Sys): { prefix: string } {
  let real = executableOf(sys);
  try {
    real = sys.realpath(real);
  } catch (error) {
    if (!isErrno(error)) throw error;
  }
  return { prefix: real.replace(/\/bin\/[^/]*$/, '') || '/usr' };
}

function startOf(sys: Sys, version: string, line: CommandLine): PythonStart & Record<string, unknown> {
  const { prefix } = placeOf(sys);
  const short = version.split('.').slice(0, 2).join('.');
  const library = `${prefix}/lib/python${short}`;
  const zip = `${prefix}/lib/python${short.replace('.', '')}.zip`;
  const environment = environmentOf(sys, executableOf(sys));
  const own = environment ? [`${environment.prefix}/lib/python${short}/site-packages`] : [];
  const site = environment && !environment.systemSite ? own : [...own, ...sitesOf(sys, prefix, version)];
  const directory = line.mode === 'file' ? directoryOf(sys, line.target) : line.mode === 'module' ? sys.getcwd() : '';
  return {
    argv: sys.argv,
    env: sys.env,
    cwd: sys.getcwd(),
    version,
    program: sys.argv[0],
    executable: executableOf(sys),
    prefix: environment?.prefix ?? prefix,
    base: prefix,
    library,
    path: [zip, library, `${library}/lib-dynload`, ...site],
    before: line.isolated ? [] : [directory],
    mode: line.mode,
    target: line.target,
    args: line.mode === 'file' ? [line.target, ...line.args.slice(1)] : line.args,
    unbuffered: line.unbuffered || Boolean(sys.env.PYTHONUNBUFFERED),
    inspect: line.inspect || Boolean(sys.env.PYTHONINSPECT),
    quiet: line.quiet,
    lacking: lackingModules,
    pid: sys.pid,
    ppid: sys.ppid,
    ignoresInterrupt: false,
  };
}

/** The directory of a script, links followed, as sys.path[0] has it. */
function directoryOf(sys: Sys, script: string): string {
  try {
    const path = sys.realpath(script);
    return path.slice(0, path.lastIndexOf('/')) || '/';
  } catch {
    return sys.getcwd();
  }
}

function exists(sys: Sys, path: string): boolean {
  try {
    sys.stat(path);
    return true;
  } catch (error) {
    if (!isErrno(error)) throw error;
    return false;
  }
}

interface Host {
  world: PythonWorld;
  /** While held, idle time is not skipped: the interpreter computes. */
  hold(): () => void;
}

async function runInterpreter(sys: Sys, port: Host, start: PythonStart): Promise<number> {
  let release = port.hold();
  let interpreter: Interpreter | undefined;
  let failed: (error: unknown) => void = () => {};
  const broken = new Promise<never>((_, reject) => {
    failed = reject;
  });
  const handled = (signal: number) => interpreter?.interrupt(signal);
  const reply = (call: PythonCall): PythonAnswer | Promise<PythonAnswer> => {
    try {
      if (call[0] === 'sigaction') return setAction(sys, call, handled);
      if (call[0] === 'compiled') return { value: compiledCode(call[1] as string) };
      if (call[0] === 'keepCompiled') return { value: keepCompiled(call[1] as string, call[2] as Uint8Array) };
      const now = answer(sys, call);
      if (!(now instanceof Promise)) return now;
      // While it waits it does not compute, and time may pass.
      release();
      return now.then(
        (value) => {
          release = port.hold();
          return value;
        },
        (error) => {
          failed(error);
          return never;
        },
      );
    } catch (error) {
      failed(error);
      return never;
    }
  };
  try {
    const begin = await port.world.load((await import('./guest-source.ts')).guestSource);
    interpreter = begin(start, reply);
    // An endless loop takes time as it would: what is due meanwhile (a timeout, a kill) comes.
    interpreter.onCompute((ms) => {
      void sys.burn(ms).catch(failed);
      release();
      release = port.hold();
    });
    const status = await Promise.race([interpreter.ended, broken, untilKilled(sys)]);
    return status === interrupted ? await dieOfInterrupt(sys) : status;
  } finally {
    interpreter?.terminate();
    release();
  }
}

const never = new Promise<never>(() => {});

/** What the interpreter ends with after an unhandled KeyboardInterrupt. */
const interrupted = -2;

/** As the real one does, so that the shell sees what ended it. */
async function dieOfInterrupt(sys: Sys): Promise<number> {
  sys.signal(signalNumbers.INT, 'default');
  sys.kill(sys.pid, signalNumbers.INT);
  await sys.preempt();
  return 130;
}

/** Rejects when a signal kills the process while it computes. */
async function untilKilled(sys: Sys): Promise<never> {
  for (;;) {
    try {
      await sys.pause();
    } catch (error) {
      if (error instanceof Killed || !isErrno(error)) throw error;
    }
  }
}

function setAction(sys: Sys, call: PythonCall, handled: (signal: number) => void): PythonAnswer {
  const [, signal, action] = call as [string, number, 'default' | 'ignore' | 'handle'];
  try {
    sys.signal(signal, action === 'handle' ? handled : action);
    return { value: null };
  } catch (error) {
    if (!isErrno(error)) throw error;
    return { errno: error.code };
  }
}
