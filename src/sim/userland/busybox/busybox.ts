import type { Content } from '../../../spec/index.ts';
import type { Program } from '../../kernel/program.ts';
import type { Sys } from '../../kernel/sys.ts';
import { commands } from '../commands.ts';
import { baseName, type CommandSpec, execute, type HelpTexts } from '../core/command.ts';
import { findProgram } from '../core/find-program.ts';
import { appletNames } from '../program-files.ts';
import { ash, greetingAsh } from '../shell/index.ts';
import texts from './usages.json' with { type: 'json' };

export interface BusyboxBuild {
  /** After `BusyBox v`: version, and in parentheses when it was built. A real binary's own says what it is instead. */
  version: string;
  /** getopt's messages are musl's. */
  musl: boolean;
  /** Its shell says who it is when someone is typing. */
  greets?: boolean;
}

/**
 * What `busybox APPLET --help` prints after "Usage: ": 1.37.0 of the busybox image, and where it says something else
 * 1.36.1 of Alpine. Recorded by scripts/record-busybox-usages.mjs.
 */
const usages: Readonly<Record<string, string>> = texts.usages;
const alpineUsages: Readonly<Record<string, string>> = texts.alpineUsages;

const byName = new Map<string, CommandSpec>(commands.filter((spec) => spec.applet).map((spec) => [spec.name, spec]));

const title = (build: BusyboxBuild): string => `BusyBox v${build.version} multi-call binary.\n`;

const greetingOf = (build: BusyboxBuild): string =>
  `\n\nBusyBox v${build.version} built-in shell (ash)\nEnter 'help' for a list of built-in commands.\n\n`;

function textsOf(build: BusyboxBuild): HelpTexts {
  const usage = (name: string): string => {
    const text = (build.musl ? alpineUsages[name] : undefined) ?? usages[name];
    return text === undefined ? `${title(build)}\nNo help available\n` : `${title(build)}\nUsage: ${text}\n`;
  };
  return { help: (c) => usage(c.spec.name), afterError: (c) => usage(c.spec.name), musl: build.musl };
}

/** Lines of applet names, broken as the real binary breaks them: at 80 columns after a leading tab. */
function appletLines(build: BusyboxBuild): string {
  let out = '';
  let column = 0;
  for (const name of appletNames(build.musl)) {
    if (column > 0 && column + name.length + 3 > 79) {
      out += ',\n\t';
      column = 8;
    } else if (column === 0) {
      out += '\t';
      column = 8;
    } else out += ', ';
    out += name;
    column += name.length + 2;
  }
  return `${out}\n`;
}

const intro = (build: BusyboxBuild): string => `${title(build)}BusyBox is copyrighted by many authors between 1998-2015.
Licensed under GPLv2. See source distribution for detailed
copyright notices.

Usage: busybox [function [arguments]...]
   or: busybox --list[-full]
   or: busybox --show SCRIPT
   or: busybox --install [-s] [DIR]
   or: function [arguments]...

	BusyBox is a multi-call binary that combines many common Unix
	utilities into a single executable.  Most people will create a
	link to busybox for each function they wish to use and BusyBox
	will act like whatever it was invoked as.

Currently defined functions:
`;

async function install(sys: Sys, build: BusyboxBuild, args: readonly string[]): Promise<number> {
  const symbolic = args.includes('-s');
  const directory = args.find((arg) => !arg.startsWith('-')) ?? '/bin';
  const self = '/bin/busybox';
  let status = 0;
  for (const name of appletNames(build.musl)) {
    try {
      if (symbolic) sys.symlink(self, `${directory}/${name}`);
      else sys.link(self, `${directory}/${name}`);
    } catch (error) {
      await sys.write(2, `busybox: ${directory}/${name}: ${(error as Error).message}\n`);
      status = 0;
    }
  }
  return status;
}

async function multiCall(sys: Sys, build: BusyboxBuild, args: readonly string[]): Promise<number> {
  const [first, ...rest] = args;
  if (first === undefined || first === '--help') {
    if (first !== undefined && rest[0]) return runApplet(sys, build, rest[0], ['--help']);
    await sys.write(1, intro(build) + appletLines(build));
    return 0;
  }
  if (first === '--list' || first === '--list-full') {
    const prefix = first === '--list-full' ? 'bin/' : '';
    await sys.write(
      1,
      appletNames(build.musl)
        .map((name) => `${prefix}${name}\n`)
        .join(''),
    );
    return 0;
  }
  if (first === '--install') return install(sys, build, rest);
  return runApplet(sys, build, baseName(first), rest);
}

async function runApplet(sys: Sys, build: BusyboxBuild, name: string, args: readonly string[]): Promise<number> {
  if (name === 'busybox') return multiCall(sys, build, args);
  if (name === 'sh' || name === 'ash') return shell(sys, build, name, args);
  const spec = byName.get(name);
  if (spec) {
    sys.setComm(name);
    return execute(sys, spec, 'busybox', textsOf(build), name, args);
  }
  if (appletNames(build.musl).includes(name)) {
    await sys.write(2, `${name}: drydock: the applet ${name} is not simulated\n`);
    return 1;
  }
  await sys.write(2, `${name}: applet not found\n`);
  return 127;
}

/** Called as sh, this process is the shell; `busybox sh` becomes one. */
async function shell(sys: Sys, build: BusyboxBuild, name: string, args: readonly string[]): Promise<number> {
  if (baseName(sys.argv[0] ?? '').replace(/^-/, '') === name) {
    return build.greets ? greetingAsh(greetingOf(build))(sys) : ash(sys);
  }
  return sys.exec(findProgram(sys, sys.argv[0]!), [name, ...args], sys.env);
}

const versions = new WeakMap<Content, string | undefined>();

/** What a real binary has among its strings. */
function versionIn(binary: Content): string | undefined {
  if (!versions.has(binary)) {
    const text = new TextDecoder('latin1').decode(binary.read(0, binary.size));
    versions.set(binary, /BusyBox v(\d[\w.]* \([^)\0]*\))/.exec(text)?.[1]);
  }
  return versions.get(binary);
}

function runningBuild(sys: Sys, build: BusyboxBuild): BusyboxBuild {
  if (!build.greets) return build;
  try {
    const fd = sys.openSync('/proc/self/exe');
    const binary = sys.fileContent(fd);
    sys.close(fd);
    return { ...build, version: (binary && versionIn(binary)) ?? build.version };
  } catch {
    return build;
  }
}

/** The busybox binary: looks at argv[0], then at argv[1]. */
export function busyboxProgram(build: BusyboxBuild): Program {
  return (sys) =>
    runApplet(sys, runningBuild(sys, build), baseName(sys.argv[0] ?? 'busybox').replace(/^-/, ''), sys.argv.slice(1));
}
