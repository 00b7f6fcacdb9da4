/**
 * update-alternatives(1): symbolic links that several packages may provide. Its records lie in
 * /var/lib/dpkg/alternatives/NAME in dpkg's format: status, link, slaves (name, link), then for each choice its path,
 * priority and one line per slave.
 */
import type { Program } from '../../../kernel/program.ts';
import type { Sys } from '../../../kernel/sys.ts';
import { exists, makeDirectories, readText, removeQuietly, writeText } from '../sys-files.ts';

const records = '/var/lib/dpkg/alternatives';
const links = '/etc/alternatives';

interface Choice {
  path: string;
  priority: number;
  /** Slave's name -> path. */
  slaves: Map<string, string>;
}

interface Group {
  name: string;
  auto: boolean;
  link: string;
  /** Name -> link. */
  slaves: Map<string, string>;
  choices: Choice[];
}

class AlternativesError extends Error {}

export const updateAlternatives: Program = async (sys) => {
  const words = sys.argv.slice(1);
  const quiet = words.includes('--quiet');
  const rest = words.filter((word) => !['--quiet', '--force', '--verbose', '--skip-auto'].includes(word));
  const [action = '', ...args] = rest;
  const run = actions[action];
  try {
    if (['--all', '--set-selections'].includes(action)) return notSimulated(sys, action);
    if (!run) throw new AlternativesError(action === '' ? usage : `unknown option '${action}'`);
    return await run(sys, args, quiet);
  } catch (error) {
    if (!(error instanceof AlternativesError)) throw error;
    await sys.write(2, `update-alternatives: error: ${error.message}\n`);
    return 2;
  }
};

async function notSimulated(sys: Sys, action: string): Promise<number> {
  await sys.write(2, `drydock: update-alternatives ${action} is not simulated\n`);
  return 2;
}

const usage = `need --display, --query, --list, --get-selections, --config, --set, --set-selections, --install, --remove, --all, --remove-all or --auto`;

const actions: Record<string, (sys: Sys, args: string[], quiet: boolean) => Promise<number>> = {
  '--install': install,
  '--remove': remove,
  '--remove-all': async (sys, [name = '']) => {
    drop(sys, known(sys, name));
    return 0;
  },
  '--auto': async (sys, [name = ''], quiet) => {
    const group = known(sys, name);
    group.auto = true;
    await point(sys, group, best(group)!, 'auto', quiet);
    save(sys, group);
    return 0;
  },
  '--set': async (sys, [name = '', path = ''], quiet) => {
    const group = known(sys, name);
    const choice = group.choices.find((one) => one.path === path);
    if (!choice) throw new AlternativesError(`alternative ${path} for ${name} not registered; not setting`);
    group.auto = false;
    await point(sys, group, choice, 'manual', quiet);
    save(sys, group);
    return 0;
  },
  '--list': async (sys, [name = '']) => {
    await sys.write(
      1,
      known(sys, name)
        .choices.map(({ path }) => `${path}\n`)
        .join(''),
    );
    return 0;
  },
  '--display': display,
  '--query': query,
  '--config': config,
  '--get-selections': async (sys) => {
    const groups = sys.readdir(records).map(({ name }) => known(sys, name));
    const line = (group: Group) =>
      `${group.name.padEnd(30)} ${(group.auto ? 'auto' : 'manual').padEnd(8)} ${current(sys, group) ?? ''}\n`;
    await sys.write(1, groups.map(line).join(''));
    return 0;
  },
};

async function install(sys: Sys, args: string[], quiet: boolean): Promise<number> {
  const [link = '', name = '', path = '', priority = '', ...rest] = args;
  if (!priority) throw new AlternativesError('--install needs <link> <name> <path> <priority>');
  if (!link.startsWith('/')) throw new AlternativesError(`alternative link is not absolute as it should be: ${link}`);
  if (!exists(sys, path)) throw new AlternativesError(`alternative path ${path} doesn't exist`);
  const group = load(sys, name) ?? { name, auto: true, link, slaves: new Map(), choices: [] };
  const slaves = new Map<string, string>();
  for (let at = 0; rest[at] === '--slave'; at += 4) {
    group.slaves.set(rest[at + 2]!, rest[at + 1]!);
    slaves.set(rest[at + 2]!, rest[at + 3]!);
  }
  group.choices = [...group.choices.filter((one) => one.path !== path), { path, priority: Number(priority), slaves }];
  group.choices.sort((a, b) => (a.path < b.path ? -1 : 1));
  if (group.auto) await point(sys, group, best(group)!, 'auto', quiet);
  save(sys, group);
  return 0;
}

async function remove(sys: Sys, [name = '', path = '']: string[], quiet: boolean): Promise<number> {
  const group = load(sys, name);
  if (!group?.choices.some((one) => one.path === path)) return 0;
  const was = current(sys, group);
  group.choices = group.choices.filter((one) => one.path !== path);
  const next = best(group);
  if (!next) {
    drop(sys, group);
    return 0;
  }
  if (was === path) {
    if (!group.auto) {
      await warn(sys, `removing manually selected alternative - switching ${name} to auto mode`);
      group.auto = true;
    }
    await point(sys, group, next, 'auto', quiet);
  }
  save(sys, group);
  return 0;
}

/** Links of the group and of its slaves are set to a choice; nothing is said when they were. */
async function point(sys: Sys, group: Group, choice: Choice, mode: string, quiet: boolean): Promise<void> {
  if (current(sys, group) !== choice.path || !exists(sys, group.link)) {
    if (!quiet) {
      const text = `using ${choice.path} to provide ${group.link} (${group.name}) in ${mode} mode`;
      await sys.write(1, `update-alternatives: ${text}\n`);
    }
    link(sys, `${links}/${group.name}`, choice.path);
    link(sys, group.link, `${links}/${group.name}`);
  }
  for (const [name, to] of group.slaves) await pointSlave(sys, group, name, to, choice.slaves.get(name));
}

async function pointSlave(sys: Sys, group: Group, name: string, to: string, path: string | undefined): Promise<void> {
  if (path !== undefined && exists(sys, path)) {
    link(sys, `${links}/${name}`, path);
    link(sys, to, `${links}/${name}`);
    return;
  }
  removeQuietly(sys, to);
  removeQuietly(sys, `${links}/${name}`);
  if (path === undefined) return;
  await warn(sys, `skip creation of ${to} because associated file ${path} (of link group ${group.name}) doesn't exist`);
}

const warn = (sys: Sys, text: string) => sys.write(2, `update-alternatives: warning: ${text}\n`);

function link(sys: Sys, path: string, target: string): void {
  makeDirectories(sys, path.slice(0, path.lastIndexOf('/')));
  removeQuietly(sys, path);
  sys.symlink(target, path);
}

function drop(sys: Sys, group: Group): void {
  for (const [name, to] of [[group.name, group.link] as const, ...group.slaves]) {
    removeQuietly(sys, to);
    removeQuietly(sys, `${links}/${name}`);
  }
  removeQuietly(sys, `${records}/${group.name}`);
}

/** Of equals the first one stays. */
const best = ({ choices }: Group): Choice | undefined =>
  choices.reduce<Choice | undefined>((top, one) => (!top || one.priority > top.priority ? one : top), undefined);

function current(sys: Sys, { name }: Group): string | undefined {
  const path = `${links}/${name}`;
  return exists(sys, path) ? sys.readlink(path) : undefined;
}

function known(sys: Sys, name: string): Group {
  const group = load(sys, name);
  if (!group) throw new AlternativesError(`no alternatives for ${name}`);
  return group;
}

function load(sys: Sys, name: string): Group | undefined {
  const text = readText(sys, `${records}/${name}`);
  if (text === undefined) return undefined;
  const lines = text.split('\n');
  const take = () => lines.shift() ?? '';
  const group: Group = { name, auto: take() === 'auto', link: take(), slaves: new Map(), choices: [] };
  for (let slave = take(); slave !== ''; slave = take()) group.slaves.set(slave, take());
  for (let path = take(); path !== ''; path = take()) {
    const choice: Choice = { path, priority: Number(take()), slaves: new Map() };
    for (const slave of group.slaves.keys()) {
      const file = take();
      if (file !== '') choice.slaves.set(slave, file);
    }
    group.choices.push(choice);
  }
  return group;
}

function save(sys: Sys, { name, auto, link: to, slaves, choices }: Group): void {
  const lines = [auto ? 'auto' : 'manual', to, ...[...slaves].flat(), ''];
  for (const choice of choices) {
    lines.push(choice.path, String(choice.priority), ...[...slaves.keys()].map((one) => choice.slaves.get(one) ?? ''));
  }
  makeDirectories(sys, records);
  writeText(sys, `${records}/${name}`, `${[...lines, ''].join('\n')}\n`);
}

async function display(sys: Sys, [name = '']: string[]): Promise<number> {
  const group = known(sys, name);
  const to = current(sys, group);
  const lines = [`${name} - ${group.auto ? 'auto' : 'manual'} mode`];
  lines.push(`  link best version is ${best(group)!.path}`, `  link currently points to ${to ?? '(none)'}`);
  lines.push(`  link ${name} is ${group.link}`);
  for (const [slave, path] of group.slaves) lines.push(`  slave ${slave} is ${path}`);
  for (const choice of group.choices) {
    lines.push(`${choice.path} - priority ${choice.priority}`);
    for (const [slave, path] of choice.slaves) lines.push(`  slave ${slave}: ${path}`);
  }
  await sys.write(1, `${lines.join('\n')}\n`);
  return 0;
}

async function query(sys: Sys, [name = '']: string[]): Promise<number> {
  const group = known(sys, name);
  const slaves = (of: ReadonlyMap<string, string>) =>
    of.size > 0 ? [`Slaves:`, ...[...of].map(([slave, path]) => ` ${slave} ${path}`)] : [];
  const head = [`Name: ${name}`, `Link: ${group.link}`, ...slaves(group.slaves)];
  head.push(`Status: ${group.auto ? 'auto' : 'manual'}`, `Best: ${best(group)!.path}`);
  head.push(`Value: ${current(sys, group) ?? 'none'}`);
  const choices = group.choices.map((one) =>
    [`Alternative: ${one.path}`, `Priority: ${one.priority}`, ...slaves(one.slaves)].join('\n'),
  );
  await sys.write(1, `${[head.join('\n'), ...choices].join('\n\n')}\n`);
  return 0;
}

async function config(sys: Sys, [name = '']: string[], quiet: boolean): Promise<number> {
  const group = known(sys, name);
  if (group.choices.length === 1) {
    const only = group.choices[0]!.path;
    await sys.write(
      1,
      `There is only one alternative in link group ${name} (providing ${group.link}): ${only}\nNothing to configure.\n`,
    );
    return 0;
  }
  await sys.write(1, menu(sys, group));
  const answer = await readLine(sys);
  if (answer === undefined || answer === '') return 0;
  const choice = answer === '0' ? best(group) : (group.choices[Number(answer) - 1] ?? byPath(group, answer));
  if (!choice) throw new AlternativesError(`invalid choice: ${answer}`);
  group.auto = answer === '0';
  await point(sys, group, choice, group.auto ? 'auto' : 'manual', quiet);
  save(sys, group);
  return 0;
}

const byPath = ({ choices }: Group, path: string): Choice | undefined => choices.find((one) => one.path === path);

function menu(sys: Sys, group: Group): string {
  const to = current(sys, group);
  const width = Math.max(4, ...group.choices.map(({ path }) => path.length));
  const row = (mark: boolean, number: string, one: Choice, mode: string) =>
    `${mark ? '*' : ' '} ${number.padEnd(12)} ${one.path.padEnd(width)}  ${String(one.priority).padStart(4).padEnd(10)} ${mode}\n`;
  const rows = group.choices.map((one, i) => row(!group.auto && to === one.path, String(i + 1), one, 'manual mode'));
  return [
    `There are ${group.choices.length} choices for the alternative ${group.name} (providing ${group.link}).\n\n`,
    `  ${'Selection'.padEnd(12)} ${'Path'.padEnd(width)}  ${'Priority'.padEnd(10)} Status\n`,
    `${'-'.repeat(width + 41)}\n`,
    row(group.auto, '0', best(group)!, 'auto mode'),
    ...rows,
    '\nPress <enter> to keep the current choice[*], or type selection number: ',
  ].join('');
}

/** Undefined at the end of input. */
async function readLine(sys: Sys): Promise<string | undefined> {
  let line = '';
  for (;;) {
    const bytes = await sys.read(0, 1);
    if (bytes.length === 0) return line === '' ? undefined : line;
    const letter = String.fromCharCode(bytes[0]!);
    if (letter === '\n') return line.trim();
    line += letter;
  }
}
