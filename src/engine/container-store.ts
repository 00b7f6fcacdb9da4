import type { RecordStore } from '../port/index.ts';
import { Container, type ContainerRecord } from './container.ts';
import { badRequest, conflict, notFound } from './errors.ts';

const bucket = 'containers';

/** The containers by id and name, and their records. Names are reserved before a container exists. */
export class ContainerStore {
  private readonly byId = new Map<string, Container>();
  private readonly names = new Map<string, string>();

  constructor(private readonly records: RecordStore) {
    for (const key of records.keys(bucket)) {
      this.add(new Container(structuredClone(records.get(bucket, key)) as ContainerRecord));
    }
  }

  /** In order of creation. */
  all(): Container[] {
    return [...this.byId.values()];
  }

  get(id: string): Container | undefined {
    return this.byId.get(id);
  }

  /** By full id, name, or unambiguous id prefix, in this order. 404 or 400. */
  find(reference: string): Container {
    const exact = this.byId.get(reference) ?? this.byId.get(this.names.get(reference.replace(/^\//, '')) ?? '');
    if (exact) return exact;
    if (/^[0-9a-f]+$/.test(reference)) {
      const matches = this.all().filter((container) => container.id.startsWith(reference));
      if (matches.length > 1) {
        throw badRequest(`Multiple IDs found with provided prefix: ${reference}`);
      }
      if (matches[0]) return matches[0];
    }
    throw notFound(`No such container: ${reference}`);
  }

  lookup(reference: string): Container | undefined {
    try {
      return this.find(reference);
    } catch {
      return undefined;
    }
  }

  nameTaken(name: string): boolean {
    return this.names.has(name);
  }

  /** moby daemon/names.go */
  reserve(name: string, id: string, asGiven = `/${name}`): void {
    if (!/^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/.test(name)) {
      throw badRequest(`Invalid container name (${asGiven}), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed`);
    }
    const owner = this.names.get(name);
    if (owner !== undefined && owner !== id) {
      throw conflict(
        `Conflict. The container name "/${name}" is already in use by container "${owner}". You have to remove (or rename) that container to be able to reuse that name.`,
      );
    }
    this.names.set(name, id);
  }

  release(name: string): void {
    this.names.delete(name);
  }

  add(container: Container): void {
    this.byId.set(container.id, container);
    this.names.set(container.name, container.id);
  }

  save(container: Container): void {
    this.records.put(bucket, container.id, structuredClone(container.record));
  }

  delete(container: Container): void {
    this.byId.delete(container.id);
    if (this.names.get(container.name) === container.id) this.names.delete(container.name);
    this.records.delete(bucket, container.id);
  }
}
