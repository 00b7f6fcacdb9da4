import { parseRfc3339, programFile, type Timespec } from '../spec/index.ts';
import { alpineRootfs } from './alpine.ts';
import { busyboxRootfs } from './busybox.ts';
import { centosRootfs } from './centos/rootfs.ts';
import { releases } from './debian/release.ts';
import { debianRootfs } from './debian/rootfs.ts';
import { type ProgramAt, seedOf } from './file-content.ts';
import { helperRepositories } from './helper-images.ts';
import { nginxOn, nginxReleases } from './nginx-images.ts';
import { newestNodes, nodeOf, nodeTags } from './node-images.ts';
import { postgresTags, standInRepositories } from './postgres-images.ts';
import {
  type Facts,
  hardenedPython,
  otherPythons,
  python36Slim,
  python37,
  python312Alpine,
  python312 as python312Facts,
  python312Full,
  python312Slim,
} from './python-images.ts';
import type { Recipe } from './recipe.ts';
import { baseOf, patchOf } from './releases.ts';
import { httpd, redis } from './service-images.ts';
import { cats, greetingOn, siteOn, welcomeToDocker } from './site-images.ts';
import { golang, registry, registryReleases } from './tool-images.ts';
import { RootfsTree } from './tree.ts';
import { whalesay } from './whalesay-image.ts';

/** What the catalogue is told of the userland, which it does not know. */
export interface Userland {
  programAt: ProgramAt;
  /** Paths (no leading slash) of BusyBox's applets. */
  applets: readonly string[];
}

/** A repository of the Hub's library: what `docker search` says of it, and its tags. */
export interface Repository {
  name: string;
  description: string;
  stars: number;
  /** Tag -> how it is made. Tags may share a recipe. */
  tags: Record<string, (userland: Userland) => Promise<Recipe>>;
  /** Tags beside those: releases that a text may pin. Their digests are not locked. */
  release?(tag: string): ((userland: Userland) => Promise<Recipe>) | undefined;
}

const at = (created: string): Timespec => ({ ...parseRfc3339(created)!, nsec: 0 });
const nop = (text: string): string => `/bin/sh -c #(nop)  ${text}`;

const helloWorld = async (): Promise<Recipe> => {
  const created = '2025-01-21T23:32:32Z';
  const tree = new RootfsTree(at(created)).file('hello', programFile('hello-world', 10_072, seedOf('hello')), 0o755);
  return {
    created,
    steps: [
      { createdBy: 'COPY hello / # buildkit', comment: 'buildkit.dockerfile.v0', tree },
      { createdBy: 'CMD ["/hello"]', comment: 'buildkit.dockerfile.v0' },
    ],
    config: { Cmd: ['/hello'], WorkingDir: '/' },
  };
};

const busybox = async ({ applets }: Userland): Promise<Recipe> => {
  const created = '2024-09-26T21:31:42Z';
  return {
    created,
    steps: [{ createdBy: 'BusyBox 1.37.0 (glibc), Debian 12', tree: busyboxRootfs(at(created), applets) }],
    config: { Cmd: ['sh'] },
  };
};

const alpine =
  (version: string, created: string, size?: number) =>
  async ({ applets }: Userland): Promise<Recipe> => ({
    created,
    steps: [
      {
        createdBy: `ADD alpine-minirootfs-${version}-x86_64.tar.gz / # buildkit`,
        comment: 'buildkit.dockerfile.v0',
        tree: alpineRootfs(version, at(created), applets, size),
      },
      { createdBy: 'CMD ["/bin/sh"]', comment: 'buildkit.dockerfile.v0' },
    ],
    config: { Cmd: ['/bin/sh'], WorkingDir: '/' },
  });

type DebianRelease = `${'bookworm' | 'bullseye' | 'buster'}${'' | '-slim'}` | 'stretch' | 'jessie';

/** Differs from Docker Hub: older releases have the packages of Debian 12 under their own names. */
const debian =
  (release: DebianRelease, created = '2025-06-10T00:00:00Z') =>
  async ({ programAt }: Userland): Promise<Recipe> => {
    const tree = await debianRootfs(releases[release], at(created), programAt);
    return {
      created,
      steps: [
        {
          createdBy: `# debian.sh --arch 'amd64' out/ '${releases[release].codename}' '@${at(created).sec}'`,
          comment: 'debuerreotype 0.15',
          tree,
        },
      ],
      config: { Cmd: ['bash'] },
    };
  };

const ubuntu =
  (release: 'noble' | 'jammy' | 'focal' | 'bionic' | 'xenial' | 'trusty' | 'precise', created: string) =>
  async ({ programAt }: Userland): Promise<Recipe> => {
    const { version } = releases[release];
    const tree = await debianRootfs(releases[release], at(created), programAt);
    return {
      created,
      steps: [
        { createdBy: nop(' ARG RELEASE') },
        { createdBy: nop(' ARG LAUNCHPAD_BUILD_ARCH') },
        { createdBy: nop(' LABEL org.opencontainers.image.ref.name=ubuntu') },
        { createdBy: nop(` LABEL org.opencontainers.image.version=${version}`) },
        {
          createdBy: `/bin/sh -c #(nop) ADD file:${seedOf(release).toString(16).padStart(8, '0').repeat(8)} in / `,
          tree,
        },
        { createdBy: nop('CMD ["/bin/bash"]') },
      ],
      config: {
        Cmd: ['/bin/bash'],
        Labels: { 'org.opencontainers.image.ref.name': 'ubuntu', 'org.opencontainers.image.version': version },
      },
    };
  };

const centosLabels: Record<string, string> = {
  'org.label-schema.build-date': '20201113',
  'org.label-schema.license': 'GPLv2',
  'org.label-schema.name': 'CentOS Base Image',
  'org.label-schema.schema-version': '1.0',
  'org.label-schema.vendor': 'CentOS',
  'org.opencontainers.image.created': '2020-11-13 00:00:00+00:00',
  'org.opencontainers.image.licenses': 'GPL-2.0-only',
  'org.opencontainers.image.title': 'CentOS Base Image',
  'org.opencontainers.image.vendor': 'CentOS',
};

const centos7 = async (): Promise<Recipe> => ({
  created: '2021-09-15T18:20:23Z',
  steps: [
    {
      createdBy: nop('ADD file:b3ebbe8bd304723d43b7b44a6d990cd657b63d93d6a2a9293983a30bfc1dfa53 in / '),
      tree: centosRootfs(at('2020-11-13T01:55:00Z')),
    },
    {
      createdBy: nop(
        'LABEL org.label-schema.schema-version=1.0 org.label-schema.name=CentOS Base Image org.label-schema.vendor=CentOS org.label-schema.license=GPLv2 org.label-schema.build-date=20201113 org.opencontainers.image.title=CentOS Base Image org.opencontainers.image.vendor=CentOS org.opencontainers.image.licenses=GPL-2.0-only org.opencontainers.image.created=2020-11-13 00:00:00+00:00',
      ),
    },
    { createdBy: nop('CMD ["/bin/bash"]') },
  ],
  config: { Cmd: ['/bin/bash'], Labels: centosLabels },
});

const focal = ubuntu('focal', '2025-04-08T10:43:27Z');
const jammy = ubuntu('jammy', '2025-05-29T04:15:00Z');
const bionic = ubuntu('bionic', '2023-05-30T09:32:09Z');
const xenial = ubuntu('xenial', '2021-08-31T01:21:30Z');
const trusty = ubuntu('trusty', '2021-03-25T22:33:44Z');
const latestUbuntu = ubuntu('noble', '2025-06-05T14:57:36Z');
const latestAlpine = alpine('3.22.0', '2025-05-30T16:21:22Z', 8_310_000);
const alpine321 = alpine('3.21.3', '2025-02-14T03:28:36Z', 7_830_000);
const alpine318 = alpine('3.18.12', '2025-02-14T03:28:36Z', 7_360_000);
/** Branch -> its newest release. */
const alpineBranches: Record<string, [version: string, created: string, size?: number]> = {
  '3.20': ['3.20.6', '2025-02-14T03:28:36Z'],
  '3.19': ['3.19.7', '2025-02-14T03:28:36Z', 7_400_000],
  '3.17': ['3.17.10', '2024-09-06T22:05:00Z', 7_060_000],
  '3.16': ['3.16.9', '2024-01-27T00:30:56Z', 5_540_000],
  '3.15': ['3.15.11', '2023-11-30T23:10:00Z', 5_590_000],
  '3.14': ['3.14.10', '2023-03-29T18:19:24Z', 5_610_000],
  '3.13': ['3.13.12', '2022-08-09T17:19:53Z', 5_610_000],
  '3.12': ['3.12.12', '2022-04-04T22:20:00Z', 5_580_000],
  '3.11': ['3.11.13', '2021-11-12T16:48:33Z', 5_610_000],
  '3.10': ['3.10.9', '2021-04-14T19:19:49Z', 5_590_000],
  '3.9': ['3.9.6', '2020-04-24T16:02:04Z', 5_550_000],
  '3.8': ['3.8.5', '2020-01-23T22:56:21Z', 4_420_000],
  '3.7': ['3.7.3', '2019-03-07T22:19:53Z', 4_210_000],
  '3.6': ['3.6.5', '2019-03-07T22:20:00Z', 4_030_000],
  '3.5': ['3.5.3', '2019-01-30T22:20:20Z', 3_990_000],
  '3.4': ['3.4.6', '2019-01-30T22:20:19Z', 4_820_000],
};

const newestAlpine: Readonly<Record<string, string>> = {
  ...Object.fromEntries(Object.entries(alpineBranches).map(([branch, [version]]) => [branch, version])),
  '3.22': '3.22.0',
  '3.21': '3.21.3',
  '3.18': '3.18.12',
};

/** Differs from Docker Hub: a release has the date and the size of its branch's newest. */
function alpineRelease(tag: string): Repository['tags'][string] | undefined {
  const patch = patchOf(tag, newestAlpine);
  if (patch?.variant !== '') return undefined;
  const [, created, size] = alpineBranches[patch.branch] ?? ['', '2025-02-14T03:28:36Z', 7_800_000];
  return alpine(patch.version, created, size);
}

/** Differs from Docker Hub: releases have the date, the keys and the layers of their branch's newest. */
function pythonRelease(tag: string): Repository['tags'][string] | undefined {
  const facts: Record<string, Facts> = { ...otherPythons, '3.12': python312Facts, '3.7': python37 };
  const patch = patchOf(
    tag,
    Object.fromEntries(Object.entries(facts).map(([branch, { version }]) => [branch, version])),
  );
  const base = patch && variantBase(patch.variant);
  if (!base) return undefined;
  const own = { ...facts[patch.branch]!, version: patch.version };
  return (base.alpine ? python312Alpine : base.slim ? python312Slim : python312Full)(base.make, own);
}

function nodeRelease(tag: string): Repository['tags'][string] | undefined {
  const patch = patchOf(tag, newestNodes);
  const base = patch && variantBase(patch.variant);
  return base && nodeOf(patch.branch, patch.version, base.make, base.alpine ? 'alpine' : base.slim ? 'slim' : 'full');
}

/** What `-slim-bullseye` or `-alpine3.18` stands on. */
function variantBase(
  variant: string,
): { make: Repository['tags'][string]; alpine?: boolean; slim?: boolean } | undefined {
  const base = baseOf(variant);
  if (!base) return undefined;
  if ('debian' in base) {
    const make = base.slim ? debianSlims[base.debian] : debians[base.debian];
    return make && { make, slim: base.slim };
  }
  const make = base.alpine === '' ? latestAlpine : alpineRelease(base.alpine);
  return make && { make, alpine: true };
}

const bookworm = debian('bookworm');
const bookwormSlim = debian('bookworm-slim');
const bullseye = debian('bullseye');
const bullseyeSlim = debian('bullseye-slim');
const buster = debian('buster', '2024-06-12T00:00:00Z');
const busterSlim = debian('buster-slim', '2024-06-12T00:00:00Z');
const debians: Readonly<Record<string, Repository['tags'][string]>> = { bookworm, bullseye, buster };
const debianSlims: Readonly<Record<string, Repository['tags'][string]>> = {
  bookworm: bookwormSlim,
  bullseye: bullseyeSlim,
  buster: busterSlim,
};
const stretch = debian('stretch', '2022-06-23T00:00:00Z');
const jessie = debian('jessie', '2021-03-26T00:00:00Z');
const latestRedis = redis(bookwormSlim, { uid: 999, gid: 999 });
const alpineRedis = redis(alpine321, { uid: 999, gid: 1000 }, true);
const latestHttpd = httpd(bookwormSlim);
const alpineHttpd = httpd(latestAlpine, true);
const registry2 = registry(alpine318, registryReleases['2']);
const registry3 = registry(alpine321, registryReleases['3']);
const golang122 = golang(bookworm, false);
const alpineGolang = golang(alpine321, true);

const python312 = python312Full(bookworm);
const python312OnSlim = python312Slim(debian('bookworm-slim'));
const python312OnAlpine = python312Alpine(latestAlpine);

function pythonTags(): Repository['tags'] {
  const tags: Repository['tags'] = {};
  for (const [version, facts] of Object.entries(otherPythons)) {
    tags[version] = python312Full(bookworm, facts);
    tags[`${version}-slim`] = python312Slim(bookwormSlim, facts);
    tags[`${version}-alpine`] = python312Alpine(latestAlpine, facts);
  }
  return tags;
}

function nginxTags(): Repository['tags'] {
  const names: Record<keyof typeof nginxReleases, string> = {
    mainline: 'latest 1 1.29 1.29.0 mainline bookworm',
    stable: 'stable 1.28 1.28.0',
    '1.27': '1.27 1.27.5',
    '1.25': '1.25 1.25.5',
  };
  const tags: Repository['tags'] = {};
  for (const [release, facts] of Object.entries(nginxReleases)) {
    const onDebian = nginxOn(bookwormSlim, false, facts);
    const onAlpine = nginxOn(latestAlpine, true, facts);
    for (const tag of names[release as keyof typeof names].split(' ')) {
      tags[tag] = onDebian;
      if (tag !== 'bookworm') tags[tag === 'latest' ? 'alpine' : `${tag}-alpine`] = onAlpine;
    }
  }
  return tags;
}

const nginxAlpine = nginxOn(latestAlpine, true, nginxReleases.mainline);
const welcome = siteOn(nginxAlpine, welcomeToDocker);
const catsPage = siteOn(nginxAlpine, cats);
const greeting = greetingOn(nginxAlpine);
const whale = whalesay(trusty);

/** The library: `docker pull NAME` and `docker search`. */
export const library: readonly Repository[] = [
  {
    name: 'hello-world',
    description: 'Hello World! (an example of minimal Dockerization)',
    stars: 2377,
    tags: { latest: helloWorld, linux: helloWorld },
  },
  {
    name: 'busybox',
    description: 'Busybox base image.',
    stars: 3391,
    tags: { latest: busybox, '1.37': busybox, '1.36': busybox, glibc: busybox },
  },
  {
    name: 'alpine',
    description: 'A minimal Docker image based on Alpine Linux with a complete package index and only 5 MB in size!',
    stars: 11395,
    tags: {
      latest: latestAlpine,
      '3.22': latestAlpine,
      '3': latestAlpine,
      '3.21': alpine321,
      '3.18': alpine318,
      ...Object.fromEntries(
        Object.entries(alpineBranches).map(([branch, [version, ...facts]]) => [branch, alpine(version, ...facts)]),
      ),
    },
    release: alpineRelease,
  },
  {
    name: 'debian',
    description: "Debian is a Linux distribution that's composed entirely of free and open-source software.",
    stars: 5207,
    tags: {
      latest: bookworm,
      bookworm,
      '12': bookworm,
      'bookworm-slim': bookwormSlim,
      '12-slim': bookwormSlim,
      'stable-slim': bookwormSlim,
      stable: bookworm,
      bullseye,
      '11': bullseye,
      oldstable: bullseye,
      'bullseye-slim': bullseyeSlim,
      '11-slim': bullseyeSlim,
      buster,
      '10': buster,
      'buster-slim': busterSlim,
      '10-slim': busterSlim,
      stretch,
      '9': stretch,
      jessie,
      '8': jessie,
    },
  },
  {
    name: 'ubuntu',
    description: 'Ubuntu is a Debian-based Linux operating system based on free software.',
    stars: 17542,
    tags: {
      latest: latestUbuntu,
      '24.04': latestUbuntu,
      noble: latestUbuntu,
      '22.04': jammy,
      jammy,
      '20.04': focal,
      focal,
      '18.04': bionic,
      bionic,
      '16.04': xenial,
      xenial,
      '14.04': trusty,
      trusty,
      '12.04': ubuntu('precise', '2017-05-15T14:33:55Z'),
    },
  },
  {
    name: 'centos',
    description: 'DEPRECATED; The official build of CentOS.',
    stars: 7799,
    tags: { centos7: centos7, '7': centos7, 'centos7.9.2009': centos7, '7.9.2009': centos7 },
  },
  {
    name: 'nginx',
    description: 'Official build of Nginx.',
    stars: 20872,
    tags: nginxTags(),
  },
  {
    name: 'redis',
    description: 'Redis is the world’s fastest data platform for caching, vector search, and NoSQL databases.',
    stars: 13259,
    tags: {
      latest: latestRedis,
      '7': latestRedis,
      '7.4': latestRedis,
      bookworm: latestRedis,
      alpine: alpineRedis,
      '7-alpine': alpineRedis,
    },
  },
  {
    name: 'postgres',
    description: 'The PostgreSQL object-relational database system provides reliability and data integrity.',
    stars: 14306,
    tags: postgresTags(bookwormSlim, latestAlpine),
  },
  {
    name: 'node',
    description: 'Node.js is a JavaScript-based platform for server-side and networking applications.',
    stars: 13957,
    tags: nodeTags({ debian: bookworm, slim: debian('bookworm-slim'), alpine: latestAlpine }),
    release: nodeRelease,
  },
  {
    name: 'httpd',
    description: 'The Apache HTTP Server Project',
    stars: 4855,
    tags: { latest: latestHttpd, '2': latestHttpd, '2.4': latestHttpd, alpine: alpineHttpd, '2.4-alpine': alpineHttpd },
  },
  {
    name: 'registry',
    description: 'Distribution implementation for storing and distributing of container images and artifacts',
    stars: 4086,
    tags: {
      latest: registry3,
      '3': registry3,
      '3.0': registry3,
      '3.0.0': registry3,
      '2': registry2,
      '2.8': registry2,
      '2.8.3': registry2,
    },
  },
  {
    name: 'golang',
    description: 'Go (golang) is a general purpose, higher-level, imperative programming language.',
    stars: 5022,
    tags: { '1.22': golang122, '1.22-bookworm': golang122, '1.22-alpine': alpineGolang },
  },
  {
    name: 'python',
    description: 'Python is an interpreted, interactive, object-oriented, open-source programming language.',
    stars: 10233,
    tags: {
      latest: python312,
      '3': python312,
      '3.12': python312,
      '3.12.11': python312,
      slim: python312OnSlim,
      '3-slim': python312OnSlim,
      '3.12-slim': python312OnSlim,
      '3.12-slim-bookworm': python312OnSlim,
      alpine: python312OnAlpine,
      '3-alpine': python312OnAlpine,
      '3.12-alpine': python312OnAlpine,
      ...pythonTags(),
      '3.6-slim': python36Slim(debian('bookworm-slim')),
    },
    release: pythonRelease,
  },
  {
    name: 'docker/welcome-to-docker',
    description: 'Docker image for new users getting started with Docker.',
    stars: 1141,
    tags: { latest: welcome },
  },
  {
    name: 'dhi.io/python',
    description: 'A Docker Hardened Image of Python.',
    stars: 0,
    tags: {
      '3.13': hardenedPython(otherPythons['3.13']),
      '3.13-dev': python312Slim(bookwormSlim, otherPythons['3.13']),
    },
  },
  {
    name: 'docker/whalesay',
    description: 'An image for use in the Docker demo tutorial',
    stars: 795,
    tags: { latest: whale },
  },
  { name: 'dockersamples/static-site', description: '', stars: 5, tags: { latest: greeting } },
  { name: 'prakhar1989/static-site', description: '', stars: 20, tags: { latest: greeting } },
  ...standInRepositories(latestAlpine),
  ...helperRepositories(latestAlpine),
  { name: 'mikesir87/cats', description: '', stars: 8, tags: { latest: catsPage, '1.0': catsPage } },
];
