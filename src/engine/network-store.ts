import type { RecordStore } from '../port/index.ts';
import { badRequest, notFound } from './errors.ts';
import type { NetworkRecord } from './network-record.ts';

const bucket = 'networks';

/** The networks, in order of creation. */
export class NetworkStore {
  private readonly byId = new Map<string, NetworkRecord>();
  constructor(private readonly records: RecordStore) {
    for (const key of records.keys(bucket)) this.byId.set(key, records.get(bucket, key) as NetworkRecord);
  }

  all(): NetworkRecord[] {
    return [...this.byId.values()];
  }

  add(network: NetworkRecord): void {
    this.byId.set(network.id, network);
    this.records.put(bucket, network.id, network);
  }

  delete(network: NetworkRecord): void {
    this.byId.delete(network.id);
    this.records.delete(bucket, network.id);
  }

  byName(name: string): NetworkRecord | undefined {
    return this.all().find((network) => network.name === name);
  }

  /** By id, name or unambiguous id prefix (moby daemon.FindNetwork). */
  find(reference: string): NetworkRecord {
    const exact = this.byId.get(reference) ?? this.byName(reference);
    if (exact) return exact;
    const matches = reference === '' ? [] : this.all().filter((network) => network.id.startsWith(reference));
    if (matches.length > 1) {
      throw badRequest(`network ${reference} is ambiguous (${matches.length} matches found based on ID prefix)`);
    }
    if (!matches[0]) throw notFound(`network ${reference} not found`);
    return matches[0];
  }
}
