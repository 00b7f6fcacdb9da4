import { TarError } from '../../archive/index.ts';
import { ImageError, type SurveyedChange, type SurveyedLayer } from '../../image/index.ts';
import { type ImageReport, reportArchive } from '../archive-report.ts';
import { parse, UsageError } from '../usage.ts';

/**
 * `drydock image inspect-archive FILE.tar [--json]`: the layers of a `docker save` or OCI archive, what each changes,
 * wasted bytes and efficiency. Nothing is unpacked or held: the archive may be of any size. Exit status 1 also when a
 * layer could not be looked into.
 */
export async function image(args: string[]): Promise<number> {
  const { values, positionals } = parse({ args, allowPositionals: true, options: { json: { type: 'boolean' } } });
  const [verb, file] = positionals;
  if (verb !== 'inspect-archive' || !file)
    throw new UsageError('usage: drydock image inspect-archive FILE.tar [--json]');
  try {
    const reports = await reportArchive(file);
    process.stdout.write(values.json ? `${JSON.stringify(reports, null, 2)}\n` : reports.map(describe).join('\n'));
    return reports.some(({ layers }) => layers.some(({ problem }) => problem)) ? 1 : 0;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (!(error instanceof ImageError) && !(error instanceof TarError) && !code) throw error;
    process.stderr.write(`drydock image: ${file}: ${message}\n`);
    return 1;
  }
}

function describe(report: ImageReport): string {
  const lines = [
    `image ${report.id}`,
    ...report.references.map((reference) => `  ${reference}`),
    `  ${report.layers.length} layers, ${report.size} bytes`,
    `  efficiency ${(report.efficiency * 100).toFixed(4)} %`,
    `  wasted ${report.wastedBytes} bytes (${(report.wastedUserPercent * 100).toFixed(4)} % of what is above the base)`,
    ...report.inefficient.slice(0, 20).map(({ path, count, bytes }) => `    ${count} x ${bytes} bytes ${path}`),
    ...report.layers.flatMap(describeLayer),
  ];
  return `${lines.join('\n')}\n`;
}

const describeLayer = ({ diffId, size, createdBy, changes, problem }: SurveyedLayer, index: number): string[] => [
  '',
  `layer ${index + 1} ${diffId} ${size} bytes`,
  ...(createdBy ? [`  ${createdBy}`] : []),
  ...(problem ? [`  not looked into: ${problem}`] : []),
  ...changes.map((change) => `  ${describeChange(change)}`),
];

const signs = { added: 'A', changed: 'C', deleted: 'D' };

function describeChange({ kind, mode, uid, gid, size, path, target, opaque }: SurveyedChange): string {
  if (kind === 'deleted') return `D ${path}`;
  const attributes = `${mode.toString(8).padStart(4, '0')} ${uid}:${gid} ${String(size).padStart(9)}`;
  return `${signs[kind]} ${attributes} ${path}${target === undefined ? '' : ` -> ${target}`}${opaque ? ' (opaque)' : ''}`;
}
