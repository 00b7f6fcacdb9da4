/** Scenes as small SVG files that can be looked at: `layers/*.svg`. UPDATE_GOLDENS=1 writes them anew. */
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { chinese, dark, english, layersOutline, layersScene, layersSvg, light } from '../../src/diagram/index.ts';
import type { ContainerInfo, ImageInfo, Inspection, LayerChange, LayerInfo } from '../../src/trace/index.ts';

const digest = (n: number) => `sha256:${String(n).repeat(64).slice(0, 64)}`;

const change = (path: string, kind: LayerChange['kind']): LayerChange => ({
  path,
  kind,
  type: 'file',
  size: 9,
  mode: 0o644,
});

const layer = (n: number, parent: number, createdBy: string, more: Partial<LayerInfo> = {}): LayerInfo => ({
  chainId: digest(n),
  diffId: digest(n),
  parent: parent ? digest(parent) : '',
  size: n * 1_230_000,
  createdBy,
  added: n * 11,
  changed: 0,
  hidden: 0,
  notable: [],
  ...more,
});

const image = (reference: string, layers: number[]): ImageInfo => ({
  id: digest(layers.at(-1)!),
  parent: '',
  references: reference.split(' '),
  digests: [],
  size: 0,
  created: '',
  layers: layers.map(digest),
  history: [],
  config: { cmd: [], entrypoint: [], env: [], workingDir: '', user: '', exposedPorts: [], volumes: [], labels: {} },
});

const container = (name: string, on: number, more: Partial<ContainerInfo> = {}): ContainerInfo => ({
  id: `${name}-id`,
  name,
  imageId: digest(on),
  image: '',
  status: 'running',
  exitCode: 0,
  pid: 2317,
  command: ['/usr/sbin/nginx'],
  layer: digest(on),
  added: 0,
  changed: 0,
  hidden: 0,
  size: 0,
  notable: [],
  ports: [],
  networkMode: 'default',
  networks: [],
  mounts: [],
  ...more,
});

const host = (layers: LayerInfo[], images: ImageInfo[], containers: ContainerInfo[] = []): Inspection => ({
  kernel: { release: '6.8.0', hostname: 'dock' },
  layers,
  images,
  containers,
  networks: [],
  volumes: [],
  registries: [],
  logins: {},
  processes: [],
  cgroups: [],
  netNamespaces: [],
});

const base = layer(1, 0, '/bin/sh -c #(nop) ADD file:abc in / ');
const shared = host(
  [base, layer(2, 1, '/bin/sh -c apt-get install -y nginx'), layer(3, 1, 'COPY . /app # buildkit')],
  [image('ubuntu:latest', [1]), image('team/web:latest team/web:v1', [1, 2]), image('team/app:latest', [1, 3])],
);
const running = container('web', 2, {
  added: 1,
  changed: 1,
  ports: [{ host: '0.0.0.0:8080', container: '80/tcp' }],
  notable: [change('/etc/ports.conf', 'changed'), change('/run/nginx.pid', 'added')],
});
const stopped = container('old', 1, { status: 'exited', exitCode: 137, added: 4 });
const whiteouts = host(
  [base, layer(2, 1, 'bash', { hidden: 1, notable: [change('/etc/motd', 'deleted')] })],
  [image('ubuntu:latest', [1]), image('ksfzhaohui/apache2:latest', [1, 2])],
  [container('bare', 2, { status: 'exited', hidden: 1, notable: [change('/etc/passwd', 'deleted')] })],
);
const everything = { ...shared, containers: [running, stopped] };

const goldens = {
  empty: layersSvg(layersScene(host([], []), { width: 480, words: english }), dark),
  'shared-base': layersSvg(layersScene(shared, { width: 640, words: english }), dark),
  containers: layersSvg(layersScene(everything, { width: 720, words: english }), dark),
  whiteouts: layersSvg(layersScene(whiteouts, { width: 640, words: english }), light),
  chinese: layersSvg(layersScene(everything, { width: 720, words: chinese }), light),
  narrow: layersSvg(layersScene(everything, { width: 366, words: english }), dark),
};

describe('the layer stack as a picture', () => {
  for (const [name, svg] of Object.entries(goldens)) {
    it(name, () => {
      const path = new URL(`layers/${name}.svg`, import.meta.url);
      if (process.env.UPDATE_GOLDENS) writeFileSync(path, svg);
      expect(svg).toBe(readFileSync(path, 'utf8'));
    });
  }

  it('keeps a slab as wide as what stands on it, and nothing over anything', () => {
    const { slabs } = layersScene(everything, { width: 720, words: english });
    const by = (id: string) => slabs.find((slab) => slab.id === id)!;
    expect(by('kernel').width).toBe(720);
    expect(by(digest(2)).width).toBeCloseTo(by('web-id').width);
    expect(by(digest(2)).x).toBeCloseTo(by('web-id').x);
    for (const [i, a] of slabs.entries())
      for (const b of slabs.slice(i + 1)) {
        const apart = a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;
        expect(apart, `${a.title.text} | ${b.title.text}`).toBe(true);
      }
  });

  it('says the same in words', () => {
    const text = (item: ReturnType<typeof layersOutline>, depth = 0): string =>
      `${'  '.repeat(depth)}${item.text}\n${item.children.map((child) => text(child, depth + 1)).join('')}`;
    expect(text(layersOutline(whiteouts, english))).toMatchInlineSnapshot(`
      "bootfs: the host kernel (Linux 6.8.0)
        FROM ubuntu: root filesystem, [ubuntu:latest], base image · 11 files, 1.23 MB, 111111111111
          commit: bash, [ksfzhaohui/apache2:latest], +22 added · −1 hidden, 2.46 MB, 222222222222
            bare: writable layer: exited (0) · −1 hidden, 0 B
      "
    `);
  });
});
