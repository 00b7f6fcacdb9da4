import { formatReference, type Platform } from '../../../spec/index.ts';
import { type FlagSet, flag } from '../../flag/index.ts';
import type { Command } from '../command.ts';
import { StatusError } from '../command.ts';
import { normalised, platformOf } from './remote.ts';
import { ManifestStore } from './store.ts';

export const manifestAnnotate: Command = {
  name: 'annotate',
  use: '[OPTIONS] MANIFEST_LIST MANIFEST',
  args: { exact: 2 },
  short: 'Add additional information to a local image manifest',
  flags: [
    flag('arch', '', 'string', 'Set architecture'),
    flag('os', '', 'string', 'Set operating system'),
    flag('os-features', '', 'strings', 'Set operating system feature'),
    flag('os-version', '', 'string', 'Set operating system version'),
    flag('variant', '', 'string', 'Set architecture variant'),
  ],
  async run(cli, flags, [target, image]) {
    const list = named('manifest list', target!);
    const name = named('manifest', image!);
    const store = new ManifestStore(cli);
    const manifest = store.get(list, name);
    if (!manifest) throw new StatusError(1, `manifest for image ${image} does not exist in ${target}`);
    const platform = annotated(manifest.Descriptor.platform, flags);
    if (!known(platform)) {
      const given = `${flags.string('os')}/${flags.string('arch')}`;
      throw new StatusError(1, `manifest entry for image has unsupported os/arch combination: ${given}`);
    }
    store.save(list, name, { ...manifest, Descriptor: { ...manifest.Descriptor, platform } });
    return 0;
  },
};

function annotated(platform: Platform | undefined, flags: FlagSet): Platform {
  const features = [...new Set([...(platform?.['os.features'] ?? []), ...flags.list('os-features')])];
  return platformOf({
    architecture: flags.string('arch') || platform?.architecture,
    os: flags.string('os') || platform?.os,
    'os.version': flags.string('os-version') || platform?.['os.version'],
    'os.features': features,
    variant: flags.string('variant') || platform?.variant,
  });
}

function named(what: string, text: string): string {
  try {
    return formatReference(normalised(text));
  } catch (error) {
    throw new StatusError(1, `annotate: error parsing name for ${what} ${text}: ${(error as Error).message}`);
  }
}

/** What Go builds for (cli/command/manifest/util.go). */
const architectures: Record<string, string> = {
  darwin: '386 amd64 arm arm64',
  dragonfly: 'amd64',
  freebsd: '386 amd64 arm',
  linux: '386 amd64 arm arm64 ppc64le mips64 mips64le riscv64 s390x',
  netbsd: '386 amd64 arm',
  openbsd: '386 amd64 arm',
  plan9: '386 amd64',
  solaris: 'amd64',
  windows: '386 amd64',
};

const known = ({ os, architecture }: Platform): boolean =>
  Object.hasOwn(architectures, os) && architectures[os]!.split(' ').includes(architecture);
