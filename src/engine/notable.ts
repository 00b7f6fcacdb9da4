/** Of what a layer changes: how many of each kind, and the few files that are shown where there is room for a few. */
import type { LayerChange } from '../trace/index.ts';

export interface Counts {
  added: number;
  changed: number;
  hidden: number;
  notable: LayerChange[];
}

/** A directory that only holds changes is none itself. */
const isChange = ({ kind, type, opaque }: LayerChange) => kind !== 'changed' || type !== 'directory' || opaque;

export const count = (list: LayerChange[]): Counts => ({
  added: list.filter(({ kind }) => kind === 'added').length,
  changed: list.filter((change) => change.kind === 'changed' && isChange(change)).length,
  hidden: list.filter(({ kind }) => kind === 'deleted').length,
  notable: notable(list),
});

const notableCount = 6;
const kinds = { deleted: 0, changed: 1, added: 2 };

/**
 * The files somebody would point at, by what the Filesystem Hierarchy Standard says of the places they are in.
 *
 * 1. What programs keep for themselves is shown only where nothing else was changed: state, caches, logs, locks, shell
 *    histories (a package manager's database changes with each package, and tells nobody anything).
 * 2. Then by kind: hidden, changed, added. To hide or copy up takes somebody who meant it; most of what is added came along.
 * 3. Then by place: outside the system's own directories (`/app`, `/root`, `/srv`, `/var/www`, also what a web server
 *    serves), programs (`bin`, `sbin`), settings, the rest of `/usr` and `/lib`.
 * 4. Then the largest.
 */
export function notable(list: readonly LayerChange[]): LayerChange[] {
  const files = list.filter(({ type }) => type !== 'directory');
  const meant = files.filter(({ path }) => !keptByPrograms.test(path));
  return (meant.length > 0 ? meant : files)
    .map((change) => ({ change, order: orderOf(change) }))
    .sort((a, b) => a.order - b.order || b.change.size - a.change.size || (a.change.path < b.change.path ? -1 : 1))
    .slice(0, notableCount)
    .map(({ change }) => change);
}

const orderOf = ({ path, kind }: LayerChange): number => 10 * kinds[kind] + placeOf(path);

const keptByPrograms =
  /^\/(dev|run|tmp|var\/(backups|cache|lib|lock|log|run|spool|tmp))\/|\/\.?(cache|db)\/|_history$|[.-](cache|lock|log|old|pid|pyc)$|[~-]$/;
const served = /^\/usr\/(?!share\/doc\/).*\/(html|www|htdocs)\//;
const system = /^\/(boot|etc|lib\d*|libexec|s?bin|usr)\//;
const program = /\/s?bin\/[^/]+$/;
const setting = /^\/(usr\/local\/)?etc\/|\.(conf|cnf|cfg|ini|json|ya?ml|toml|env)$/;

function placeOf(path: string): number {
  if (!system.test(path) || served.test(path)) return 0;
  if (program.test(path)) return 1;
  return setting.test(path) ? 2 : 3;
}
