import { base64, utf8 } from '../../../spec/index.ts';
import type { DockerCli } from '../../docker-cli.ts';
import { type FlagSet, keyValues } from '../../flag/index.ts';
import { StatusError } from '../command.ts';
import { joinPath } from '../container/mount-option.ts';

/** The query of POST /build that only BuildKit takes. */
export const buildKitQuery = (cli: DockerCli, flags: FlagSet): Record<string, string | undefined> => ({
  secrets: flags.changed('secret') ? JSON.stringify(secrets(cli, flags.list('secret'))) : undefined,
  nocachefilter: flags.changed('no-cache-filter') ? JSON.stringify(flags.list('no-cache-filter')) : undefined,
});

/** `--secret id=ID[,src=FILE|,env=NAME]`: base64 of each by id. */
function secrets(cli: DockerCli, specs: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    specs.map((spec) => {
      const { id = '', src, source, env, type } = keyValues(spec.split(','));
      if (!id) throw new StatusError(1, 'ERROR: secret missing "id"');
      if (env !== undefined || type === 'env') return [id, base64(utf8(cli.host.env[env || id] ?? ''))];
      const path = src ?? source ?? id;
      const full = joinPath(cli.host.cwd, path);
      if (!cli.host.files.stat(full))
        throw new StatusError(1, `ERROR: failed to stat ${path}: stat ${path}: no such file or directory`);
      const content = cli.host.files.content(full);
      return [id, base64(content.read(0, content.size))];
    }),
  );
}
