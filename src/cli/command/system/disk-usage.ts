import type { ContainerSummary, ImageSummary, Volume } from '../../../spec/index.ts';
import type { DockerCli } from '../../docker-cli.ts';
import {
  alignTabs,
  ellipsis,
  humanDuration,
  humanSize,
  type Listing,
  parseTemplate,
  rowStruct,
  shortId,
} from '../../format/index.ts';
import { Struct, type Value } from '../../template/index.ts';
import { containerListing } from '../container/list.ts';
import { imageListing } from '../image/list.ts';
import { volumeListing } from '../volume/volume.ts';

export interface CacheUsage {
  ID?: string;
  Type?: string;
  Size: number;
  CreatedAt?: string;
  LastUsedAt?: string;
  UsageCount?: number;
  InUse: boolean;
  Shared: boolean;
}

/** GET /system/df */
export interface Usage {
  LayersSize: number;
  Images: ImageSummary[] | null;
  Containers: ContainerSummary[] | null;
  Volumes: Volume[] | null;
  BuildCache: CacheUsage[] | null;
}

/** `docker system df -v`: one table per kind of object. */
export function verboseUsage(cli: DockerCli, usage: Usage): string {
  const now = cli.host.now().sec;
  const ago = (seconds: number): string => `${humanDuration(now - seconds)} ago`;
  const cache = usage.BuildCache ?? [];
  const cacheSize = cache.filter(({ Shared }) => !Shared).reduce((sum, { Size }) => sum + Size, 0);
  return [
    `Images space usage:\n\n${table(
      imageHead,
      (usage.Images ?? []).flatMap((image) => imageRows(image, ago)),
    )}\n`,
    `Containers space usage:\n\n${table(
      containerHead,
      (usage.Containers ?? []).map((item) => containerRow(item, ago)),
    )}\n`,
    `Local Volumes space usage:\n\n${table(['VOLUME NAME', 'LINKS', 'SIZE'], (usage.Volumes ?? []).map(volumeRow))}\n`,
    `Build cache usage: ${humanSize(cacheSize)}\n\n${table(
      cacheHead,
      cache.map((record) => cacheRow(record, ago)),
    )}`,
  ].join('');
}

/** `docker system df -v --format`: one template over all of it, its rows as their own lists have them. */
export function formattedUsage(cli: DockerCli, usage: Usage, format: string): string {
  const rows = <T>(items: readonly T[] | null, listing: Listing<T>): Value =>
    (items ?? []).map((item) => rowStruct(item, listing));
  const images = (usage.Images ?? []).map((image) => {
    const name = image.RepoTags?.[0] ?? '<none>:<none>';
    const at = name.lastIndexOf(':');
    return { image, repository: name.slice(0, at), tag: name.slice(at + 1), digest: '' };
  });
  const data = new Struct(
    '*formatter.diskUsageContext',
    new Map([
      ['Images', rows(images, imageListing(cli, true))],
      ['Containers', rows(usage.Containers, containerListing(cli, true, true))],
      ['Volumes', rows(usage.Volumes, volumeListing)],
      ['BuildCache', rows(usage.BuildCache, cacheListing(cli))],
    ]),
  );
  return parseTemplate(format === 'json' ? '{{json .}}' : format).execute(data);
}

function cacheListing(cli: DockerCli): Listing<CacheUsage> {
  const now = cli.host.now().sec;
  const since = (text: string | undefined): string =>
    text ? `${humanDuration(now - Date.parse(text) / 1000)} ago` : '';
  return {
    type: '*formatter.buildCacheContext',
    headers: {},
    fields: (record) => ({
      ID: record.ID ?? '',
      Parent: '',
      CacheType: record.Type ?? '',
      Size: humanSize(record.Size, 3),
      CreatedAt: record.CreatedAt ?? '',
      CreatedSince: since(record.CreatedAt),
      LastUsedAt: record.LastUsedAt ?? '',
      LastUsedSince: since(record.LastUsedAt),
      UsageCount: String(record.UsageCount ?? 0),
      InUse: String(record.InUse),
      Shared: String(record.Shared),
      Description: '',
    }),
  };
}

type Ago = (seconds: number) => string;

const table = (head: string[], rows: string[][]): string =>
  alignTabs([head, ...rows].map((cells) => `${cells.join('\t')}\n`).join(''));

const imageHead = ['REPOSITORY', 'TAG', 'IMAGE ID', 'CREATED', 'SIZE', 'SHARED SIZE', 'UNIQUE SIZE', 'CONTAINERS'];

function imageRows(image: ImageSummary, ago: Ago): string[][] {
  const names = image.RepoTags?.length ? image.RepoTags : ['<none>:<none>'];
  return names.map((name) => {
    const at = name.lastIndexOf(':');
    return [
      name.slice(0, at),
      name.slice(at + 1),
      shortId(image.Id),
      ago(image.Created),
      humanSize(image.Size, 3),
      humanSize(image.SharedSize),
      humanSize(image.Size - image.SharedSize),
      String(image.Containers),
    ];
  });
}

const containerHead = ['CONTAINER ID', 'IMAGE', 'COMMAND', 'LOCAL VOLUMES', 'SIZE', 'CREATED', 'STATUS', 'NAMES'];

const containerRow = (item: ContainerSummary, ago: Ago): string[] => [
  shortId(item.Id),
  item.Image,
  JSON.stringify(ellipsis(item.Command, 20)),
  String(item.Mounts.filter(({ Type }) => Type === 'volume').length),
  humanSize(item.SizeRw ?? 0, 3),
  ago(item.Created),
  item.Status,
  item.Names.map((name) => name.replace(/^\//, '')).join(','),
];

const volumeRow = (volume: Volume): string[] => [
  volume.Name,
  String(volume.UsageData?.RefCount ?? 0),
  humanSize(Math.max(0, volume.UsageData?.Size ?? 0)),
];

const cacheHead = ['CACHE ID', 'CACHE TYPE', 'SIZE', 'CREATED', 'LAST USED', 'USAGE', 'SHARED'];

const cacheRow = (record: CacheUsage, ago: Ago): string[] => [
  (record.ID ?? '').slice(0, 12),
  record.Type ?? '',
  humanSize(record.Size, 3),
  record.CreatedAt ? ago(Date.parse(record.CreatedAt) / 1000) : '',
  record.LastUsedAt ? ago(Date.parse(record.LastUsedAt) / 1000) : '',
  String(record.UsageCount ?? 0),
  String(record.Shared),
];
