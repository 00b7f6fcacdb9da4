/** npm ls. */
import { satisfies } from 'semver';
import type { Sys } from '../../../kernel/sys.ts';
import { listNames, readText } from '../../packages/sys-files.ts';
import { globalPrefix } from './install.ts';
import { type Manifest, prefix, readManifest } from './manifest.ts';
import type { NpmOptions } from './options.ts';

interface Node {
  text: string;
  children: Node[];
}

const version = (sys: Sys, path: string): string | undefined => {
  const text = readText(sys, `${path}/package.json`);
  return text === undefined ? undefined : ((JSON.parse(text) as Manifest).version ?? '');
};

/** Where `name` is found from a package's directory. */
function locate(sys: Sys, root: string, from: string, name: string): string | undefined {
  for (let at = from; at.length >= root.length; at = at.slice(0, Math.max(0, at.lastIndexOf('/node_modules/')))) {
    const path = `${at}/node_modules/${name}`;
    if (version(sys, path) !== undefined) return path;
    if (at === root) return undefined;
  }
  return undefined;
}

export async function listTree(sys: Sys, o: NpmOptions, words: readonly string[]): Promise<number> {
  const root = o.global ? `${globalPrefix(sys)}/lib` : prefix(sys);
  const problems: string[] = [];
  const seen = new Set<string>();
  const deep = o.all ? Infinity : o.depth;
  const children = (from: string, wanted: Record<string, string>, depth: number): Node[] =>
    Object.entries(wanted)
      .sort(([a], [b]) => a.localeCompare(b, 'en'))
      .flatMap(([name, spec]) => {
        const path = locate(sys, root, from, name);
        if (!path) {
          problems.push(`missing: ${name}@${spec}, required by ${title}`);
          return [{ text: `UNMET DEPENDENCY ${name}@${spec}`, children: [] }];
        }
        const found = version(sys, path)!;
        const invalid = spec !== '*' && !satisfies(found, spec) ? ' invalid' : '';
        const again = seen.has(path);
        seen.add(path);
        const own = (JSON.parse(readText(sys, `${path}/package.json`)!) as Manifest).dependencies ?? {};
        const below = depth < deep && !again ? children(path, own, depth + 1) : [];
        if (words.length > 0 && !words.includes(name) && below.length === 0) return [];
        return [
          {
            text: `${name}@${found}${again && Object.keys(own).length > 0 && o.all ? ' deduped' : ''}${invalid}`,
            children: below,
          },
        ];
      });
  const manifest: Manifest = o.global ? {} : readManifestOrNone(sys, root);
  const title = o.global
    ? root
    : `${manifest.name ?? root.slice(root.lastIndexOf('/') + 1)}@${manifest.version ?? ''} ${root}`;
  const wanted = o.global
    ? Object.fromEntries(
        listNames(sys, `${root}/node_modules`)
          .filter((name) => !name.startsWith('.'))
          .map((name) => [name, '*']),
      )
    : { ...(o.production ? {} : manifest.devDependencies), ...manifest.dependencies };
  const nodes = children(root, wanted, 0);
  const out = [title, ...(nodes.length > 0 ? draw(nodes, '') : ['└── (empty)'])].join('\n');
  await sys.write(1, `${out}\n\n`);
  for (const problem of problems) await sys.write(2, `npm error code ELSPROBLEMS\nnpm error ${problem}\n`);
  return problems.length > 0 ? 1 : 0;
}

function readManifestOrNone(sys: Sys, root: string): Manifest {
  return readText(sys, `${root}/package.json`) === undefined ? {} : readManifest(sys, root);
}

function draw(nodes: readonly Node[], indent: string): string[] {
  return nodes.flatMap(({ text, children }, i) => {
    const last = i === nodes.length - 1;
    const branch = `${last ? '└' : '├'}─${children.length > 0 ? '┬' : '─'} `;
    return [`${indent}${branch}${text}`, ...draw(children, `${indent}${last ? ' ' : '│'} `)];
  });
}
