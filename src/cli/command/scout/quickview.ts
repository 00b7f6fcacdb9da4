import { flag } from '../../flag/index.ts';
import { shortId } from '../../format/index.ts';
import type { Command } from '../command.ts';
import { type Analysis, analyse, next, noteDetected, report } from './analysis.ts';
import { candidates } from './candidates.ts';
import { badges, countOf, difference } from './counts.ts';
import { commonFlags, refuse } from './flags.ts';
import { table } from './table.ts';

export const quickview: Command = {
  name: 'quickview',
  use: '[IMAGE|DIRECTORY|ARCHIVE]',
  short: 'Quick overview of an image',
  aliases: ['qv'],
  aliasText: 'docker scout quickview, docker scout qv',
  flags: [...commonFlags, flag('latest', '', 'bool', 'Latest indexed image', { hidden: true })],
  args: { max: 1 },
  async run(cli, flags, args) {
    refuse(flags, ['org', 'latest']);
    const analysis = await analyse(cli, flags, args);
    await noteDetected(cli, analysis);
    await report(cli, flags, `\n${table(await rows(analysis))}`);
    const { name } = analysis.artifact;
    await next(cli, [
      ['View vulnerabilities', `docker scout cves ${name}`],
      ['View base image update recommendations', `docker scout recommendations ${name}`],
    ]);
    return 0;
  },
};

async function rows({ artifact, vulnerable, base, service }: Analysis): Promise<string[][]> {
  const counts = countOf(vulnerable.flatMap(({ findings }) => findings));
  const row = (label: string, text: string, numbers = ''): string[] => [`  ${label} `, `  ${text}  `, `${numbers}  `];
  const found = [row('Target', artifact.target, badges(counts)), row('  digest', shortId(artifact.digest))];
  if (!base) return found;
  found.push(row('Base image', `${base.repository}:${base.tag}`, badges(base.counts)));
  const [best] = candidates(base, await service.tags(base.repository)).filter(({ better }) => better);
  if (!best) return found;
  const { image } = best;
  found.push(row('Updated base image', `${image.repository}:${image.tag}`, badges(image.counts)));
  found.push(row('', '', difference(base.counts, image.counts)));
  return found;
}
