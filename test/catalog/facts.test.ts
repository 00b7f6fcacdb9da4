/** The catalogue against facts of the real images, of Docker Hub in June 2025 (centos: 2021, registry: 2023). */
import { describe, expect, it } from 'vitest';
import { openUnlockedCatalog, userland } from '../../src/machine/boot-engine.ts';

const catalog = openUnlockedCatalog();
const sh = ['/bin/sh'];
const path = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** Image, megabytes as `docker images` shows, layers, and what the config says. */
const facts: [name: string, megabytes: number, layers: number, config: object][] = [
  ['hello-world:latest', 0.0101, 1, { Cmd: ['/hello'] }],
  ['busybox:latest', 4.28, 1, { Cmd: ['sh'] }],
  ['alpine:latest', 8.31, 1, { Cmd: sh }],
  ['alpine:3.21', 7.83, 1, { Cmd: sh }],
  ['alpine:3.20', 7.8, 1, { Cmd: sh }],
  ['alpine:3.18', 7.36, 1, { Cmd: sh }],
  ['debian:bookworm', 117, 1, { Cmd: ['bash'] }],
  ['debian:bookworm-slim', 74.8, 1, { Cmd: ['bash'] }],
  ['ubuntu:24.04', 78.1, 1, { Cmd: ['/bin/bash'] }],
  ['ubuntu:22.04', 77.9, 1, { Cmd: ['/bin/bash'] }],
  ['ubuntu:12.04', 104, 1, { Cmd: ['/bin/bash'] }],
  ['centos:centos7', 204, 1, { Cmd: ['/bin/bash'] }],
  [
    'nginx:latest',
    192,
    7,
    {
      Entrypoint: ['/docker-entrypoint.sh'],
      Cmd: ['nginx', '-g', 'daemon off;'],
      ExposedPorts: { '80/tcp': {} },
      StopSignal: 'SIGQUIT',
      Env: [
        path,
        'NGINX_VERSION=1.29.0',
        'NJS_VERSION=0.9.0',
        'NJS_RELEASE=1~bookworm',
        'PKG_RELEASE=1~bookworm',
        'DYNPKG_RELEASE=1~bookworm',
      ],
    },
  ],
  ['nginx:alpine', 52.5, 8, { Entrypoint: ['/docker-entrypoint.sh'], StopSignal: 'SIGQUIT' }],
  [
    'redis:7.4',
    117,
    7,
    {
      Entrypoint: ['docker-entrypoint.sh'],
      Cmd: ['redis-server'],
      ExposedPorts: { '6379/tcp': {} },
      Volumes: { '/data': {} },
      WorkingDir: '/data',
    },
  ],
  ['redis:7-alpine', 41.4, 7, { Entrypoint: ['docker-entrypoint.sh'], WorkingDir: '/data' }],
  ['httpd:2.4', 148, 6, { Cmd: ['httpd-foreground'], StopSignal: 'SIGWINCH', WorkingDir: '/usr/local/apache2' }],
  ['httpd:alpine', 66, 7, { Cmd: ['httpd-foreground'] }],
  [
    'registry:2',
    25.4,
    5,
    {
      Entrypoint: ['/entrypoint.sh'],
      Cmd: ['/etc/docker/registry/config.yml'],
      ExposedPorts: { '5000/tcp': {} },
      Volumes: { '/var/lib/registry': {} },
    },
  ],
  [
    'golang:1.22',
    823,
    7,
    {
      Cmd: ['bash'],
      WorkingDir: '/go',
      Env: expect.arrayContaining(['GOLANG_VERSION=1.22.12', 'GOTOOLCHAIN=local', 'GOPATH=/go']),
    },
  ],
  ['golang:1.22-alpine', 236, 5, { Cmd: sh, WorkingDir: '/go' }],
];

const recipeOf = (name: string) => {
  const [repository = '', tag = ''] = name.split(':');
  return catalog.repositories.find((one) => one.name === repository)!.tags[tag]!(userland());
};

describe('an image of the catalogue', () => {
  it.each(facts)(
    '%s weighs %d MB in %d layers and is configured as the real one',
    async (name, megabytes, layers, config) => {
      const recipe = await recipeOf(name);
      const trees = recipe.steps.flatMap(({ tree }) => (tree ? [tree] : []));
      const size = trees.reduce((sum, tree) => sum + tree.size, 0) / 1e6;
      expect(Math.abs(size / megabytes - 1), `${size} MB`).toBeLessThan(0.05);
      expect(trees.length).toBe(layers);
      expect(recipe.config).toMatchObject(config);
    },
  );

  it('shares its base with those that stand on the same', async () => {
    const digest = async (name: string) => {
      const [repository = '', tag = ''] = name.split(':');
      return (await catalog.repositories.find((one) => one.name === repository)!.tags[tag]!(userland())).steps[0]!
        .tree!;
    };
    const base = (await digest('debian:bookworm-slim')).toEntries().length;
    for (const name of ['nginx:latest', 'redis:latest', 'httpd:latest'])
      expect((await digest(name)).toEntries().length).toBe(base);
  });
});
