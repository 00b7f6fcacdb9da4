import type { Git } from '../git.ts';
import { runHook } from '../hooks.ts';
import { isAncestor } from '../log/walk.ts';
import { type Options, parse } from '../options.ts';
import { Fatal } from '../problem.ts';
import { openRemote, type RemoteRepository } from '../remote/open.ts';
import { isNamed, mapped, parseRefSpec, type RemoteConfig, remoteOf } from '../remote/remotes.ts';
import { bring } from '../remote/transfer.ts';
import type { Repository } from '../repository.ts';
import { fullRef, resolve, shortId } from '../revision.ts';
import { noId } from '../store/objects.ts';
import { shortRef, upstreamOf } from '../upstream.ts';
import { configureUpstream } from './branch.ts';
import { defaultRemote } from './fetch.ts';

interface Update {
  /** Here; empty: it is deleted over there. */
  from: string;
  id: string;
  to: string;
  force: boolean;
}

interface Outcome {
  code: '*' | ' ' | '+' | '-' | '!' | '=';
  summary: string;
  note?: string;
}

const noDestination = `No configured push destination.
Either specify the URL from the command-line or configure a remote repository using

    git remote add <name> <url>

and then push using the remote name

    git push <name>
`;

/** What push.default says to push. */
function defaultUpdate(git: Git, remote: RemoteConfig, setUpstream: boolean): Update[] {
  const { refs } = git.repo;
  const mode = git.config.get('push.default') ?? 'simple';
  if (mode === 'nothing') throw new Fatal('You didn\'t specify any refspecs to push, and push.default is "nothing".');
  if (mode === 'matching') throw new Fatal('drydock: push.default=matching is not simulated');
  const head = refs.head();
  if (!head) {
    throw new Fatal(
      `You are not currently on a branch.\nTo push the history leading to the current (detached HEAD)\nstate now, use\n\n    git push ${remote.name} HEAD:<name-of-remote-branch>\n`,
    );
  }
  const branch = shortRef(head);
  const id = refs.id(head);
  if (!id) throw new Fatal(`drydock: nothing to push`);
  if (mode === 'current') return [{ from: head, id, to: head, force: false }];
  const up = upstreamOf(git, branch);
  const auto = setUpstream || git.config.bool('push.autosetupremote', false);
  const triangular = up === undefined ? false : up.remote !== remote.name;
  if (!up && auto) return [{ from: head, id, to: head, force: false }];
  if (!up && remote.name !== defaultRemote(git)) return [{ from: head, id, to: head, force: false }];
  if (!up)
    throw new Fatal(
      `The current branch ${branch} has no upstream branch.\nTo push the current branch and set the remote as upstream, use\n\n    git push --set-upstream ${remote.name} ${branch}\n\nTo have this happen automatically for branches without a tracking\nupstream, see 'push.autoSetupRemote' in 'git help config'.\n`,
    );
  if (mode === 'simple' && !triangular && up.merge !== head)
    throw new Fatal(
      `The upstream branch of your current branch does not match\nthe name of your current branch.  To push to the upstream branch\non the remote, use\n\n    git push ${remote.name} HEAD:${shortRef(up.merge)}\n\nTo push to the branch of the same name on the remote, use\n\n    git push ${remote.name} HEAD\n\nTo choose either option permanently, see push.default in 'git help config'.\n`,
    );
  return [{ from: head, id, to: triangular ? head : up.merge, force: false }];
}

function updatesOf(
  git: Git,
  o: Options,
  remote: RemoteConfig,
  there: ReadonlyMap<string, string>,
  words: readonly string[],
): Update[] {
  const { refs } = git.repo;
  const force = o.has('force', 'force-with-lease');
  const all = (prefix: string): Update[] => refs.list(prefix).map(([ref, id]) => ({ from: ref, id, to: ref, force }));
  if (o.has('mirror')) throw new Fatal('drydock: git push --mirror is not simulated');
  const extra = [...(o.has('all', 'branches') ? all('refs/heads/') : []), ...(o.has('tags') ? all('refs/tags/') : [])];
  const list: Update[] = [];
  for (let i = 0; i < words.length; i++) {
    const word = words[i] === 'tag' && words[i + 1] ? `refs/tags/${words[++i]}` : words[i]!;
    const spec = parseRefSpec(o.has('delete') ? `:${word}` : word);
    if (spec.from.includes('*')) {
      for (const [ref, id] of refs.list()) {
        const to = mapped({ from: spec.from, to: spec.to || spec.from }, ref);
        if (to) list.push({ from: ref, id, to, force: force || spec.force });
      }
      continue;
    }
    list.push(oneUpdate(git, spec, there, force, word));
  }
  if (list.length > 0 || extra.length > 0) return [...list, ...extra];
  return defaultUpdate(git, remote, o.has('set-upstream')).map((one) => ({ ...one, force }));
}

function oneUpdate(
  git: Git,
  spec: ReturnType<typeof parseRefSpec>,
  there: ReadonlyMap<string, string>,
  force: boolean,
  word: string,
): Update {
  const { refs } = git.repo;
  if (spec.from === '') {
    const to = [spec.to, `refs/heads/${spec.to}`, `refs/tags/${spec.to}`].find((one) => there.has(one));
    if (!to) {
      git.error(`unable to delete '${spec.to}': remote ref does not exist`);
      throw new PushFailed();
    }
    return { from: '', id: noId, to, force: true };
  }
  const full = spec.from === 'HEAD' ? refs.target('HEAD') : fullRef(git, spec.from);
  const id = resolve(git, spec.from);
  if (!id) {
    git.error(`src refspec ${spec.from} does not match any`);
    throw new PushFailed();
  }
  const kind = full?.startsWith('refs/tags/') ? 'refs/tags/' : 'refs/heads/';
  const known = [spec.to, `refs/heads/${spec.to}`, `refs/tags/${spec.to}`].find(
    (one) => spec.to !== '' && there.has(one),
  );
  const to =
    spec.to === ''
      ? full
      : spec.to.startsWith('refs/')
        ? spec.to
        : (known ?? (full && full !== 'HEAD' ? kind + spec.to : undefined));
  if (!to || to === 'HEAD') {
    git.error(
      `The destination you provided is not a full refname (i.e.,\nstarting with "refs/"). We tried to guess what you meant by:\n\n- Looking for a ref that matches '${spec.to || word}' on the remote side.\n- Checking if the <src> being pushed ('${spec.from}')\n  is a ref in "refs/{heads,tags}/". If so we add a corresponding\n  refs/{heads,tags}/ prefix on the remote side.\n\nNeither worked, so we gave up. You must fully qualify the ref.`,
    );
    throw new PushFailed();
  }
  return { from: full && full !== 'HEAD' ? full : spec.from, id, to, force: force || spec.force };
}

/** What was said is followed by the line on the whole push. */
class PushFailed extends Error {}

export async function push(git: Git, args: string[]): Promise<number> {
  const o = parse(
    git,
    args,
    'v,verbose q,quiet repo= all branches mirror d,delete tags n,dry-run porcelain f,force force-with-lease=? force-if-includes recurse-submodules= thin receive-pack= u,set-upstream progress prune no-verify follow-tags signed=? atomic o,push-option= 4,ipv4 6,ipv6',
  );
  for (const name of ['prune', 'follow-tags', 'signed', 'porcelain', 'push-option'])
    if (o.has(name)) throw new Fatal(`drydock: git push --${name} is not simulated`);
  void git.repo;
  const [word = o.value('repo'), ...specs] = o.operands;
  const name = word ?? defaultRemote(git);
  if (word === undefined && !isNamed(git, name)) throw new Fatal(noDestination);
  if (o.has('delete') && specs.length === 0) throw new Fatal("--delete doesn't make sense without any refs");
  const remote = remoteOf(git, name);
  let status = 0;
  for (const url of remote.pushUrls) status = (await pushTo(git, o, remote, url, specs)) || status;
  return status;
}

async function pushTo(
  git: Git,
  o: Options,
  remote: RemoteConfig,
  url: string,
  specs: readonly string[],
): Promise<number> {
  // What is not said of the refs must not wait for the other side.
  if (specs.length === 0 && !o.has('all', 'branches', 'tags', 'mirror'))
    defaultUpdate(git, remote, o.has('set-upstream'));
  const there = await openRemote(git, url);
  if (!there.local) throw new Fatal('drydock: git push over HTTP is not simulated');
  const failed = (): number => {
    git.err(`error: failed to push some refs to '${url}'\n`);
    return 1;
  };
  let updates: Update[];
  try {
    updates = updatesOf(git, o, remote, there.refs().refs, specs);
  } catch (error) {
    if (!(error instanceof PushFailed)) throw error;
    return failed();
  }
  if (!o.has('no-verify') && (await runHook(git, 'pre-push', [remote.name, url])) !== 0) return failed();
  const done: [Update, Outcome][] = [];
  for (const update of updates) done.push([update, await pushOne(git, there, there.local, update, o.has('dry-run'))]);
  const news = done.filter(([, { code }]) => code !== '=');
  if (news.length > 0 && !(o.has('quiet') && news.every(([, { code }]) => code !== '!'))) report(git, url, news);
  if (!o.has('dry-run')) for (const [update, { code }] of done) if (code !== '!') remember(git, o, remote, update);
  const bad = done.filter(([, { code }]) => code === '!');
  if (bad.length === 0) {
    if (news.length === 0 && !o.has('quiet')) git.err('Everything up-to-date\n');
    return 0;
  }
  failed();
  hints(git, bad);
  return 1;
}

async function pushOne(
  git: Git,
  remote: RemoteRepository,
  there: Repository,
  { from, id, to, force }: Update,
  dry: boolean,
): Promise<Outcome> {
  const old = there.refs.id(to);
  const kind = to.startsWith('refs/tags/') ? 'tag' : to.startsWith('refs/heads/') ? 'branch' : 'reference';
  if (from === '') {
    if (there.refs.head() === to && there.workTree !== undefined)
      return { code: '!', summary: '[remote rejected]', note: '(deletion of the current branch prohibited)' };
    if (!dry) there.refs.delete(to);
    return { code: '-', summary: '[deleted]' };
  }
  if (old === id) return { code: '=', summary: '[up to date]' };
  const forward =
    old === undefined ||
    (git.repo.objects.has(old) && git.repo.objects.read(old)?.type === 'commit' && isAncestor(git, old, id));
  if (old && kind === 'tag' && !force) return { code: '!', summary: '[rejected]', note: '(already exists)' };
  if (!forward && !force)
    return {
      code: '!',
      summary: '[rejected]',
      note: git.repo.objects.has(old!) ? '(non-fast-forward)' : '(fetch first)',
    };
  if (there.refs.head() === to && there.workTree !== undefined && old !== undefined) {
    const config = git.sys && readDeny(git, there);
    if (config !== 'ignore' && config !== 'warn') {
      for (const line of refusal(to)) git.err(`remote: ${line}\n`);
      return { code: '!', summary: '[remote rejected]', note: '(branch is currently checked out)' };
    }
  }
  if (!dry) {
    await bring(git, { url: remote.url, read: async (one) => git.repo.objects.read(one) }, there.objects, [id]);
    there.refs.update(to, id, 'push');
  }
  if (!old) return { code: '*', summary: `[new ${kind}]` };
  const range = (dots: string) => `${shortId(git, old)}${dots}${shortId(git, id)}`;
  return forward ? { code: ' ', summary: range('..') } : { code: '+', summary: range('...'), note: '(forced update)' };
}

const readDeny = (_git: Git, there: Repository): string | undefined =>
  /^\s*denycurrentbranch\s*=\s*(\S+)/im.exec(there.note('config') ?? '')?.[1];

const refusal = (ref: string): string[] =>
  `error: refusing to update checked out branch: ${ref}
error: By default, updating the current branch in a non-bare repository
is denied, because it will make the index and work tree inconsistent
with what you pushed, and will require 'git reset --hard' to match
the work tree to HEAD.

You can set the 'receive.denyCurrentBranch' configuration variable
to 'ignore' or 'warn' in the remote repository to allow pushing into
its current branch; however, this is not recommended unless you
arranged to update its work tree to match what you pushed in some
other way.

To squelch this message and still keep the default behaviour, set
'receive.denyCurrentBranch' configuration variable to 'refuse'.`
    .split('\n')
    .map((line) => line.padEnd(8));

function report(git: Git, url: string, news: readonly [Update, Outcome][]): void {
  git.err(`To ${url}\n`);
  const order = (code: string) => (code === '!' ? 1 : 0);
  for (const [{ from, to }, { code, summary, note }] of [...news].sort((a, b) => order(a[1].code) - order(b[1].code))) {
    const names = from === '' ? shortRef(to) : `${from.startsWith('refs/') ? shortRef(from) : from} -> ${shortRef(to)}`;
    git.err(` ${code} ${summary.padEnd(17)} ${names}${note ? ` ${note}` : ''}\n`);
  }
}

/** The remote's branch as it is kept here moves too, and may become the upstream. */
function remember(git: Git, o: Options, remote: RemoteConfig, { from, id, to }: Update): void {
  const { refs } = git.repo;
  for (const spec of remote.fetch.map(parseRefSpec)) {
    const kept = mapped(spec, to);
    if (!kept) continue;
    if (from === '') refs.delete(kept);
    else if (refs.id(kept) !== id) refs.update(kept, id, 'update by push');
  }
  const wish =
    o.has('set-upstream') ||
    (git.config.bool('push.autosetupremote', false) && !upstreamOf(git, shortRef(from)) && o.operands.length < 2);
  if (!wish || !from.startsWith('refs/heads/')) return;
  configureUpstream(git, shortRef(from), remote.name, to);
  git.out(
    `branch '${shortRef(from)}' set up to track '${isNamed(git, remote.name) ? `${remote.name}/${shortRef(to)}` : to}'.\n`,
  );
}

const advices: Readonly<Record<string, string>> = {
  '(fetch first)':
    "Updates were rejected because the remote contains work that you do\nnot have locally. This is usually caused by another repository pushing\nto the same ref. You may want to first integrate the remote changes\n(e.g., 'git pull ...') before pushing again.\nSee the 'Note about fast-forwards' in 'git push --help' for details.",
  current:
    "Updates were rejected because the tip of your current branch is behind\nits remote counterpart. Integrate the remote changes (e.g.\n'git pull ...') before pushing again.\nSee the 'Note about fast-forwards' in 'git push --help' for details.",
  other:
    "Updates were rejected because a pushed branch tip is behind its remote\ncounterpart. Check out this branch and integrate the remote changes\n(e.g. 'git pull ...') before pushing again.\nSee the 'Note about fast-forwards' in 'git push --help' for details.",
  '(already exists)': 'Updates were rejected because the tag already exists in the remote.',
};

function hints(git: Git, bad: readonly [Update, Outcome][]): void {
  const [update, outcome] = bad.find(([, { note }]) => note && (advices[note] || note === '(non-fast-forward)')) ?? [];
  if (!update || !outcome?.note) return;
  const current = git.repo.refs.head() === update.from;
  git.hint(advices[outcome.note] ?? advices[current ? 'current' : 'other']!);
}
