/** pg_wrapper: Debian's /usr/bin/psql and its like are links to it; it runs the newest version's program of that name. */
import type { Program } from '../../../../kernel/program.ts';
import { exists, listNames } from '../../../packages/sys-files.ts';

export const pgWrapper: Program = async (sys) => {
  const name = sys.argv[0]!.slice(sys.argv[0]!.lastIndexOf('/') + 1);
  const found = listNames(sys, '/usr/lib/postgresql')
    .sort((a, b) => Number(b) - Number(a))
    .map((version) => `/usr/lib/postgresql/${version}/bin/${name}`)
    .find((path) => exists(sys, path));
  if (found) return sys.exec(found, [found, ...sys.argv.slice(1)]);
  await sys.write(2, 'Error: You must install at least one postgresql-client-<version> package\n');
  return 1;
};
