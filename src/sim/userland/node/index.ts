/**
 * JavaScript: `node` is QuickJS (ES2023) under a layer of ours that gives it Node's modules, and `npm`. The engine's code
 * and wasm load when node first runs; every process has an engine of its own.
 */
import type { Assets } from '../../../port/index.ts';
import type { LazyProgram } from '../../kernel/program.ts';

/** `hold` stops the host's clock, until what it gives is called: an engine starts in no time of the host. */
export const nodePrograms = (
  assets: Assets | undefined,
  hold: () => () => void = () => () => {},
): ReadonlyMap<string, LazyProgram> =>
  new Map<string, LazyProgram>([
    ['node', { load: async () => (await import('./node.ts')).nodeProgram(assets, hold) }],
    ['npm', { load: async () => (await import('./npm/npm.ts')).npm }],
    ['npx', { load: async () => (await import('./npm/npx.ts')).npx }],
  ]);

/** Path in a Debian or Alpine system -> program. */
export const nodeProgramPaths: Readonly<Record<string, string>> = {
  '/usr/bin/node': 'node',
  '/usr/bin/nodejs': 'node',
  '/usr/local/bin/node': 'node',
  '/usr/share/nodejs/npm/bin/npm-cli.js': 'npm',
  '/usr/share/nodejs/npm/bin/npx-cli.js': 'npx',
};
