import type { ContainerConfig, Digest } from '../../spec/index.ts';
import type { Backend, BuildImage } from '../backend.ts';
import type { State } from './state.ts';

/** What the cache said, and why. */
export type Decision = { hit: true; image: BuildImage; reason: string } | { hit: false; reason: string };

const sameList = (a: readonly string[] | null | undefined, b: readonly string[] | null | undefined) =>
  (a?.length ?? 0) === (b?.length ?? 0) && (a ?? []).every((item, index) => item === b![index]);
const sameMap = (a: object | null | undefined, b: object | null | undefined) =>
  sameList(
    Object.entries(a ?? {})
      .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
      .sort(),
    Object.entries(b ?? {})
      .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
      .sort(),
  );

/** Differences that make a config another one for the cache. WorkingDir and the like count through the command's text. */
const compared: [string, (a: ContainerConfig, b: ContainerConfig) => boolean][] = [
  ['user', (a, b) => a.User === b.User],
  ['command', (a, b) => sameList(a.Cmd, b.Cmd)],
  ['environment', (a, b) => sameList(a.Env, b.Env)],
  ['labels', (a, b) => sameMap(a.Labels, b.Labels)],
  ['exposed ports', (a, b) => sameMap(a.ExposedPorts, b.ExposedPorts)],
  ['entrypoint', (a, b) => sameList(a.Entrypoint, b.Entrypoint)],
  ['volumes', (a, b) => sameMap(a.Volumes, b.Volumes)],
];

/**
 * The classic cache: an image whose parent is this stage's image and which was made by the same command under the same
 * config. Once a stage has missed it does not look again.
 */
export class Probe {
  private missed = false;
  constructor(
    private readonly backend: Backend,
    private readonly disabled: boolean,
    /** --cache-from: only what these images were built through counts. */
    private readonly sources: readonly string[] = [],
  ) {}

  async look(state: State, wanted: ContainerConfig): Promise<Decision> {
    if (this.disabled) return { hit: false, reason: '--no-cache' };
    if (this.missed) return { hit: false, reason: 'an earlier step of this stage was not cached' };
    const children = await this.backend.children(state.imageId);
    const match = await this.firstUsable(children.filter((child) => differences(child, wanted).length === 0));
    if (match)
      return { hit: true, image: match, reason: `the same instruction was already run on ${short(state.imageId)}` };
    this.missed = true;
    return { hit: false, reason: missReason(children, wanted, state) };
  }

  private async firstUsable(images: readonly BuildImage[]): Promise<BuildImage | undefined> {
    for (const image of images) if (await this.isUsable(image)) return image;
    return undefined;
  }

  /** Without --cache-from anything is; with it, an image named there and what stands below one. */
  private async isUsable({ id }: BuildImage): Promise<boolean> {
    if (this.sources.length === 0) return true;
    for (const source of this.sources) {
      const top = await this.backend.localImage(source);
      if (top && (top.id === id || (await this.isBelow(id, top.id)))) return true;
    }
    return false;
  }

  private async isBelow(id: Digest, top: Digest): Promise<boolean> {
    for (const child of await this.backend.children(id)) {
      if (child.id === top || (await this.isBelow(child.id, top))) return true;
    }
    return false;
  }
}

const short = (id: string): string => (id === '' ? 'scratch' : id.replace('sha256:', '').slice(0, 12));

function differences(child: BuildImage, wanted: ContainerConfig): string[] {
  const config = child.config.container_config;
  return config ? compared.filter(([, same]) => !same(config, wanted)).map(([name]) => name) : ['command'];
}

function missReason(children: readonly BuildImage[], wanted: ContainerConfig, state: State): string {
  if (children.length === 0) return `nothing was built on ${short(state.imageId)} yet`;
  const near = children.map((child) => differences(child, wanted)).sort((a, b) => a.length - b.length)[0]!;
  const copied = /#\(nop\) (COPY|ADD) (?:--chown=\S*?)?(?:file|dir|multi):[0-9a-f]{64} in (.*)$/;
  const place = copied.exec((wanted.Cmd ?? []).join(' '));
  const before = children.some((child) => {
    const other = copied.exec((child.config.container_config?.Cmd ?? []).join(' '));
    return place && other && other[1] === place[1] && other[2] === place[2];
  });
  if (before) return `what ${place![1]} copies to ${place![2]!.trim()} changed`;
  if (near.includes('command')) return `this instruction was not run on ${short(state.imageId)} before`;
  return `${near.join(' and ')} differ from the last time`;
}
