import { tarEntry } from '../../archive/index.ts';
import type { Copy } from '../../dockerfile/index.ts';
import { createIgnore, matchPath, paced, type Steps, textContent } from '../../spec/index.ts';
import { BuildError, type Layer } from '../backend.ts';
import { parseOwnerBuildkit } from '../copy/chown.ts';
import { BuildContext } from '../copy/context.ts';
import { literalHash } from '../copy/copy-hash.ts';
import { place } from '../copy/place.ts';
import { download, isUrl, refuseGit } from '../copy/remote.ts';
import { type SourceTree, walk } from '../copy/source-tree.ts';
import { hasWildcards } from '../copy/sources.ts';
import { destinationPath, relative } from '../paths.ts';
import { expander } from './scope.ts';
import type { State } from './state.ts';
import type { Stepping } from './steps.ts';

interface PlannedSource {
  tree: SourceTree;
  path: string;
  plain?: boolean;
  /** `--parents`: what of its path is kept below the destination. */
  below?: string;
}

/** A COPY or ADD with its variables filled in. */
export interface CopyPlan {
  destination: string;
  chown: string;
  chmod?: number;
  link: boolean;
  sources: PlannedSource[];
  excluded?(path: string): boolean;
  /** Digest of each file it copies, by path. */
  files: Record<string, string>;
  /** As the history writes it: "COPY --chown=1 a b # buildkit". */
  createdBy: string;
}

export async function planCopy(stepping: Stepping, state: State, copy: Copy, tree: SourceTree): Promise<CopyPlan> {
  const expand = expander(state, stepping.escape);
  const words = copy.sources.map((word) => expand(word).text);
  const destination = expand(copy.destination).text;
  const chown = expand(copy.chown).text;
  const mode = expand(copy.chmod).text;
  if (mode && !/^[0-7]{3,4}$/.test(mode))
    throw new BuildError(`invalid chmod parameter: '${mode}'. it should be octal string and between 0 and 07777`);
  const inline = copy.inline.map(({ name, content, expand: filled }) => {
    const text = filled ? expand(content, { skipQuotes: true, rawEscapes: false }).text : content;
    const entry = tarEntry({ name, content: textContent(text), mtime: stepping.backend.clock.now() });
    return { tree: new BuildContext([entry]), path: name };
  });
  const sources: CopyPlan['sources'] = [...inline];
  const filled = { ...copy, checksum: expand(copy.checksum).text };
  for (const word of words) sources.push(...(await sourcesOf(stepping, filled, word, destination, tree)));
  if (words.length + inline.length > 1 && !destination.endsWith('/') && !/(^|\/)\.{1,2}$/.test(destination)) {
    throw new BuildError(
      `When using ${copy.keyword} with more than one source file, the destination must be a directory and end with a /`,
    );
  }
  const flags = `${chown && ` --chown=${chown}`}${mode && ` --chmod=${mode}`}${copy.link ? ' --link' : ''}${copy.parents ? ' --parents' : ''}`;
  const shown = [...copy.inline.map(({ name }) => `<<${name}`), ...words, destination].join(' ');
  const ignore = copy.exclude.length > 0 ? createIgnore(copy.exclude) : undefined;
  return {
    destination,
    chown,
    chmod: mode ? Number.parseInt(mode, 8) : undefined,
    link: copy.link,
    sources,
    excluded: ignore && ((path) => ignore.excludes(path)),
    files: await paced(fileHashes(sources), stepping.backend.pause),
    createdBy: `${copy.keyword}${flags} ${shown} # buildkit`,
  };
}

async function sourcesOf(
  { backend, checksumError }: Stepping,
  copy: Copy,
  word: string,
  destination: string,
  tree: SourceTree,
): Promise<CopyPlan['sources']> {
  if (copy.keyword === 'ADD') refuseGit(word);
  if (isUrl(word)) {
    if (copy.keyword === 'COPY') throw new BuildError("source can't be a URL for COPY");
    return [await download(word, destination, backend, copy.checksum)];
  }
  if (copy.checksum) throw new BuildError("checksum can't be specified for non-HTTP(S) sources");
  const path = relative(word);
  const below = (name: string) => (copy.parents ? keptPath(word, name, tree) : undefined);
  if (hasWildcards(word))
    return [...walk(tree, '')]
      .filter((name) => matchPath(path, name))
      .map((name) => ({ tree, path: name, below: below(name) }));
  if (!tree.lstat(tree.resolve(path, true))) throw checksumError(`/${path}`);
  return [{ tree, path, below: below(path) }];
}

/** What `--parents` keeps of `name`: all of it, or what comes after `/./` in the word; of a file, its directory. */
function keptPath(word: string, name: string, tree: SourceTree): string {
  const pivot = word.indexOf('/./');
  const dropped = pivot > 0 ? relative(word.slice(0, pivot)).split('/').filter(Boolean).length : 0;
  const kept = name.split('/').slice(dropped);
  const isDirectory = tree.lstat(tree.resolve(name, true))?.type === 'directory';
  return (isDirectory ? kept : kept.slice(0, -1)).join('/');
}

function* fileHashes(sources: readonly PlannedSource[]): Steps<Record<string, string>> {
  const hashes: Record<string, string> = {};
  for (const { tree, path } of sources) {
    const root = tree.resolve(path, true);
    const below = tree.lstat(root)?.type === 'directory' ? walk(tree, root) : [];
    const add = (name: string): void => {
      const link = tree.lstat(name)?.type === 'symlink';
      hashes[name] = link ? `->${tree.readlink(name)}` : literalHash(tree, name);
    };
    if (root !== '') add(root);
    for (const name of below) {
      yield;
      add(name);
    }
  }
  return hashes;
}

export async function executeCopy(stepping: Stepping, state: State, copy: Copy, plan: CopyPlan): Promise<Layer | null> {
  const { backend } = stepping;
  const workspace = await backend.open(state.layers);
  try {
    const hostPath = workspace.root;
    await workspace.tree(async (target) => {
      const owner = plan.chown ? parseOwnerBuildkit(plan.chown, target) : copy.from ? undefined : { uid: 0, gid: 0 };
      const unpack = copy.keyword === 'ADD' && copy.unpack !== false;
      const { chmod, excluded } = plan;
      const options = { owner, chmod, unpack, hostPath, buildkit: true, now: backend.clock.now(), excluded };
      const destination = destinationPath(state.config.WorkingDir, plan.destination);
      const several = plan.sources.length > 1 || copy.parents;
      const into = several && !destination.endsWith('/') ? `${destination}/` : destination;
      for (const source of plan.sources)
        await paced(place(source, target, source.below ? `${into}${source.below}/` : into, options), backend.pause);
    });
    return await workspace.commit(plan.createdBy);
  } finally {
    await workspace.discard();
  }
}
