import { writeText } from '../../packages/sys-files.ts';
import type { Git } from '../git.ts';
import { isAncestor } from '../log/walk.ts';
import { parse } from '../options.ts';
import { Fatal } from '../problem.ts';
import { openRemote, type RemoteRepository } from '../remote/open.ts';
import { mapped, parseRefSpec, type RemoteConfig, remoteNames, remoteOf, shownUrl } from '../remote/remotes.ts';
import { bring } from '../remote/transfer.ts';
import { shortId } from '../revision.ts';
import { shortRef, upstreamOf } from '../upstream.ts';

export interface FetchRules {
  /** As typed. */
  specs: readonly string[];
  /** --tags, --no-tags. */
  tags: boolean | undefined;
  prune: boolean;
  force: boolean;
  dry: boolean;
  quiet: boolean;
}

/** One reference to bring. */
interface Wanted {
  ref: string;
  id: string;
  /** Where it is kept; empty: only in FETCH_HEAD. */
  to: string;
  force: boolean;
  merge: boolean;
}

/** Which remote is meant when none is named. */
export function defaultRemote(git: Git): string {
  const head = git.repo.refs.head();
  const own = head && git.config.get(`branch.${shortRef(head)}.remote`);
  if (own) return own;
  const names = remoteNames(git);
  return names.length === 1 ? names[0]! : 'origin';
}

/** A short name over there, in full. */
function fullName(refs: ReadonlyMap<string, string>, name: string): string | undefined {
  if (name === 'HEAD') return 'HEAD';
  return [name, `refs/${name}`, `refs/tags/${name}`, `refs/heads/${name}`, `refs/remotes/${name}`].find((one) =>
    refs.has(one),
  );
}

function wantedOf(
  git: Git,
  remote: RemoteConfig,
  there: ReturnType<RemoteRepository['refs']>,
  rules: FetchRules,
): Wanted[] {
  const out: Wanted[] = [];
  const configured = remote.fetch.map(parseRefSpec);
  const keep = (ref: string): { to: string; force: boolean } | undefined => {
    for (const spec of configured) {
      const to = mapped(spec, ref);
      if (to) return { to, force: spec.force };
    }
    return undefined;
  };
  const given = rules.specs.map(parseRefSpec);
  for (const spec of given) {
    if (spec.from.includes('*')) {
      for (const [ref, id] of there.refs) {
        const to = mapped(spec, ref);
        if (to !== undefined) out.push({ ref, id, to, force: spec.force, merge: false });
      }
      continue;
    }
    const ref = fullName(there.refs, spec.from || 'HEAD');
    const id = ref === 'HEAD' ? there.headId : ref && there.refs.get(ref);
    if (!ref || !id) throw new Fatal(`couldn't find remote ref ${spec.from || 'HEAD'}`);
    const to =
      spec.to === ''
        ? ''
        : spec.to.startsWith('refs/')
          ? spec.to
          : ref.startsWith('refs/tags/')
            ? `refs/tags/${spec.to}`
            : `refs/heads/${spec.to}`;
    out.push({ ref, id, to, force: spec.force, merge: true });
    const kept = keep(ref);
    if (to === '' && kept) out.push({ ref, id, ...kept, merge: false });
  }
  if (given.length > 0) return out;
  const head = git.repo.refs.head();
  const up = head && upstreamOf(git, shortRef(head));
  const merge = up && up.remote === remote.name ? up.merge : undefined;
  for (const [ref, id] of there.refs) {
    const kept = keep(ref);
    if (kept) out.push({ ref, id, ...kept, merge: ref === merge });
  }
  if (configured.length === 0 && there.headId)
    out.push({ ref: 'HEAD', id: there.headId, to: '', force: false, merge: true });
  // What is merged stands first.
  return out.sort((a, b) => Number(b.merge) - Number(a.merge));
}

interface Line {
  code: string;
  summary: string;
  from: string;
  to: string;
  note?: string;
}

/** Brings what is wanted and says so; the status. */
export async function fetchFrom(git: Git, remote: RemoteConfig, rules: FetchRules): Promise<number> {
  const source = await openRemote(git, remote.url);
  const there = source.refs();
  const wanted = wantedOf(git, remote, there, rules);
  await bring(
    git,
    source,
    git.repo.objects,
    wanted.map(({ id }) => id),
  );
  const lines: Line[] = [];
  let status = 0;
  if (rules.prune) lines.push(...pruned(git, remote, there.refs, rules.dry));
  const shown = new Set<string>();
  for (const one of wanted) {
    const line = store(git, one, rules, shown.has(one.ref));
    shown.add(one.ref);
    if (line?.code === '!') status = 1;
    if (line) lines.push(line);
  }
  for (const [ref, id] of there.refs) {
    if (!ref.startsWith('refs/tags/') || rules.tags === false || git.repo.refs.id(ref)) continue;
    if (
      rules.tags !== true &&
      (rules.specs.length > 0 && !wanted.some(({ to }) => to) ? true : !(await reachable(git, source, id)))
    )
      continue;
    await bring(git, source, git.repo.objects, [id]);
    if (!rules.dry) git.repo.refs.update(ref, id, undefined);
    lines.push({ code: '*', summary: '[new tag]', from: shortRef(ref), to: shortRef(ref) });
  }
  if (!rules.dry) noteHeads(git, source.url, wanted);
  if (!rules.quiet && lines.length > 0) {
    const width = Math.max(10, ...lines.map(({ from }) => from.length));
    git.err(`From ${shownUrl(source.url)}\n`);
    for (const { code, summary, from, to, note } of lines)
      git.err(` ${code} ${summary.padEnd(17)} ${from.padEnd(width)} -> ${to}${note ? `  ${note}` : ''}\n`);
  }
  return status;
}

/** A tag comes by itself when what it is of is here. */
async function reachable(git: Git, source: RemoteRepository, id: string): Promise<boolean> {
  if (git.repo.objects.has(id)) return true;
  const found = await source.read(id);
  const target =
    found?.type === 'tag'
      ? /^object ([0-9a-f]{40})/.exec(new TextDecoder().decode(found.bytes.subarray(0, 60)))?.[1]
      : undefined;
  return target !== undefined && git.repo.objects.has(target);
}

function store(git: Git, { ref, id, to, force }: Wanted, rules: FetchRules, again: boolean): Line | undefined {
  const { refs } = git.repo;
  const kind = ref.startsWith('refs/tags/')
    ? 'tag'
    : ref.startsWith('refs/heads/') || ref === 'HEAD'
      ? 'branch'
      : 'ref';
  const from = ref === 'HEAD' ? 'HEAD' : shortRef(ref);
  if (to === '')
    return again ? undefined : { code: '*', summary: kind === 'ref' ? 'ref' : kind, from, to: 'FETCH_HEAD' };
  const old = refs.id(to);
  const shown = shortRef(to);
  if (old === id) return undefined;
  const put = (message: string) => {
    if (!rules.dry) refs.update(to, id, message);
  };
  if (refs.head() === to && git.repo.workTree !== undefined)
    throw new Fatal(`refusing to fetch into branch '${to}' checked out at '${git.repo.workTree}'`);
  if (!old) {
    put(kind === 'branch' ? 'fetch: storing head' : 'fetch: storing ref');
    return { code: '*', summary: `[new ${kind}]`, from, to: shown };
  }
  const [a, b] = [shortId(git, old), shortId(git, id)];
  if (isAncestor(git, old, id)) {
    put('fetch: fast-forward');
    return { code: ' ', summary: `${a}..${b}`, from, to: shown };
  }
  if (force || rules.force) {
    put('fetch: forced-update');
    return { code: '+', summary: `${a}...${b}`, from, to: shown, note: '(forced update)' };
  }
  return { code: '!', summary: '[rejected]', from, to: shown, note: '(non-fast-forward)' };
}

function pruned(git: Git, remote: RemoteConfig, there: ReadonlyMap<string, string>, dry: boolean): Line[] {
  const kept = new Set<string>();
  const specs = remote.fetch.map(parseRefSpec);
  for (const ref of there.keys()) for (const spec of specs) kept.add(mapped(spec, ref) ?? '');
  const { refs } = git.repo;
  return refs
    .list(`refs/remotes/${remote.name}/`)
    .filter(([ref]) => !kept.has(ref) && !ref.endsWith('/HEAD'))
    .map(([ref]) => {
      if (!dry) refs.delete(ref);
      return { code: '-', summary: '[deleted]', from: '(none)', to: shortRef(ref) };
    });
}

function noteHeads(git: Git, url: string, wanted: readonly Wanted[]): void {
  const seen = new Set<string>();
  const lines = wanted
    .filter(({ ref }) => !seen.has(ref) && seen.add(ref))
    .map(({ ref, id, merge }) => {
      const name = /^refs\/heads\/(.+)$/.exec(ref);
      const tag = /^refs\/tags\/(.+)$/.exec(ref);
      const what = name
        ? `branch '${name[1]}' of `
        : tag
          ? `tag '${tag[1]}' of `
          : ref === 'HEAD'
            ? ''
            : `'${ref}' of `;
      return `${id}\t${merge ? '' : 'not-for-merge'}\t${what}${shownUrl(url)}\n`;
    });
  writeText(git.sys, `${git.repo.gitDir}/FETCH_HEAD`, lines.join(''));
}

export async function fetch(git: Git, args: string[]): Promise<number> {
  const o = parse(
    git,
    args,
    'v,verbose q,quiet all set-upstream a,append atomic upload-pack= f,force m,multiple t,tags j,jobs= prefetch p,prune P,prune-tags recurse-submodules=? dry-run porcelain write-fetch-head k,keep u,update-head-ok progress depth= shallow-since= shallow-exclude= deepen= unshallow refmap= auto-gc auto-maintenance 4,ipv4 6,ipv6 filter=',
  );
  for (const name of ['depth', 'deepen', 'unshallow', 'multiple', 'filter', 'set-upstream'])
    if (o.has(name)) throw new Fatal(`drydock: git fetch --${name} is not simulated`);
  void git.repo;
  const [word, ...specs] = o.operands;
  const rules: FetchRules = {
    specs,
    tags: o.has('tags') ? true : o.off('tags') ? false : undefined,
    prune: o.has('prune') || (!o.off('prune') && git.config.bool('fetch.prune', false)),
    force: o.has('force'),
    dry: o.has('dry-run'),
    quiet: o.has('quiet'),
  };
  if (!o.has('all')) return fetchFrom(git, remoteOf(git, word ?? defaultRemote(git)), rules);
  let status = 0;
  for (const name of remoteNames(git)) {
    if (!rules.quiet && remoteNames(git).length > 1) git.out(`Fetching ${name}\n`);
    status = (await fetchFrom(git, remoteOf(git, name), rules)) || status;
  }
  return status;
}
