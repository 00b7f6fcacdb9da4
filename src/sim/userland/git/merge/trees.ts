/** Three trees brought together: the result's files, and where the sides do not agree. */
import { fromBinary, toBinary } from '../../core/bytes.ts';
import { treeChanges } from '../diff/changes.ts';
import { isBinary } from '../diff/patch.ts';
import { withRenames } from '../diff/renames.ts';
import type { Git } from '../git.ts';
import { type Files, filesOf, linkMode } from '../store/commit.ts';
import { type Favour, type MergeLabels, mergeText } from './text.ts';

export interface Version {
  mode: number;
  id: string;
}

export interface Conflict {
  path: string;
  base: Version | undefined;
  ours: Version | undefined;
  theirs: Version | undefined;
}

export interface MergedTrees {
  /** What the work tree gets; in conflict, the text with marks or the one version there is. */
  files: Files;
  conflicts: Conflict[];
  messages: string[];
}

export interface TreeMergeRules {
  labels: MergeLabels;
  favour: Favour;
}

interface Triple {
  base: Version | undefined;
  ours: Version | undefined;
  theirs: Version | undefined;
  /** Of the base, when it was called otherwise. */
  from: string;
}

const equal = (a: Version | undefined, b: Version | undefined): boolean => a?.id === b?.id && a?.mode === b?.mode;

export function mergeTrees(
  git: Git,
  base: string | undefined,
  ours: string,
  theirs: string,
  rules: TreeMergeRules,
): MergedTrees {
  const { objects } = git.repo;
  const trees = [base, ours, theirs].map((tree) => filesOf(objects, tree)) as [Files, Files, Files];
  const out: MergedTrees = { files: new Map(), conflicts: [], messages: [] };
  for (const [path, triple] of [...triples(git, base, ours, theirs, trees, out)].sort(([a], [b]) => (a < b ? -1 : 1)))
    mergePath(git, path, triple, rules, out);
  return out;
}

/** Each path with its three versions; a file that one side moved is looked for where it was. */
function triples(
  git: Git,
  base: string | undefined,
  ours: string,
  theirs: string,
  [old, left, right]: [Files, Files, Files],
  out: MergedTrees,
): Map<string, Triple> {
  const list = new Map<string, Triple>();
  for (const path of new Set([...old.keys(), ...left.keys(), ...right.keys()]))
    list.set(path, { base: old.get(path), ours: left.get(path), theirs: right.get(path), from: path });
  const moves = (tree: string) => withRenames(treeChanges(git, base, tree)).filter(({ status }) => status === 'R');
  const other = new Map(moves(theirs).map((one) => [one.old.path, one.new.path]));
  for (const one of moves(ours)) {
    const to = other.get(one.old.path);
    other.delete(one.old.path);
    if (to === undefined || to === one.new.path) move(list, one.old.path, one.new.path, 'theirs');
    else {
      out.messages.push(
        `CONFLICT (rename/rename): ${one.old.path} renamed to ${one.new.path} in HEAD and to ${to} in the other side.`,
      );
      out.conflicts.push({ path: one.old.path, base: old.get(one.old.path), ours: undefined, theirs: undefined });
      list.delete(one.old.path);
    }
  }
  for (const [from, to] of other) move(list, from, to, 'ours');
  return list;
}

/** `stayed`: the side that still calls the file by its old name. */
function move(list: Map<string, Triple>, from: string, to: string, stayed: 'ours' | 'theirs'): void {
  const [before, after] = [list.get(from), list.get(to)];
  if (!before || !after || after[stayed] || !before[stayed]) {
    if (before && after && !before.ours && !before.theirs) {
      // Both sides moved it to the same place.
      list.set(to, { ...after, base: before.base, from });
      list.delete(from);
    }
    return;
  }
  list.set(to, { ...after, base: before.base, [stayed]: before[stayed], from });
  list.delete(from);
}

function mergePath(
  git: Git,
  path: string,
  { base, ours, theirs, from }: Triple,
  rules: TreeMergeRules,
  out: MergedTrees,
): void {
  const keep = (one: Version | undefined): void => {
    if (one) out.files.set(path, one);
  };
  if (equal(ours, theirs) || equal(base, theirs)) {
    keep(ours);
    return;
  }
  if (equal(base, ours)) {
    keep(theirs);
    return;
  }
  if (ours && theirs) {
    mergeContents(git, path, { base, ours, theirs, from }, rules, out);
    return;
  }
  const kept = (ours ?? theirs)!;
  const [gone, changed] = ours ? [rules.labels.theirs, rules.labels.ours] : [rules.labels.ours, rules.labels.theirs];
  out.messages.push(
    `CONFLICT (modify/delete): ${path} deleted in ${gone} and modified in ${changed}.  Version ${changed} of ${path} left in tree.`,
  );
  out.conflicts.push({ path, base, ours, theirs });
  keep(kept);
}

function mergeContents(
  git: Git,
  path: string,
  { base, ours, theirs, from }: Triple & { ours: Version; theirs: Version },
  rules: TreeMergeRules,
  out: MergedTrees,
): void {
  const { objects } = git.repo;
  const mode = base && ours.mode === base.mode ? theirs.mode : ours.mode;
  if (ours.id === theirs.id) {
    out.files.set(path, { mode, id: ours.id });
    return;
  }
  if (base && (ours.id === base.id || theirs.id === base.id)) {
    out.files.set(path, { mode, id: ours.id === base.id ? theirs.id : ours.id });
    return;
  }
  const [o, a, b] = [base && objects.need(base.id), objects.need(ours.id), objects.need(theirs.id)];
  const kind = base ? 'content' : 'add/add';
  const special = [ours.mode, theirs.mode].includes(linkMode);
  if (special || [a, b, o ?? a].some((one) => isBinary(one))) {
    const chosen = rules.favour === 'theirs' ? theirs : ours;
    if (!special) git.warn(`Cannot merge binary files: ${path} (${rules.labels.ours} vs. ${rules.labels.theirs})`);
    out.messages.push(`Auto-merging ${path}`);
    if (!rules.favour || rules.favour === 'union') {
      out.messages.push(`CONFLICT (${kind}): Merge conflict in ${path}`);
      out.conflicts.push({ path, base, ours, theirs });
    }
    out.files.set(path, { ...chosen, mode });
    return;
  }
  out.messages.push(`Auto-merging ${path}`);
  const style = git.config.get('merge.conflictstyle') ?? 'merge';
  const labels = from === path ? rules.labels : renamedLabels(rules.labels, path, from);
  const merged = mergeText(linesWithEnds(o), linesWithEnds(a), linesWithEnds(b), labels, style, rules.favour);
  out.files.set(path, { mode, id: objects.write('blob', fromBinary(merged.lines.join(''))) });
  if (merged.conflicts === 0) return;
  out.messages.push(`CONFLICT (${kind}): Merge conflict in ${path}`);
  out.conflicts.push({ path, base, ours, theirs });
}

/** Whose file it was is said where the names differ. */
const renamedLabels = (labels: MergeLabels, path: string, from: string): MergeLabels => ({
  ours: `${labels.ours}:${path}`,
  base: `${labels.base}:${from}`,
  theirs: `${labels.theirs}:${from}`,
});

const linesWithEnds = (bytes: Uint8Array | undefined): string[] =>
  (bytes ? toBinary(bytes) : '').match(/[^\n]*\n|[^\n]+/g) ?? [];
