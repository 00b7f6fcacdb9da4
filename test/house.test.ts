/** The house rules of src/README.md, enforced from the code's own imports. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = new URL('../src', import.meta.url).pathname;

/** room -> rooms it may import (bottom to top). */
const mayImport: Record<string, string[]> = {
  spec: [],
  trace: ['spec'],
  archive: ['spec'],
  sbom: ['spec', 'archive'],
  dockerfile: ['spec'],
  port: ['spec', 'trace'],
  content: ['spec', 'trace', 'port'],
  layer: ['spec', 'trace', 'archive', 'port', 'content'],
  image: ['spec', 'archive', 'content', 'layer', 'port'],
  registry: ['spec', 'trace', 'content', 'port'],
  builder: ['spec', 'trace', 'archive', 'sbom', 'port', 'content', 'layer', 'image', 'dockerfile'],
  engine: ['spec', 'trace', 'archive', 'port', 'content', 'layer', 'image', 'registry', 'builder'],
  api: ['spec'],
  compose: ['spec'],
  cli: ['spec', 'archive', 'sbom', 'api', 'compose'],
  sim: ['spec', 'trace', 'archive', 'sbom', 'content', 'layer', 'port'],
  catalog: ['spec', 'port', 'archive', 'content', 'layer', 'image', 'builder'],
  linux: ['spec', 'trace', 'archive', 'content', 'layer', 'port'],
  machine: [
    'spec',
    'trace',
    'port',
    'archive',
    'sbom',
    'content',
    'image',
    'engine',
    'api',
    'cli',
    'registry',
    'builder',
    'sim',
    'catalog',
  ],
  lesson: ['spec', 'trace'],
  diagram: ['spec', 'trace'],
  companion: [
    'spec',
    'trace',
    'port',
    'archive',
    'content',
    'dockerfile',
    'image',
    'layer',
    'engine',
    'api',
    'cli',
    'registry',
    'linux',
    'machine',
    'lesson',
    'diagram',
  ],
  app: ['spec', 'trace', 'lesson', 'diagram', 'machine'],
};

const nodeRooms = new Set(['linux', 'companion']);
const impureFrom = new Set(['machine', 'companion', 'app', 'linux']);

interface Source {
  path: string;
  room: string;
  /** Code without comments and string literals' contents left in. */
  code: string;
  imports: string[];
}

function sources(): Source[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(ts|svelte)$/.test(file) && !file.endsWith('.d.ts'))
    .map((path) => {
      const text = readFileSync(join(root, path), 'utf8');
      const code = text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|[^:'"`\\])\/\/[^\n]*/g, '$1');
      const imports = [...code.matchAll(/(?:\bfrom\s*|\bimport\s*\(\s*|\bimport\s+)['"]([^'"]+)['"]/g)].map(
        (m) => m[1]!,
      );
      return { path, room: path.split('/')[0]!, code, imports };
    });
}

const all = sources();

function violations(check: (source: Source) => string[]): string[] {
  return all.flatMap((source) => check(source).map((problem) => `src/${source.path}: ${problem}`));
}

describe('the house', () => {
  it('has only the rooms of the map, each opening with an index.ts that says what it is', () => {
    const rooms = new Set(all.filter((s) => s.path.includes('/')).map((s) => s.room));
    expect([...rooms].filter((room) => !(room in mayImport))).toEqual([]);
    for (const room of rooms) {
      if (room === 'app') continue; // opens with its main.ts, as a page does
      const opening = readFileSync(join(root, room, 'index.ts'), 'utf8');
      expect(opening.startsWith('/**'), `src/${room}/index.ts opens with a comment`).toBe(true);
    }
  });

  it('imports rooms only as the table allows, and only through their index.ts', () => {
    expect(
      violations(({ path, room, imports }) =>
        imports
          .filter((to) => to.startsWith('.'))
          .map((to) => relative('.', normalize(join(dirname(path), to))))
          .filter((to) => to.split('/')[0] !== room && to.includes('/') && !to.startsWith('..'))
          .flatMap((to) => {
            const other = to.split('/')[0]!;
            if (!mayImport[room]?.includes(other)) return [`${room} may not import ${to}`];
            return /^[^/]+\/index\.ts$/.test(to) ? [] : [`imports ${to}, not its index.ts`];
          }),
      ),
    ).toEqual([]);
  });

  it('keeps node: in linux and companion', () => {
    expect(
      violations(({ room, imports }) =>
        nodeRooms.has(room) ? [] : imports.filter((to) => to.startsWith('node:')).map((to) => `imports ${to}`),
      ),
    ).toEqual([]);
  });

  it('keeps the DOM in app', () => {
    expect(
      violations(({ room, code }) =>
        room === 'app'
          ? []
          : [...code.matchAll(/\b(document|window|localStorage|HTMLElement)\./g)].map((m) => `uses ${m[0]}`),
      ),
    ).toEqual([]);
  });

  it('takes time, chance and timers from the ports below machine', () => {
    const impure =
      /\b(Date\.now|new Date\(\)|Math\.random|performance\.now|setTimeout\(|setInterval\(|queueMicrotask\(|crypto\.subtle|crypto\.getRandomValues)/g;
    expect(
      violations(({ room, code }) =>
        impureFrom.has(room) ? [] : [...code.matchAll(impure)].map((m) => `uses ${m[1]}`),
      ),
    ).toEqual([]);
  });

  it('keeps files under 600 lines', () => {
    expect(
      violations(({ code }) => (code.split('\n').length > 600 ? [`${code.split('\n').length} lines`] : [])),
    ).toEqual([]);
  });
});
