import type { Git } from '../git.ts';
import { isAncestor } from '../log/walk.ts';
import { parse } from '../options.ts';
import { Fatal, Misuse, Quit } from '../problem.ts';
import { openRemote } from '../remote/open.ts';
import { isNamed, remoteNames, remoteOf } from '../remote/remotes.ts';
import { isRefName } from '../store/refs.ts';
import { readConfigFile, setLocal, writeConfigFile } from './config.ts';
import { fetchFrom } from './fetch.ts';

export async function remote(git: Git, args: string[]): Promise<number> {
  const o = parse(git, args, 'v,verbose', { stop: true });
  const [name, ...rest] = o.operands;
  if (name === undefined || (name === 'show' && rest.length === 0)) return list(git, o.has('verbose'));
  const action = actions[name];
  if (!action) throw new Misuse(`Unknown subcommand: ${name}`);
  return action(git, o.has('verbose') ? ['-v', ...rest] : rest);
}

function list(git: Git, verbose: boolean): number {
  void git.repo;
  for (const name of remoteNames(git)) {
    const { url, pushUrls } = remoteOf(git, name);
    if (!verbose) git.out(`${name}\n`);
    else git.out(`${name}\t${url} (fetch)\n${pushUrls.map((one) => `${name}\t${one} (push)\n`).join('')}`);
  }
  return 0;
}

function needRemote(git: Git, name: string, mark = '', status = 2): void {
  if (isNamed(git, name)) return;
  git.error(`No such remote${mark} '${name}'`);
  throw new Quit(status);
}

const path = (git: Git): string => `${git.repo.gitDir}/config`;

async function add(git: Git, args: readonly string[]): Promise<number> {
  const o = parse(git, args, 'f,fetch tags t,track= m,master= mirror=?');
  const [name, url] = o.operands;
  if (name === undefined || url === undefined || o.operands.length > 2) throw new Misuse('');
  if (isNamed(git, name)) {
    git.error(`remote ${name} already exists.`);
    return 3;
  }
  if (!isRefName(name)) throw new Fatal(`'${name}' is not a valid remote name`);
  setLocal(git, `remote.${name}.url`, url);
  const tracks = o.values('track');
  for (const branch of tracks.length > 0 ? tracks : ['*'])
    writeConfigFile(
      git,
      readConfigFile(git, path(git)).add(
        `remote.${name}.fetch`,
        `+refs/heads/${branch}:refs/remotes/${name}/${branch}`,
      ),
    );
  git.reread();
  if (o.has('fetch')) {
    git.out(`Updating ${name}\n`);
    await fetchFrom(git, remoteOf(git, name), {
      specs: [],
      tags: undefined,
      prune: false,
      force: false,
      dry: false,
      quiet: false,
    });
  }
  return 0;
}

function remove(git: Git, [name]: readonly string[]): number {
  if (name === undefined) throw new Misuse('');
  needRemote(git, name, ':');
  let file = readConfigFile(git, path(git));
  const branches = git.config
    .subsections('branch')
    .filter((branch) => git.config.get(`branch.${branch}.remote`) === name);
  for (const branch of branches)
    file = file.unset(
      file.entries.filter(({ key }) => key === `branch.${branch}.remote` || key === `branch.${branch}.merge`),
    );
  writeConfigFile(git, file.removeSection(`remote.${name}`) ?? file);
  for (const [ref] of git.repo.refs.list(`refs/remotes/${name}/`)) git.repo.refs.delete(ref);
  git.repo.refs.delete(`refs/remotes/${name}/HEAD`);
  git.reread();
  return 0;
}

function rename(git: Git, [from, to]: readonly string[]): number {
  if (from === undefined || to === undefined) throw new Misuse('');
  needRemote(git, from, ':');
  if (isNamed(git, to)) {
    git.error(`remote ${to} already exists.`);
    return 3;
  }
  const branches = git.config
    .subsections('branch')
    .filter((branch) => git.config.get(`branch.${branch}.remote`) === from);
  const { fetch } = remoteOf(git, from);
  let file = readConfigFile(git, path(git)).renameSection(`remote.${from}`, `remote.${to}`)!;
  file = file.unset(file.entries.filter(({ key }) => key === `remote.${to}.fetch`));
  for (const one of fetch)
    file = file.add(`remote.${to}.fetch`, one.replace(`:refs/remotes/${from}/`, `:refs/remotes/${to}/`));
  for (const branch of branches) file = file.set(`branch.${branch}.remote`, to);
  writeConfigFile(git, file);
  const { refs } = git.repo;
  const head = refs.raw(`refs/remotes/${from}/HEAD`);
  refs.delete(`refs/remotes/${from}/HEAD`);
  for (const [ref, id] of refs.list(`refs/remotes/${from}/`)) {
    const entries = refs.entries(ref);
    const name = `refs/remotes/${to}/${ref.slice(`refs/remotes/${from}/`.length)}`;
    refs.delete(ref);
    refs.update(name, id, undefined);
    refs.setEntries(name, entries);
    refs.note(name, id, id, `remote: renamed ${ref} to ${name}`);
  }
  if (head && 'symbolic' in head)
    refs.setSymbolic(`refs/remotes/${to}/HEAD`, head.symbolic.replace(`refs/remotes/${from}/`, `refs/remotes/${to}/`));
  git.reread();
  return 0;
}

function setUrl(git: Git, args: readonly string[]): number {
  const o = parse(git, args, 'push add delete');
  const [name, url] = o.operands;
  if (name === undefined || url === undefined) throw new Misuse('');
  needRemote(git, name);
  if (o.has('delete')) throw new Fatal('drydock: git remote set-url --delete is not simulated');
  const key = `remote.${name}.${o.has('push') ? 'pushurl' : 'url'}`;
  const file = readConfigFile(git, path(git));
  writeConfigFile(git, o.has('add') ? file.add(key, url) : file.set(key, url));
  git.reread();
  return 0;
}

function getUrl(git: Git, args: readonly string[]): number {
  const o = parse(git, args, 'push all');
  const [name] = o.operands;
  if (name === undefined) throw new Misuse('');
  needRemote(git, name);
  const { url, pushUrls } = remoteOf(git, name);
  for (const one of o.has('push') ? pushUrls : [url]) git.out(`${one}\n`);
  return 0;
}

/** Branches of the remote and what they are here. */
async function show(git: Git, args: readonly string[]): Promise<number> {
  const o = parse(git, args, 'n');
  for (const name of o.operands) {
    if (!isNamed(git, name)) {
      git.err(`fatal: '${name}' does not appear to be a git repository\n`);
      throw new Fatal(
        'Could not read from remote repository.\n\nPlease make sure you have the correct access rights\nand the repository exists.',
      );
    }
    const { url, pushUrls } = remoteOf(git, name);
    const there = (await openRemote(git, url)).refs();
    const branches = [...there.refs].flatMap(([ref, id]) =>
      ref.startsWith('refs/heads/') ? [{ name: ref.slice(11), id }] : [],
    );
    const { refs } = git.repo;
    git.out(
      `* remote ${name}\n  Fetch URL: ${url}\n${pushUrls.map((one) => `  Push  URL: ${one}\n`).join('')}  HEAD branch: ${there.head?.slice(11) ?? '(unknown)'}\n`,
    );
    const own = branches.map((one) => ({ ...one, tracked: refs.id(`refs/remotes/${name}/${one.name}`) !== undefined }));
    const stale = refs
      .list(`refs/remotes/${name}/`)
      .map(([ref]) => ref.slice(`refs/remotes/${name}/`.length))
      .filter((one) => one !== 'HEAD' && !branches.some((b) => b.name === one));
    const lines = [
      ...own.map((one) => ({
        name: one.name,
        text: one.tracked ? 'tracked' : `new (next fetch will store in remotes/${name})`,
      })),
      ...stale.map((one) => ({
        name: `refs/remotes/${name}/${one}`,
        text: "stale (use 'git remote prune' to remove)",
      })),
    ];
    const width = Math.max(0, ...lines.map((one) => one.name.length));
    if (lines.length > 0)
      git.out(
        `  Remote branch${lines.length > 1 ? 'es' : ''}:\n${lines.map((one) => `    ${one.name.padEnd(width)} ${one.text}\n`).join('')}`,
      );
    const pulls = git.config
      .subsections('branch')
      .filter(
        (branch) => git.config.get(`branch.${branch}.remote`) === name && git.config.get(`branch.${branch}.merge`),
      )
      .sort();
    const wide = Math.max(0, ...pulls.map((one) => one.length));
    if (pulls.length > 0)
      git.out(
        `  Local branch${pulls.length > 1 ? 'es' : ''} configured for 'git pull':\n${pulls.map((one) => `    ${one.padEnd(wide)} merges with remote ${git.config.get(`branch.${one}.merge`)!.replace('refs/heads/', '')}\n`).join('')}`,
      );
    const both = own.filter((one) => refs.id(`refs/heads/${one.name}`));
    const long = Math.max(0, ...both.map((one) => one.name.length));
    if (both.length > 0)
      git.out(
        `  Local ref${both.length > 1 ? 's' : ''} configured for 'git push':\n${both.map((one) => `    ${one.name.padEnd(long)} pushes to ${one.name.padEnd(long)} (${pushState(git, refs.id(`refs/heads/${one.name}`)!, one.id)})\n`).join('')}`,
      );
  }
  return 0;
}

function pushState(git: Git, own: string, there: string): string {
  if (own === there) return 'up to date';
  return git.repo.objects.has(there) && isAncestor(git, there, own) ? 'fast-forwardable' : 'local out of date';
}

async function prune(git: Git, args: readonly string[]): Promise<number> {
  const o = parse(git, args, 'n,dry-run');
  for (const name of o.operands) {
    needRemote(git, name, '', 1);
    const { url } = remoteOf(git, name);
    const there = (await openRemote(git, url)).refs();
    const stale = git.repo.refs
      .list(`refs/remotes/${name}/`)
      .filter(
        ([ref]) => !ref.endsWith('/HEAD') && !there.refs.has(`refs/heads/${ref.slice(`refs/remotes/${name}/`.length)}`),
      );
    if (stale.length > 0) git.out(`Pruning ${name}\nURL: ${url}\n`);
    for (const [ref] of stale) {
      if (!o.has('dry-run')) git.repo.refs.delete(ref);
      git.out(` * [${o.has('dry-run') ? 'would prune' : 'pruned'}] ${ref.slice('refs/remotes/'.length)}\n`);
    }
  }
  return 0;
}

const refuse = (name: string) => (): never => {
  throw new Fatal(`drydock: git remote ${name} is not simulated`);
};

const actions: Readonly<Record<string, (git: Git, args: readonly string[]) => Promise<number> | number>> = {
  add,
  remove,
  rm: remove,
  rename,
  'set-url': setUrl,
  'get-url': getUrl,
  show,
  prune,
  'set-head': refuse('set-head'),
  'set-branches': refuse('set-branches'),
  update: refuse('update'),
};
