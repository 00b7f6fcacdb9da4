import { purlOf, spdxDocument } from '../../../sbom/index.ts';
import { rfc3339Nano } from '../../../spec/index.ts';
import { flag } from '../../flag/index.ts';
import { type Command, StatusError } from '../command.ts';
import { report, requireLogin } from './analysis.ts';
import { type Artifact, openArtifact } from './artifact.ts';
import { commonFlags } from './flags.ts';
import { ScoutService } from './service.ts';
import { scoutVersion } from './version.ts';

export const sbom: Command = {
  name: 'sbom',
  use: '[IMAGE|DIRECTORY|ARCHIVE]',
  short: 'Generate or display SBOM of an image',
  flags: [
    ...commonFlags,
    flag(
      'format',
      '',
      'string',
      `Output format:
- list: list of packages of the image
- json: json representation of the SBOM
- spdx: spdx representation of the SBOM
- cyclonedx: cyclone dx representation of the SBOM`,
      { default: '"json"' },
    ),
    flag(
      'only-package-type',
      '',
      'strings',
      'Comma separated list of package types (like apk, deb, rpm, npm, pypi, golang, etc)\nCan only be used with --format list',
    ),
  ],
  args: { max: 1 },
  async run(cli, flags, [target]) {
    const format = flags.string('format') || 'json';
    if (format === 'cyclonedx')
      throw new StatusError(1, 'drydock: docker scout sbom --format cyclonedx is not simulated');
    if (!['list', 'json', 'spdx'].includes(format)) throw new StatusError(1, `ERROR   unsupported format: ${format}`);
    requireLogin(cli);
    const artifact = await openArtifact(cli, new ScoutService(cli), target, flags.string('ref'));
    const types = flags.list('only-package-type');
    const text = {
      list: () => list(artifact, types),
      json: () => json(artifact),
      spdx: () => spdx(artifact, rfc3339Nano(cli.host.now())),
    };
    await report(cli, flags, text[format as keyof typeof text]());
    return 0;
  },
};

function list({ packages }: Artifact, types: readonly string[]): string {
  const rows = packages
    .filter(({ type }) => types.length === 0 || types.includes(type))
    .map(({ type, namespace, name, version }) => [
      namespace?.startsWith('@') ? `${namespace}/${name}` : name,
      version,
      type,
    ]);
  const heads = ['Name', 'Version', 'Type'];
  const sizes = heads.map((head, at) => Math.max(head.length, ...rows.map((row) => row[at]!.length)));
  const line = (cells: readonly string[]): string =>
    `  ${cells.map((cell, at) => cell.padEnd(sizes[at]!)).join('  ')}`.trimEnd();
  const rule = '─'.repeat(sizes.reduce((all, size) => all + size + 2, 2));
  return `\n${[line(heads), rule, ...rows.map(line)].join('\n')}\n`;
}

const json = ({ name, digest, platform, size, layers, packages }: Artifact): string => {
  const [os, architecture] = platform.split('/');
  return `${JSON.stringify(
    {
      source: { type: 'image', image: { name, digest, platform: { os, architecture }, size, diff_ids: layers } },
      artifacts: packages.map(({ path, layer, summary, license, ...one }) => ({
        ...one,
        purl: purlOf({ ...one, path, layer }),
        ...(summary && { description: summary }),
        ...(license && { licenses: [license] }),
        locations: [{ path, diff_id: layer }],
      })),
      descriptor: { name: 'docker-scout', version: scoutVersion },
    },
    null,
    2,
  )}\n`;
};

const spdx = ({ name, digest, packages }: Artifact, created: string): string =>
  `${JSON.stringify(spdxDocument(packages, { name, digest, created, tool: `Tool: docker-scout-${scoutVersion}` }), null, 2)}\n`;
