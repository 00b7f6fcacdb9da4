/** Images that tutorials have beside their own: clients, servers that tell who was asked, a load. */
import { parseRfc3339, programFile } from '../spec/index.ts';
import { seedOf } from './file-content.ts';
import type { Repository, Userland } from './images.ts';
import type { Recipe, RecipeStep } from './recipe.ts';
import { RootfsTree } from './tree.ts';
import { weigh } from './weight.ts';

type MakeRecipe = (userland: Userland) => Promise<Recipe>;

const path = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

const built = (createdBy: string, tree?: RootfsTree): RecipeStep => ({
  createdBy,
  comment: 'buildkit.dockerfile.v0',
  tree,
});

interface Facts {
  created: string;
  /** Path -> program of the userland and its bytes. */
  programs: Readonly<Record<string, readonly [program: string, size: number]>>;
  files?: Readonly<Record<string, string>>;
  links?: Readonly<Record<string, string>>;
  /** Bytes of the layer. */
  weight?: number;
  by: string;
  config: Recipe['config'];
}

/** One layer on `base`; without a base the image is that layer. */
const onBase =
  (base: MakeRecipe | undefined, facts: Facts): MakeRecipe =>
  async (userland) => {
    const below = await base?.(userland);
    const tree = new RootfsTree({ ...parseRfc3339(facts.created)!, nsec: 0 });
    for (const [at, [program, size]] of Object.entries(facts.programs))
      tree.file(at, programFile(program, size, seedOf(at)), 0o755);
    for (const [at, text] of Object.entries(facts.files ?? {})) tree.file(at, text, 0o755);
    for (const [at, target] of Object.entries(facts.links ?? {})) tree.symlink(at, target);
    if (facts.weight) weigh(tree, facts.weight, 'usr/lib/libcrypto.so.3');
    return {
      created: facts.created,
      steps: [...(below?.steps ?? []), built(facts.by, tree)],
      config: { Env: [path], ...facts.config },
    };
  };

const curlEntrypoint = `#!/bin/sh
set -e
case "$1" in
  -*) set -- curl "$@" ;;
  *) if [ -z "$(command -v "$1")" ]; then set -- curl "$@"; fi ;;
esac
exec "$@"
`;

const tools: readonly [path: string, program: string][] = [
  ['bin/bash', 'bash'],
  ['usr/bin/curl', 'curl/curl'],
  ['usr/bin/jq', 'jq/jq'],
  ['sbin/ip', 'iproute2/ip'],
  ['bin/ss', 'iproute2/ss'],
  ['usr/bin/dig', 'dnsutils/dig'],
  ['usr/bin/nslookup', 'dnsutils/nslookup'],
  ['usr/bin/host', 'dnsutils/host'],
];

/** Differs from Docker Hub: netshoot has a selection of its tools, and bash in the place of zsh. */
export function helperRepositories(alpine: MakeRecipe): Repository[] {
  const curl = onBase(alpine, {
    created: '2025-06-04T08:21:34Z',
    by: 'RUN /bin/sh -c apk add --no-cache libcurl curl # buildkit',
    programs: { 'usr/bin/curl': ['curl/curl', 292_000] },
    files: { 'entrypoint.sh': curlEntrypoint },
    weight: 12_600_000,
    config: { Entrypoint: ['/entrypoint.sh'], Cmd: ['curl'] },
  });
  const netshoot = onBase(alpine, {
    created: '2024-11-08T13:05:42Z',
    by: 'RUN /bin/sh -c apk add --no-cache bash bind-tools curl iproute2 iptables jq netcat-openbsd tcpdump # buildkit',
    programs: Object.fromEntries(tools.map(([at, program]) => [at, [program, 400_000] as const])),
    weight: 470_000_000,
    config: { Cmd: ['/bin/bash'], WorkingDir: '/root' },
  });
  const whoami = onBase(undefined, {
    created: '2025-04-18T08:16:53Z',
    by: 'COPY whoami / # buildkit',
    programs: { whoami: ['whoami-server', 6_610_000] },
    config: { Entrypoint: ['/whoami'], ExposedPorts: { '80/tcp': {} } },
  });
  const echo = onBase(undefined, {
    created: '2023-08-29T15:48:17Z',
    by: 'COPY http-echo / # buildkit',
    programs: { 'http-echo': ['http-echo', 7_900_000] },
    config: { Entrypoint: ['/http-echo'], ExposedPorts: { '5678/tcp': {} }, User: '65532:65532' },
  });
  const stress = onBase(alpine, {
    created: '2016-09-14T19:30:50Z',
    by: 'RUN /bin/sh -c apk add --no-cache stress # buildkit',
    programs: { 'usr/bin/stress': ['stress', 30_000] },
    config: { Cmd: ['stress'] },
  });
  const bash = onBase(alpine, {
    created: '2025-05-30T16:21:22Z',
    by: 'RUN /bin/sh -c set -eux; make install; bash --version # buildkit',
    programs: { 'usr/local/bin/bash': ['bash', 1_200_000] },
    files: {
      'usr/local/bin/docker-entrypoint.sh':
        '#!/usr/bin/env bash\nset -Eeuo pipefail\nif [ "${1#-}" != "$1" ] || ! command -v "$1" > /dev/null; then set -- bash "$@"; fi\nexec "$@"\n',
    },
    weight: 6_000_000,
    config: { Env: [path, '_BASH_VERSION=5.2.37'], Entrypoint: ['docker-entrypoint.sh'], Cmd: ['bash'] },
  });
  return [
    { name: 'curlimages/curl', description: 'official docker image for curl', stars: 200, tags: { latest: curl } },
    {
      name: 'nicolaka/netshoot',
      description: 'a Docker + Kubernetes network trouble-shooting swiss-army container',
      stars: 900,
      tags: { latest: netshoot },
    },
    {
      name: 'traefik/whoami',
      description: 'Tiny Go webserver that prints OS information and HTTP request to output',
      stars: 60,
      tags: { latest: whoami, 'v1.11': whoami, 'v1.10': whoami },
    },
    {
      name: 'hashicorp/http-echo',
      description: 'A tiny go web server that echos its arguments as a webpage!',
      stars: 50,
      tags: { latest: echo, '1.0': echo },
    },
    { name: 'polinux/stress', description: 'Simple docker image with stress', stars: 30, tags: { latest: stress } },
    {
      name: 'bash',
      description: "Bash is the GNU Project's Bourne Again SHell.",
      stars: 500,
      tags: { latest: bash, '5': bash, '5.2': bash },
    },
  ];
}
