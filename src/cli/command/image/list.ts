import type { ImageSummary } from '../../../spec/index.ts';
import type { DockerCli } from '../../docker-cli.ts';
import { flag } from '../../flag/index.ts';
import {
  chooseFormat,
  formatHelp,
  goTime,
  humanDuration,
  humanSize,
  type Listing,
  printListing,
  shortId,
} from '../../format/index.ts';
import type { Command } from '../command.ts';
import { StatusError } from '../command.ts';
import { filterQuery } from '../filters.ts';

export interface ImageRow {
  image: ImageSummary;
  repository: string;
  tag: string;
  digest: string;
}

export const ls: Command = {
  name: 'ls',
  use: '[OPTIONS] [REPOSITORY[:TAG]]',
  short: 'List images',
  aliases: ['list'],
  aliasText: 'docker image ls, docker image list, docker images',
  flags: [
    flag('all', 'a', 'bool', 'Show all images (default hides intermediate images)'),
    flag('digests', '', 'bool', 'Show digests'),
    flag('filter', 'f', 'filter', 'Filter output based on conditions provided'),
    flag('format', '', 'string', formatHelp),
    flag('no-trunc', '', 'bool', "Don't truncate output"),
    flag('quiet', 'q', 'bool', 'Only show image IDs'),
    flag('tree', '', 'bool', 'List multi-platform images as a tree (EXPERIMENTAL)', { since: '1.47' }),
  ],
  args: { max: 1 },
  async run(cli, flags, [reference]) {
    if (flags.bool('tree')) throw new StatusError(1, 'drydock: images --tree is not simulated');
    const quiet = flags.bool('quiet');
    const whole = flags.bool('no-trunc');
    const filters = [...flags.list('filter'), ...(reference ? [`reference=${reference}`] : [])];
    const images = await cli.client.json<ImageSummary[]>('GET', '/images/json', {
      query: { all: flags.bool('all'), filters: filterQuery(filters) },
    });
    const digests = flags.bool('digests') || /\.Digest\b/.test(flags.string('format'));
    const table = `{{.Repository}}\t{{.Tag}}${flags.bool('digests') ? '\t{{.Digest}}' : ''}\t{{.ID}}\t{{if .CreatedSince }}{{.CreatedSince}}{{else}}N/A{{end}}\t{{.Size}}`;
    const raw = quiet
      ? 'image_id: {{.ID}}'
      : `repository: {{.Repository}}\n${digests ? '{{- if .Digest}}\ntag: {{.Tag}}\ndigest: {{.Digest}}{{- end}}\n' : 'tag: {{.Tag}}\n'}image_id: {{.ID}}\ncreated_at: {{.CreatedAt}}\nvirtual_size: {{.Size}}\n`;
    const format = chooseFormat(cli, flags.string('format'), quiet, 'imagesFormat', table, '{{.ID}}', raw);
    const rows = images.flatMap((image) => imageRows(image, digests));
    await printListing(cli, format, rows, imageListing(cli, whole));
    return 0;
  },
};

export const images: Command = { ...ls, name: 'images', aliases: [], top: 7 };

/** A row of images; `whole`: its id is not cut. */
export function imageListing(cli: DockerCli, whole: boolean): Listing<ImageRow> {
  const { sec } = cli.host.now();
  return {
    type: '*formatter.imageContext',
    headers: {
      ID: 'IMAGE ID',
      Repository: 'REPOSITORY',
      Tag: 'TAG',
      Digest: 'DIGEST',
      CreatedSince: 'CREATED',
      CreatedAt: 'CREATED AT',
      Size: 'SIZE',
      Containers: 'CONTAINERS',
      VirtualSize: 'SIZE',
      SharedSize: 'SHARED SIZE',
      UniqueSize: 'UNIQUE SIZE',
    },
    fields: ({ image, repository, tag, digest }) => ({
      ID: whole ? image.Id : shortId(image.Id),
      Repository: repository,
      Tag: tag,
      Digest: digest,
      CreatedSince: `${humanDuration(sec - image.Created)} ago`,
      CreatedAt: goTime(image.Created, cli.host.timezone({ sec: image.Created, nsec: 0 })),
      Size: humanSize(image.Size, 3),
      Containers: image.Containers >= 0 ? String(image.Containers) : 'N/A',
      VirtualSize: humanSize(image.Size),
      SharedSize: image.SharedSize >= 0 ? humanSize(image.SharedSize) : 'N/A',
      UniqueSize: image.SharedSize >= 0 ? humanSize(image.Size - image.SharedSize) : 'N/A',
    }),
  };
}

/** One row per tag; an image without a name has one row of `<none>`. */
function imageRows(image: ImageSummary, digests: boolean): ImageRow[] {
  const tags = (image.RepoTags ?? []).filter((tag) => tag !== '<none>:<none>');
  const known = (image.RepoDigests ?? [])
    .filter((digest) => !digest.startsWith('<none>'))
    .map((digest) => digest.split('@') as [string, string]);
  const none = '<none>';
  if (tags.length === 0 && known.length === 0) return [{ image, repository: none, tag: none, digest: none }];
  const named = tags.map((text) => ({
    repository: text.slice(0, text.lastIndexOf(':')),
    tag: text.slice(text.lastIndexOf(':') + 1),
  }));
  const rows = named.flatMap(({ repository, tag }) => {
    const own = known.filter(([name]) => name === repository);
    return digests && own.length
      ? own.map(([, digest]) => ({ image, repository, tag, digest }))
      : [{ image, repository, tag, digest: none }];
  });
  const untagged = known.filter(([name]) => !named.some(({ repository }) => repository === name));
  return [...rows, ...untagged.map(([repository, digest]) => ({ image, repository, tag: none, digest }))];
}
