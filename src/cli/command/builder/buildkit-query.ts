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

/**
 * `--sbom` and `--provenance`, as attributes by kind. A store of images that are no indexes holds no attestations: then the
 * docker driver says so of whatever is not switched off.
 *
 * Differs from Docker: where nothing is said, none is made (buildx adds provenance of mode min).
 */
export async function attestations(cli: DockerCli, flags: FlagSet): Promise<string | undefined> {
  const wanted: Record<string, string> = {};
  for (const name of ['sbom', 'provenance']) {
    const value = flags.string(name);
    if (!flags.changed(name) || /^(0|f|false)$/i.test(value) || /(^|,)disabled=true(,|$)/.test(value)) continue;
    if (/(^|,)generator=/.test(value)) throw new StatusError(1, `drydock: build --${name} generator= is not simulated`);
    wanted[name] = /^(1|t|true)$/i.test(value) ? '' : value;
  }
  if (Object.keys(wanted).length === 0) return undefined;
  const { DriverStatus = [] } = await cli.client.json<{ DriverStatus?: [string, string][] }>('GET', '/info');
  if (DriverStatus.some(([key, value]) => key === 'driver-type' && value === 'io.containerd.snapshotter.v1'))
    return JSON.stringify(wanted);
  throw new StatusError(
    1,
    'ERROR: failed to build: Attestation is not supported for the docker driver.\nSwitch to a different driver, or turn on the containerd image store, and try again.\nLearn more at https://docs.docker.com/go/attestations/',
  );
}
