/** The names that point to a commit. */
import type { Git } from '../git.ts';
import { peel } from '../store/commit.ts';

export interface Decoration {
  kind: 'head' | 'branch' | 'remotebranch' | 'tag' | 'stash';
  /** As shown: `tag: v1`, `origin/main`. */
  text: string;
  full: string;
}

export function decorations(git: Git, full = false): Map<string, Decoration[]> {
  const { refs, objects } = git.repo;
  const out = new Map<string, Decoration[]>();
  const add = (id: string, one: Decoration) => out.set(id, [one, ...(out.get(id) ?? [])]);
  for (const [name, id] of refs.list()) {
    const kind = kindOf(name);
    if (!kind || !objects.has(id)) continue;
    const short = full ? name : name.replace(/^refs\/(heads|tags|remotes)\//, '').replace(/^refs\//, '');
    add(peel(objects, id).id, { kind, text: kind === 'tag' ? `tag: ${short}` : short, full: name });
  }
  const head = refs.id('HEAD');
  if (head) add(head, { kind: 'head', text: 'HEAD', full: 'HEAD' });
  return out;
}

function kindOf(name: string): Decoration['kind'] | undefined {
  if (name.startsWith('refs/heads/')) return 'branch';
  if (name.startsWith('refs/remotes/')) return 'remotebranch';
  if (name.startsWith('refs/tags/')) return 'tag';
  return name === 'refs/stash' ? 'stash' : undefined;
}

/** `HEAD -> main, tag: v1`, in colours when they are on; the marks between have the colour of ids. */
export function decorationText(git: Git, list: readonly Decoration[], mark: (text: string) => string): string {
  const branch = git.repo.refs.head();
  const current = list.find(({ full }) => full === branch);
  const shown = list.filter((one) => one !== current || list[0]?.kind !== 'head');
  return shown
    .map((one, i) => {
      const own = git.paint(`decorate.${one.kind}`, one.kind === 'head' && current ? 'HEAD -> ' : one.text);
      const text = one.kind === 'head' && current ? own + git.paint('decorate.branch', current.text) : own;
      return i === 0 ? text : mark(', ') + text;
    })
    .join('');
}
