import { ContentStore } from '../content/index.ts';
import { ImageStore } from '../image/index.ts';
import { chainIds } from '../layer/index.ts';
import { randomHex } from '../port/index.ts';
import { type Digest, rfc3339Nano, type Timespec } from '../spec/index.ts';
import type { Container, Exec } from './container.ts';
import { ContainerStore } from './container-store.ts';
import { EventLog } from './event-log.ts';
import { LayerStore } from './layer-store.ts';
import { NetworkStore } from './network-store.ts';
import { PortAllocator } from './port-allocator.ts';
import type { EnginePorts } from './ports.ts';
import { defaultProfile, type Profile } from './texts.ts';
import { VolumeStore } from './volume-store.ts';

/** What every operation works on: the ports, and the stores built over them. */
export class Daemon {
  readonly profile: Profile;
  readonly content: ContentStore;
  readonly images: ImageStore;
  readonly layers: LayerStore;
  readonly containers: ContainerStore;
  readonly networks: NetworkStore;
  readonly volumes: VolumeStore;
  readonly events: EventLog;
  readonly portAllocator: PortAllocator;
  readonly execs = new Map<string, Exec>();
  /** Addresses on the default bridge that steps of running builds have. */
  readonly stepAddresses = new Set<number>();

  constructor(readonly ports: EnginePorts) {
    this.profile = ports.profile ?? defaultProfile;
    this.content = new ContentStore(ports.blobs);
    this.images = new ImageStore(this.content, ports.records);
    this.layers = new LayerStore(ports);
    this.containers = new ContainerStore(ports.records);
    this.networks = new NetworkStore(ports.records);
    this.volumes = new VolumeStore(ports.records);
    this.events = new EventLog(ports.clock);
    this.portAllocator = new PortAllocator();
  }

  private unwatched: Daemon | undefined;

  /** This daemon for whoever only looks at it (views, lessons): what it is asked then, nobody is told of. */
  get looked(): Daemon {
    const { unwatched: snapshotter = this.ports.snapshotter } = this.ports;
    this.unwatched ??= Object.create(this, {
      ports: { value: { ...this.ports, snapshotter } },
      layers: { value: this.layers.through(snapshotter) },
    }) as Daemon;
    return this.unwatched;
  }

  /** chainIDs that the build cache keeps alive. */
  keptLayers(): string[] {
    return this.cache().flatMap((record) => chainIds(record.layers));
  }

  /** diffIDs that the build cache keeps alive. */
  keptBlobs(): Digest[] {
    return this.cache().flatMap((record) => [...record.layers]);
  }

  private cache(): { layers: readonly Digest[] }[] {
    const { records } = this.ports;
    return records.keys('build-cache').map((key) => records.get('build-cache', key) as { layers: readonly Digest[] });
  }

  /** How a layer is read off an upper directory. Differs from Docker: dockerd knows no SOURCE_DATE_EPOCH. */
  get layerTimes(): { latest?: Timespec } {
    return { latest: this.ports.sourceDateEpoch };
  }

  /** Now, as the API writes times. */
  now(): string {
    return rfc3339Nano(this.ports.clock.now());
  }

  newId(): string {
    // A numeric id would be taken for a truncated one by the CLI (moby pkg/stringid).
    for (;;) {
      const id = randomHex(this.ports.entropy, 64);
      if (!/^\d{12}/.test(id)) return id;
    }
  }

  containerEvent(container: Container, action: string, attributes: Record<string, string> = {}): void {
    const { id, name, config } = container.record;
    this.events.emit('container', action, id, { ...(config.Labels ?? {}), image: config.Image, name, ...attributes });
  }

  imageEvent(action: string, id: string, name: string): void {
    const labels = this.images.get(id as `sha256:${string}`)?.config.config?.Labels ?? {};
    this.events.emit('image', action, id, { ...labels, name });
  }

  networkEvent(action: string, network: { id: string; name: string; driver: string }, container?: string): void {
    const attributes = { name: network.name, type: network.driver, ...(container ? { container } : {}) };
    this.events.emit('network', action, network.id, attributes);
  }

  volumeEvent(action: string, name: string, attributes: Record<string, string> = {}): void {
    this.events.emit('volume', action, name, { driver: 'local', ...attributes });
  }

  /** A container's durable half is written, and whoever watches is told of its state. */
  save(container: Container): void {
    this.containers.save(container);
  }

  traceState(container: Container): void {
    const { id, name, state } = container.record;
    this.ports.tracer.emit({
      type: 'container.state',
      id,
      name,
      status: container.status,
      exitCode: state.exitCode,
      pid: state.pid,
    });
  }
}
