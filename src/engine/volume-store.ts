import type { RecordStore } from '../port/index.ts';

const bucket = 'volumes';

/** JSON. */
export interface VolumeRecord {
  name: string;
  created: string;
  labels: Record<string, string> | null;
  options: Record<string, string> | null;
  /** Made for a container that named none. */
  anonymous: boolean;
}

export const volumesDir = '/var/lib/docker/volumes';
export const mountpointOf = (name: string): string => `${volumesDir}/${name}/_data`;

export class VolumeStore {
  private readonly byName = new Map<string, VolumeRecord>();
  constructor(private readonly records: RecordStore) {
    for (const key of records.keys(bucket)) this.byName.set(key, records.get(bucket, key) as VolumeRecord);
  }

  /** In order of creation. */
  all(): VolumeRecord[] {
    return [...this.byName.values()];
  }

  get(name: string): VolumeRecord | undefined {
    return this.byName.get(name);
  }

  add(volume: VolumeRecord): void {
    this.byName.set(volume.name, volume);
    this.records.put(bucket, volume.name, volume);
  }

  delete(name: string): void {
    this.byName.delete(name);
    this.records.delete(bucket, name);
  }
}
