import { parseRfc3339 } from '../../../spec/index.ts';
import type { DockerCli } from '../../docker-cli.ts';
import { flag } from '../../flag/index.ts';
import { humanDuration, shortId } from '../../format/index.ts';
import type { Command } from '../command.ts';
import { analyse, report } from './analysis.ts';
import { candidates, compareSeries } from './candidates.ts';
import { badges, difference, total } from './counts.ts';
import { megabytes } from './cves.ts';
import { commonFlags, refuse } from './flags.ts';
import type { HubImage } from './service.ts';
import { centred, table } from './table.ts';

export const recommendations: Command = {
  name: 'recommendations',
  use: '[IMAGE|DIRECTORY|ARCHIVE]',
  short: 'Display available base image updates and remediation recommendations',
  flags: [
    ...commonFlags,
    flag('only-refresh', '', 'bool', 'Only display base image refresh recommendations'),
    flag('only-update', '', 'bool', 'Only display base image update recommendations'),
    flag('tag', '', 'string', 'Specify tag'),
  ],
  args: { max: 1 },
  async run(cli, flags, args) {
    refuse(flags, ['org', 'tag']);
    const { artifact, base, service } = await analyse(cli, flags, args);
    const head = table([
      ['  Target ', `  ${artifact.target}  `],
      ['    digest ', `  ${shortId(artifact.digest)}  `],
    ]);
    if (!base) {
      await report(cli, flags, `\n${head}\n## Recommended fixes\n\n  No base image detected\n`);
      return 0;
    }
    const parts = [
      `\n${head}`,
      '## Recommended fixes\n',
      `  Base image is  ${base.repository}:${base.tag} \n`,
      facts(cli, base),
    ];
    if (!flags.bool('only-update')) parts.push('', refresh());
    if (!flags.bool('only-refresh')) parts.push('', change(cli, base, await service.tags(base.repository)));
    await report(cli, flags, parts.join('\n'));
    return 0;
  },
};

const since = (cli: DockerCli, created: string): string => {
  const then = parseRfc3339(created);
  return then ? `${humanDuration(Math.max(0, cli.host.now().sec - then.sec))} ago` : '';
};

function facts(cli: DockerCli, base: HubImage): string {
  return table([
    ['  Name ', `  ${base.tag}  `],
    ['  Digest ', `  ${base.digest}  `],
    ['  Vulnerabilities ', `${badges(base.counts)}  `],
    ['  Pushed ', ` ${since(cli, base.created)} `],
    ['  Size ', ` ${megabytes(base.size)} `],
    ['  Packages ', ` ${base.packages.length} `],
    ...(base.runtime ? [['  Runtime ', ` ${base.runtime} `]] : []),
  ]);
}

/** Found by its layers, the base is what the Hub has now. */
const refresh = (): string => `Refresh base image
  Rebuild the image using a newer base image version. Updating this may result in breaking changes.

  ✓ This image version is up to date.
`;

function change(cli: DockerCli, base: HubImage, tags: readonly HubImage[]): string {
  const head =
    'Change base image\n  The list displays new recommended tags in descending order, where the top results are rated as most suitable.\n';
  const found = candidates(base, tags);
  if (found.length === 0) return `${head}\n  ✓ There are no tag recommendations at this time.\n`;
  const rows = found.flatMap(({ image }) => row(cli, base, image));
  const widths = [0, 1, 2, 3].map((at) =>
    Math.max(titles[at]!.length + 2, ...rows.map((cells) => [...cells[at]!].length)),
  );
  const heading = titles.map((title, at) => centred(title, widths[at]!)).join('│');
  const rule = widths.map((size) => '─'.repeat(size)).join('┼');
  return `${head}\n\n${heading}\n${rule}\n${table(rows.map((cells) => cells.map((cell, at) => cell.padEnd(widths[at]!))))}`;
}

const titles = ['Tag', 'Details', 'Pushed', 'Vulnerabilities'];

/** A tag's lines: names on the left, benefits and details, when, and how many. */
function row(cli: DockerCli, base: HubImage, image: HubImage): string[][] {
  const benefits = benefitsOf(base, image);
  const left = [`   ${image.tag} `, ...(benefits[0] ? [`  ${benefits[0]} `] : [])];
  if (image.aliases.length > 0) left.push('  Also known as: ', ...image.aliases.map((tag) => `  • ${tag} `));
  const middle = [' Benefits: ', ...benefits.map((one) => ` • ${one} `), '', ' Image details: '];
  middle.push(` • Size: ${megabytes(image.size)} `, ...(image.runtime ? [` • Runtime: ${image.runtime} `] : []));
  const right = [`${badges(image.counts)}  `, `${difference(base.counts, image.counts)}  `];
  const lines = Math.max(left.length, middle.length) + 2;
  return Array.from({ length: lines }, (_, at) => [
    left[at] ?? '',
    middle[at] ?? '',
    at === 0 ? ` ${since(cli, image.created)} ` : '',
    right[at] ?? '',
  ]);
}

/** Sizes this near count as the same. */
const similar = 2e6;

function benefitsOf(base: HubImage, image: HubImage): string[] {
  const [smaller, fewer] = [base.size - image.size, base.packages.length - image.packages.length];
  const before = new Set(base.vulnerabilities);
  const fresh = image.vulnerabilities.filter((one) => !before.has(one)).length;
  const [was, is] = [total(base.counts), total(image.counts)];
  return [
    compareSeries(image.runtime, base.runtime) > 0 && 'Major runtime version update',
    compareSeries(image.runtime, base.runtime) === 0 &&
      compareSeries(image.runtime, base.runtime, 2) > 0 &&
      'Minor runtime version update',
    Math.abs(smaller) <= similar
      ? 'Image has similar size'
      : smaller > 0 && `Image is smaller by ${megabytes(smaller)}`,
    fewer === 0 ? 'Image contains equal number of packages' : fewer > 0 && `Image contains ${fewer} fewer packages`,
    image.created > base.created && 'Tag was pushed more recently',
    fresh === 0 && is < was && `Image introduces no new vulnerability but removes ${was - is}`,
    was === is && 'Image has same number of vulnerabilities',
    /(^|-)slim/.test(image.tag) && !/(^|-)slim/.test(base.tag) && 'Tag is using slim variant',
  ].filter((one) => one !== false);
}
