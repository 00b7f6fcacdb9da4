/**
 * Port Snapshotter over any world's host files, laid out as Docker's overlay2 driver does it:
 *
 *   /var/lib/docker/overlay2/<64 hex>/diff     what this snapshot itself holds
 *                                    /link     its short name
 *                                    /lower    short paths of what is below: l/ABC...:l/DEF...
 *                                    /work     overlayfs's workdir      (only with a parent)
 *                                    /merged   where it is mounted      (only with a parent)
 *                                    /committed                         (once something stands on it)
 *   /var/lib/docker/overlay2/l/<26 letters>  -> ../<64 hex>/diff
 *
 * What is known about the snapshots rests in the record store, so it is kept and restored with it.
 */
import type {
  Clock,
  Entropy,
  RecordStore,
  SnapshotInfo,
  SnapshotKind,
  Snapshotter,
  Tree,
  Usage,
} from '../port/index.ts';
import { randomHex, SnapshotError } from '../port/index.ts';
import { type Mount, type Pause, paced, type Steps, type Timespec, textContent } from '../spec/index.ts';

export interface OverlaySnapshotterOptions {
  /** The host's '/'. */
  host: Tree;
  records: RecordStore;
  entropy: Entropy;
  clock: Pick<Clock, 'now'>;
  /** Gives way in long work. */
  pause?: Pause;
  /** Default /var/lib/docker/overlay2. */
  root?: string;
}

interface SnapshotRecord {
  id: string;
  link: string;
  kind: SnapshotKind;
  parent: string;
  labels: Record<string, string>;
  created: Timespec;
}

const BUCKET = 'snapshots';
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

export class OverlaySnapshotter implements Snapshotter {
  private readonly root: string;

  constructor(protected readonly options: OverlaySnapshotterOptions) {
    this.root = options.root ?? '/var/lib/docker/overlay2';
  }

  async prepare(key: string, parent: string, labels: Record<string, string> = {}): Promise<Mount[]> {
    return this.create('active', key, parent, labels);
  }

  async view(key: string, parent: string, labels: Record<string, string> = {}): Promise<Mount[]> {
    return this.create('view', key, parent, labels);
  }

  async commit(name: string, key: string, labels: Record<string, string> = {}): Promise<void> {
    const record = this.need(key);
    if (record.kind !== 'active') throw new SnapshotError('failed-precondition', `snapshot ${key} is not active`);
    this.refuseExisting(name);
    this.options.records.put(BUCKET, name, { ...record, kind: 'committed', labels });
    this.options.records.delete(BUCKET, key);
  }

  async mounts(key: string): Promise<Mount[]> {
    const record = this.need(key);
    if (record.kind === 'committed') {
      throw new SnapshotError('failed-precondition', `snapshot ${key} is committed`);
    }
    return this.mountsOf(record);
  }

  async remove(key: string): Promise<void> {
    const record = this.need(key);
    if (record.kind === 'committed' && this.keys().some((other) => this.need(other).parent === key)) {
      throw new SnapshotError('failed-precondition', `cannot remove snapshot with child: ${key}`);
    }
    const { host, records } = this.options;
    records.delete(BUCKET, key);
    await paced(removing(host, inTree(this.directory(record))), this.options.pause);
    host.remove(inTree(`${this.root}/l/${record.link}`));
  }

  async stat(key: string): Promise<SnapshotInfo> {
    const { kind, parent, labels, created } = this.need(key);
    return { kind, name: key, parent, labels, created };
  }

  async usage(key: string): Promise<Usage> {
    const { host } = this.options;
    const seen = new Set<number>();
    let size = 0;
    const visit = (directory: string): void => {
      for (const name of host.readdir(directory)) {
        const path = `${directory}/${name}`;
        const stat = host.lstat(path)!;
        if (seen.has(stat.ino)) continue;
        seen.add(stat.ino);
        if (stat.type === 'directory') visit(path);
        else size += stat.size;
      }
    };
    visit(inTree(await this.upperDir(key)));
    return { inodes: seen.size + 1, size };
  }

  async list(): Promise<SnapshotInfo[]> {
    return Promise.all(this.keys().map((key) => this.stat(key)));
  }

  async upperDir(key: string): Promise<string> {
    return `${this.directory(this.need(key))}/diff`;
  }

  private create(kind: SnapshotKind, key: string, parent: string, labels: Record<string, string>): Mount[] {
    this.refuseExisting(key);
    const below = parent ? this.need(parent) : undefined;
    if (below && below.kind !== 'committed') {
      throw new SnapshotError('not-found', `parent snapshot ${parent} is not committed`);
    }
    const { entropy, clock, records } = this.options;
    const record: SnapshotRecord = {
      id: labels[directoryLabel] ?? randomHex(entropy, 64),
      link: shortName(entropy),
      kind,
      parent,
      labels,
      created: clock.now(),
    };
    this.makeDirectories(record, below);
    records.put(BUCKET, key, record);
    return this.mountsOf(record);
  }

  /** All or nothing: what was made is removed when the disk is full. */
  private makeDirectories(record: SnapshotRecord, below: SnapshotRecord | undefined): void {
    const { host } = this.options;
    this.ensureRoot();
    const directory = inTree(this.directory(record));
    host.mkdir(directory, 0o710);
    try {
      host.mkdir(`${directory}/diff`, 0o755);
      host.symlink(`${inTree(this.root)}/l/${record.link}`, `../${record.id}/diff`);
      this.write(`${directory}/link`, record.link, 0o644);
      if (!below) return;
      host.mkdir(`${directory}/work`, 0o700);
      host.mkdir(`${directory}/merged`, 0o700);
      this.write(`${directory}/lower`, this.lowerLinks(record).join(':'), 0o644);
      this.write(`${inTree(this.directory(below))}/committed`, '', 0o600);
    } catch (error) {
      host.remove(directory);
      throw error;
    }
  }

  private ensureRoot(): void {
    const { host } = this.options;
    let path = '';
    for (const part of [...this.root.split('/').filter(Boolean), 'l']) {
      path = path ? `${path}/${part}` : part;
      if (!host.lstat(path)) host.mkdir(path, part === 'l' ? 0o700 : 0o710);
    }
  }

  private write(path: string, text: string, mode: number): void {
    this.options.host.writeFile(path, textContent(text));
    this.options.host.chmod(path, mode);
  }

  /** Short paths of all that is below, topmost first. */
  private lowerLinks(record: SnapshotRecord): string[] {
    const links: string[] = [];
    for (let at = record.parent; at; ) {
      const below = this.need(at);
      links.push(`l/${below.link}`);
      at = below.parent;
    }
    return links;
  }

  private mountsOf(record: SnapshotRecord): Mount[] {
    const directory = this.directory(record);
    const lower = this.lowerLinks(record).map((link) => `${this.root}/${link}`);
    const readonly = record.kind === 'view';
    if (lower.length === 0) return [bind(`${directory}/diff`, readonly)];
    if (readonly && lower.length === 1) return [bind(`${this.directory(this.need(record.parent))}/diff`, true)];
    const options = [`lowerdir=${lower.join(':')}`];
    if (!readonly) options.push(`upperdir=${directory}/diff`, `workdir=${directory}/work`);
    return [{ type: 'overlay', source: 'overlay', target: '/', options }];
  }

  private directory(record: SnapshotRecord): string {
    return `${this.root}/${record.id}`;
  }

  private keys(): string[] {
    return this.options.records.keys(BUCKET);
  }

  private need(key: string): SnapshotRecord {
    const record = this.options.records.get(BUCKET, key);
    if (!record) throw new SnapshotError('not-found', `snapshot ${key} does not exist`);
    return record as SnapshotRecord;
  }

  private refuseExisting(key: string): void {
    if (this.options.records.get(BUCKET, key)) throw new SnapshotError('already-exists', `snapshot ${key} exists`);
  }
}

/** Label that chooses the name of a snapshot's directory (Docker names a container's init layer after the container's). */
export const directoryLabel = 'drydock/directory';

/** rm -rf, a name a step. */
function* removing(tree: Tree, path: string): Steps<void> {
  for (const name of tree.readdir(path)) {
    yield;
    const below = `${path}/${name}`;
    if (tree.lstat(below)?.type === 'directory') yield* removing(tree, below);
    else tree.remove(below);
  }
  tree.remove(path);
}

const bind = (source: string, readonly: boolean): Mount => ({
  type: 'bind',
  source,
  target: '/',
  options: [readonly ? 'ro' : 'rw', 'rbind'],
});

/** A path of the host as its tree wants it. */
const inTree = (path: string): string => path.slice(1);

/** 26 letters, as the driver's short names: they keep the mount's options within one page. */
const shortName = (entropy: Entropy): string => Array.from(entropy.bytes(26), (byte) => BASE32[byte & 31]).join('');
