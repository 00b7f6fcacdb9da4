import type { FileReference, FileSpec, VolumeMountSpec } from '../../../compose/index.ts';
import type { ContainerSummary, ImageInspect, MountRequest } from '../../../spec/index.ts';
import { parseBytes } from '../../flag/index.ts';
import { StatusError } from '../command.ts';
import type { Compose } from './compose.ts';
import { type ActiveProject, type ActiveService, imageOf } from './project.ts';

/** What is mounted into a container of a service: binds as text where the old form will do, else mounts. */
export async function containerMounts(
  compose: Compose,
  project: ActiveProject,
  service: ActiveService,
  inherit?: ContainerSummary,
): Promise<{ binds: string[]; mounts: MountRequest[] }> {
  const binds: string[] = [];
  const mounts: MountRequest[] = [];
  for (const mount of await mountOptions(compose, project, service, inherit)) {
    const own = service.volumes?.find(({ target }) => target === mount.Target);
    const named = Object.values(project.volumes).some(({ name }) => name === mount.Source);
    if (mount.Type === 'bind' && own && !needsMountApi(own)) binds.push(bindText(mount.Source!, own));
    else if (mount.Type === 'volume' && own && named && !needsMountApi(own)) binds.push(bindText(mount.Source!, own));
    else if (mount.Type === 'image' && !(await compose.apiAtLeast('1.48')))
      throw new StatusError(1, 'volume with type=image require Docker Engine v28 or later');
    else mounts.push(mount);
  }
  return { binds, mounts };
}

function needsMountApi({ bind, volume }: VolumeMountSpec): boolean {
  const bound = bind && (bind.create_host_path === false || bind.propagation);
  return Boolean(bound || volume?.nocopy);
}

function bindText(source: string, { target, read_only, bind, volume }: VolumeMountSpec): string {
  const options = [
    read_only ? 'ro' : 'rw',
    ...(bind?.selinux ? [bind.selinux] : []),
    ...(bind?.propagation ? [bind.propagation] : []),
    ...(volume?.nocopy ? ['nocopy'] : []),
  ];
  return `${source}:${target}:${options.join(',')}`;
}

async function mountOptions(
  compose: Compose,
  project: ActiveProject,
  service: ActiveService,
  inherit: ContainerSummary | undefined,
): Promise<MountRequest[]> {
  const mounts = new Map<string, MountRequest>();
  const inherited = await inheritedMounts(compose, project, service, inherit);
  for (const mount of inherited) mounts.set(mount.Target!, mount);
  for (const volume of service.volumes ?? []) {
    // An anonymous volume goes on as what it was.
    if (!volume.source && mounts.has(volume.target)) continue;
    mounts.set(volume.target, mountOf(project, volume));
  }
  for (const mount of [
    ...(await secretMounts(compose, project, service)),
    ...(await configMounts(compose, project, service)),
  ])
    if (!mounts.has(mount.Target!)) mounts.set(mount.Target!, mount);
  return [...mounts.values()];
}

/** The anonymous volumes of the container that is replaced. */
async function inheritedMounts(
  { client, separator }: Compose,
  project: ActiveProject,
  service: ActiveService,
  inherit: ContainerSummary | undefined,
): Promise<MountRequest[]> {
  const candidates = (inherit?.Mounts ?? []).filter(({ Type }) => Type !== 'tmpfs');
  if (candidates.length === 0) return [];
  const image = imageOf(service, project, separator);
  const { Config } = await client.json<ImageInspect>('GET', `/images/${image}/json`);
  const ofImage = new Set(Object.keys(Config?.Volumes ?? {}));
  const anonymous = new Set((service.volumes ?? []).flatMap(({ source, target }) => (source ? [] : [target])));
  return candidates
    .filter(({ Destination }) => ofImage.has(Destination) || anonymous.has(Destination))
    .map(({ Type, Name, Source, Destination, RW }) => ({
      Type,
      Source: Type === 'volume' ? Name : Source,
      Target: Destination,
      ReadOnly: !RW,
    }));
}

function mountOf(project: ActiveProject, volume: VolumeMountSpec): MountRequest {
  const { type, source, target, read_only, consistency, bind, tmpfs } = volume;
  if (volume.volume?.subpath) throw new StatusError(1, 'drydock: the subpath of a volume is not simulated');
  const named = type === 'volume' && source ? project.volumes[source]?.name : undefined;
  return {
    Type: type,
    Source: named ?? source,
    Target: target,
    ReadOnly: read_only,
    Consistency: consistency,
    ...(type === 'bind' && bind
      ? { BindOptions: { Propagation: bind.propagation, CreateMountpoint: bind.create_host_path ?? true } }
      : {}),
    ...(type === 'volume' && volume.volume ? { VolumeOptions: { NoCopy: volume.volume.nocopy } } : {}),
    ...(type === 'tmpfs' && tmpfs
      ? { TmpfsOptions: { SizeBytes: tmpfs.size === undefined ? 0 : parseBytes(String(tmpfs.size)), Mode: tmpfs.mode } }
      : {}),
  };
}

async function secretMounts(compose: Compose, project: ActiveProject, service: ActiveService): Promise<MountRequest[]> {
  const out: MountRequest[] = [];
  for (const reference of service.secrets ?? []) {
    const file = project.secrets[reference.source];
    refuse(file, 'secret', 'secrets');
    if (!file?.file) continue;
    await warnOwner(compose, reference, 'secrets');
    if (!compose.cli.host.files.stat(file.file)) await compose.warn(`secret file ${file.name} does not exist`);
    const target = secretTarget(reference);
    out.push({
      Type: 'bind',
      Source: file.file,
      Target: target,
      ReadOnly: true,
      BindOptions: { CreateMountpoint: false },
    });
  }
  return out;
}

async function configMounts(compose: Compose, project: ActiveProject, service: ActiveService): Promise<MountRequest[]> {
  const out: MountRequest[] = [];
  for (const reference of service.configs ?? []) {
    const file = project.configs[reference.source];
    refuse(file, 'config', 'configs');
    if (!file || file.environment || file.content) continue;
    await warnOwner(compose, reference, 'config');
    out.push({ Type: 'bind', Source: file.file, Target: configTarget(reference), ReadOnly: true });
  }
  return out;
}

/** Where in the container a secret is. */
export const secretTarget = ({ source, target }: FileReference): string =>
  target?.startsWith('/') ? target : `/run/secrets/${target || source}`;
export const configTarget = ({ source, target }: FileReference): string =>
  target?.startsWith('/') ? target : `/${target || source}`;

function refuse(file: FileSpec | undefined, kind: string, kinds: string): void {
  if (file?.external) throw new StatusError(1, `unsupported external ${kind} ${file.name}`);
  const { driver, template_driver } = (file ?? {}) as { driver?: string; template_driver?: string };
  if (driver) throw new StatusError(1, `Docker Compose does not support ${kinds}.*.driver`);
  if (template_driver) throw new StatusError(1, `Docker Compose does not support ${kinds}.*.template_driver`);
}

async function warnOwner(compose: Compose, { uid, gid, mode }: FileReference, kind: string): Promise<void> {
  if (uid || gid || mode !== undefined)
    await compose.warn(`${kind} \`uid\`, \`gid\` and \`mode\` are not supported, they will be ignored`);
}
