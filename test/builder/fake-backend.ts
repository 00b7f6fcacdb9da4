import type { Backend, BuildImage, CacheRecord, Layer, RunRequest, Workspace } from '../../src/builder/index.ts';
import { digestOfBytes } from '../../src/content/index.ts';
import type { Stdio } from '../../src/port/index.ts';
import { type ContainerConfig, type Digest, type ImageConfig, textContent, utf8 } from '../../src/spec/index.ts';
import { createTrace } from '../../src/trace/index.ts';
import { MemoryTree } from './memory-tree.ts';

export interface FakeProcess {
  args: readonly string[];
  env: readonly string[];
  cwd: string;
  user: string;
  tree: MemoryTree;
  out(text: string): void;
  err(text: string): void;
  mounts: RunRequest['mounts'];
}

/** Stands for a container's programs: gets the command line, returns the exit status or throws runc's text. */
export type FakeRun = (process: FakeProcess) => number;

const digestText = (text: string): Digest => digestOfBytes(utf8(text));
const snapshotText = (tree: MemoryTree) =>
  JSON.stringify([...tree.items].map(([path, { content, ino: _, ...rest }]) => [path, rest, content.size]).sort());

export const busybox = (() => {
  const tree = new MemoryTree();
  for (const directory of ['bin', 'etc', 'root', 'tmp']) tree.mkdir(directory, 0o755);
  tree.writeFile('bin/busybox', textContent('busybox'));
  tree.writeFile('etc/passwd', textContent('root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534::/:/bin/false\n'));
  tree.writeFile('etc/group', textContent('root:x:0:\nusers:x:100:\nnogroup:x:65534:\n'));
  return tree;
})();

/** An engine in a page: layers are whole trees, containers are records. */
export class FakeBackend implements Backend {
  private time = 1000;
  readonly trees = new Map<string, MemoryTree>();
  readonly images = new Map<Digest, { image: BuildImage; parent: Digest | '' }>();
  readonly tags = new Map<string, Digest>();
  readonly containers = new Map<string, { config: ContainerConfig; tree: MemoryTree; base: readonly Digest[] }>();
  readonly records = new Map<Digest, CacheRecord>();
  readonly directories = new Map<string, MemoryTree>();
  readonly tracer = createTrace();
  readonly platform = { architecture: 'amd64', os: 'linux' };
  readonly dockerVersion = '20.10.24+dfsg1';
  private counter = 0;

  constructor(private readonly run: FakeRun = () => 0) {
    this.trees.set('', new MemoryTree());
    const layer = this.layer([], busybox.clone());
    const config: ImageConfig = {
      architecture: 'amd64',
      os: 'linux',
      config: { Cmd: ['sh'] } as ContainerConfig,
      history: [{ comment: 'Imported from -' }],
      rootfs: { type: 'layers', diff_ids: [layer!.diffId] },
    };
    const id = digestText(JSON.stringify(config));
    this.images.set(id, { image: { id, config }, parent: '' });
    this.tags.set('docker.io/library/busybox:latest', id);
  }

  clock = {
    now: () => ({ sec: this.time++, nsec: 0 }),
    monotonic: () => this.time,
    timer: () => () => {},
    hold: () => () => {},
  };
  entropy = {
    bytes: (length: number) => {
      const text = digestText(`entropy${this.counter++}`).slice(7);
      return Uint8Array.from({ length }, (_, i) => Number.parseInt(text.slice((i % 32) * 2, (i % 32) * 2 + 2), 16));
    },
  };
  fetch = async (url: string): Promise<never> => {
    throw new Error(`dial tcp ${url.split('/')[2]}: connect: connection refused`);
  };
  cache = {
    get: async (key: Digest) => this.records.get(key),
    put: async (record: CacheRecord) => void this.records.set(record.key, record),
    list: async () => [...this.records.values()],
    directory: async (id: string) => {
      if (!this.directories.has(id)) this.directories.set(id, new MemoryTree());
      return `cache:${id}`;
    },
  };

  private key = (layers: readonly Digest[]) => layers.join(' ');

  tree(layers: readonly Digest[]): MemoryTree {
    return this.trees.get(this.key(layers))!;
  }

  private layer(base: readonly Digest[], tree: MemoryTree): Layer | null {
    const before = this.trees.get(this.key(base))!;
    if (snapshotText(before) === snapshotText(tree)) return null;
    const diffId = digestText(`${this.key(base)}|${snapshotText(tree)}`);
    this.trees.set(this.key([...base, diffId]), tree);
    return { diffId, chainId: digestText(this.key([...base, diffId])), size: 0 };
  }

  async localImage(reference: string): Promise<BuildImage | undefined> {
    const named = /^(?:[^/]+\/)/.test(reference) ? reference : `docker.io/library/${reference}`;
    const id = this.tags.get(named) ?? this.tags.get(`${named}:latest`) ?? (reference as Digest);
    return this.images.get(id)?.image;
  }
  async resolveImage(reference: string): Promise<BuildImage> {
    if (reference !== reference.toLowerCase())
      throw new Error('invalid reference format: repository name must be lowercase');
    const image = await this.localImage(reference);
    if (!image) throw new Error('Get "https://registry-1.docker.io/v2/": no network');
    return image;
  }
  async children(parent: Digest | ''): Promise<BuildImage[]> {
    return [...this.images.values()]
      .filter((one) => one.parent === parent && one.image.config.container_config)
      .map(({ image }) => image)
      .reverse();
  }
  async putImage(config: ImageConfig, parent: Digest | ''): Promise<Digest> {
    const id = digestText(JSON.stringify(config));
    this.images.set(id, { image: { id, config }, parent });
    return id;
  }
  async tag(id: Digest, reference: string): Promise<void> {
    this.tags.set(reference, id);
  }
  async createContainer(config: ContainerConfig) {
    const id = digestText(`container${this.counter++}`).slice(7);
    const base = config.Image ? this.images.get(config.Image as Digest)!.image.config.rootfs.diff_ids : [];
    this.containers.set(id, { config, base, tree: this.tree(base).clone() });
    return { id, warnings: [] };
  }
  async createWorkingDir(id: string): Promise<void> {
    const { config, tree } = this.containers.get(id)!;
    const parts = config.WorkingDir.split('/').filter(Boolean);
    parts.forEach((_, index) => {
      const path = parts.slice(0, index + 1).join('/');
      const stat = tree.lstat(path);
      if (stat && stat.type !== 'directory') throw new Error(`Cannot mkdir: ${config.WorkingDir} is not a directory`);
      if (!stat) tree.mkdir(path, 0o755);
    });
  }
  async startContainer(id: string, stdio: Stdio) {
    const { config, tree } = this.containers.get(id)!;
    const request = { args: config.Cmd ?? [], env: config.Env ?? [], cwd: config.WorkingDir || '/', user: config.User };
    return { code: this.execute({ ...request, mounts: [] }, tree, stdio) };
  }
  private execute(request: Omit<FakeProcess, 'tree' | 'out' | 'err'>, tree: MemoryTree, stdio: Stdio): number {
    return this.run({
      ...request,
      tree,
      out: (text) => void stdio.stdout(utf8(text)),
      err: (text) => void stdio.stderr(utf8(text)),
    });
  }
  async commitContainer(id: string): Promise<Layer | null> {
    const { tree, base } = this.containers.get(id)!;
    return this.layer(base, tree.clone());
  }
  async removeContainer(id: string): Promise<void> {
    this.containers.delete(id);
  }
  async open(layers: readonly Digest[]): Promise<Workspace> {
    const tree = this.tree(layers).clone();
    const root = '/var/lib/docker/overlay2/fake/merged';
    return {
      root,
      tree: async (use) => use(tree),
      run: async (request, stdio) => ({ code: this.execute(request, tree, stdio) }),
      path: async (inside = '') => root + (inside && `/${inside}`),
      commit: async () => this.layer(layers, tree),
      discard: async () => {},
    };
  }
  async view<T>(layers: readonly Digest[], use: (tree: MemoryTree) => T | Promise<T>): Promise<T> {
    return use(this.tree(layers));
  }
}
