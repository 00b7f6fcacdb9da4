import { parseRfc3339, programFile, type Timespec } from '../spec/index.ts';
import { alpineRootfs } from './alpine.ts';
import { busyboxRootfs } from './busybox.ts';
import { centosRootfs } from './centos/rootfs.ts';
import { releases } from './debian/release.ts';
import { debianRootfs, unpack } from './debian/rootfs.ts';
import { mimeTypes, nginxWelcome } from './debian/texts.ts';
import { type ProgramAt, seedOf } from './file-content.ts';
import { nodeTags } from './node-images.ts';
import { dependencyNames, packageIndex } from './package-data.ts';
import { python36Slim, python312Alpine, python312Full, python312Slim } from './python-images.ts';
import type { Recipe, RecipeStep } from './recipe.ts';
import { httpd, redis } from './service-images.ts';
import { golang, registry } from './tool-images.ts';
import { RootfsTree } from './tree.ts';
import { weigh } from './weight.ts';

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

const debian =
  (release: 'bookworm' | 'bookworm-slim') =>
  async ({ programAt }: Userland): Promise<Recipe> => {
    const created = '2025-06-10T00:00:00Z';
    const tree = await debianRootfs(releases[release], at(created), programAt);
    return {
      created,
      steps: [
        { createdBy: `# debian.sh --arch 'amd64' out/ 'bookworm' '@1749513600'`, comment: 'debuerreotype 0.15', tree },
      ],
      config: { Cmd: ['bash'] },
    };
  };

const ubuntu =
  (release: 'noble' | 'jammy' | 'precise', created: string) =>
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

/** `alpine`: nginx.org's packages for Alpine; else for Debian. */
const nginxOn =
  (base: (userland: Userland) => Promise<Recipe>, alpine: boolean) =>
  async (userland: Userland): Promise<Recipe> => {
    const below = await base(userland);
    const created = '2025-06-24T17:22:01Z';
    const built = (createdBy: string, tree?: RootfsTree): RecipeStep => ({
      createdBy,
      comment: 'buildkit.dockerfile.v0',
      tree,
    });
    const release = alpine ? '1' : '1~bookworm';
    const variables = [
      'NGINX_VERSION=1.29.0',
      `PKG_RELEASE=${release}`,
      'DYNPKG_RELEASE=1',
      'NJS_VERSION=0.9.0',
      'NJS_RELEASE=1',
    ];
    const scripts = new RootfsTree(at(created))
      .directory('docker-entrypoint.d')
      .file('docker-entrypoint.sh', entrypointScript, 0o755);
    const layer = alpine ? alpineNginxLayer(below, at(created)) : await nginxLayer(below, userland, at(created));
    const run = alpine
      ? 'RUN /bin/sh -c set -x && addgroup -g 101 -S nginx && adduser -S -D -H -u 101 -h /var/cache/nginx -s /sbin/nologin -G nginx -g nginx nginx && apk add -X "https://nginx.org/packages/mainline/alpine/v3.22/main" --no-cache nginx && apk add --no-cache curl ca-certificates # buildkit'
      : 'RUN /bin/sh -c set -x && groupadd --system --gid 101 nginx && useradd --system --gid nginx --no-create-home --home /nonexistent --comment "nginx user" --shell /bin/false --uid 101 nginx && apt-get update && apt-get install --no-install-recommends --no-install-suggests -y nginx # buildkit';
    return {
      created,
      steps: [
        ...below.steps,
        built('LABEL maintainer=NGINX Docker Maintainers <docker-maint@nginx.com>'),
        ...variables.map((variable) => built(`ENV ${variable}`)),
        built(run, layer),
        built('COPY docker-entrypoint.sh / # buildkit', scripts),
        built('ENTRYPOINT ["/docker-entrypoint.sh"]'),
        built('EXPOSE map[80/tcp:{}]'),
        built('STOPSIGNAL SIGQUIT'),
        built('CMD ["nginx" "-g" "daemon off;"]'),
      ],
      config: {
        Env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', ...variables],
        ExposedPorts: { '80/tcp': {} },
        Entrypoint: ['/docker-entrypoint.sh'],
        Cmd: ['nginx', '-g', 'daemon off;'],
        Labels: { maintainer: 'NGINX Docker Maintainers <docker-maint@nginx.com>' },
        StopSignal: 'SIGQUIT',
      },
    };
  };

function alpineNginxLayer(below: Recipe, mtime: Timespec): RootfsTree {
  const tree = new RootfsTree(mtime);
  const base = below.steps[0]!.tree!;
  const text = (path: string): string => {
    const { content } = base.get(path)!;
    return new TextDecoder().decode(content.read(0, content.size));
  };
  tree.file('etc/passwd', `${text('etc/passwd')}nginx:x:101:101:nginx:/var/cache/nginx:/sbin/nologin\n`);
  tree.file('etc/group', `${text('etc/group')}nginx:x:101:nginx\n`);
  tree.file(
    'lib/apk/db/installed',
    `${text('lib/apk/db/installed')}P:nginx\nV:1.29.0-r1\nA:x86_64\nI:2670592\nT:High performance web server\nF:usr/sbin\nR:nginx\n\nP:curl\nV:8.14.1-r2\nA:x86_64\nI:299008\nT:URL retrival utility and library\nF:usr/bin\nR:curl\n\n`,
  );
  tree.file('etc/apk/world', `${text('etc/apk/world')}nginx\ncurl\nca-certificates\n`);
  tree.file('usr/sbin/nginx', programFile('nginx', 1_600_000, seedOf('alpine/nginx')), 0o755);
  tree.file('usr/bin/curl', programFile('curl/curl', 298_904, seedOf('alpine/curl')), 0o755);
  nginxFiles(tree);
  return weigh(tree, 44_200_000, 'usr/lib/nginx/modules/ngx_http_js_module.so');
}

const entrypointScript = `#!/bin/sh
set -e
if [ "$1" = "nginx" ] || [ "$1" = "nginx-debug" ]; then
    for script in /docker-entrypoint.d/*.sh; do
        [ -x "$script" ] && "$script"
    done
    echo "$0: Configuration complete; ready for start up"
fi
exec "$@"
`;

const nginxMainConf = `user  nginx;
worker_processes  auto;
error_log  /var/log/nginx/error.log notice;
pid        /run/nginx.pid;

events {
    worker_connections  1024;
}

http {
    include       /etc/nginx/mime.types;
    default_type  application/octet-stream;
    access_log  /var/log/nginx/access.log;
    sendfile        on;
    keepalive_timeout  65;
    include /etc/nginx/conf.d/*.conf;
}
`;

const nginxDefaultConf = `server {
    listen       80;
    listen  [::]:80;
    server_name  localhost;

    location / {
        root   /usr/share/nginx/html;
        index  index.html index.htm;
    }

    error_page   500 502 503 504  /50x.html;
    location = /50x.html {
        root   /usr/share/nginx/html;
    }
}
`;

/** What nginx.org's packages put on top of bookworm-slim. */
async function nginxLayer(base: Recipe, { programAt }: Userland, mtime: Timespec): Promise<RootfsTree> {
  const index = await packageIndex();
  const below = base.steps[0]!.tree!;
  const tree = new RootfsTree(mtime);
  const status = below.get('var/lib/dpkg/status')!;
  tree.file('var/lib/dpkg/status', status.content);
  const installed = new Set(
    [...new TextDecoder().decode(status.content.read(0, status.size)).matchAll(/^Package: (\S+)/gm)].map((m) => m[1]!),
  );
  const add = async (name: string): Promise<void> => {
    if (installed.has(name) || !index[name]) return;
    installed.add(name);
    for (const dependency of dependencyNames(index[name]!.Depends)) await add(dependency);
    await unpack(tree, name, index[name]!, programAt);
  };
  for (const name of ['nginx-common', 'nginx', 'ca-certificates', 'curl', 'gettext-base', 'libgeoip1', 'libxslt1.1'])
    await add(name);
  const passwd = (path: string, line: string) => {
    const old = below.get(path)!;
    tree.file(path, new TextDecoder().decode(old.content.read(0, old.size)) + line, old.mode, old.uid, old.gid);
  };
  passwd('etc/passwd', 'nginx:x:101:101:nginx user:/nonexistent:/bin/false\n');
  passwd('etc/group', 'nginx:x:101:\n');
  for (const path of ['etc/nginx/sites-available/default']) tree.remove(path);
  nginxFiles(tree);
  return weigh(tree, 117_500_000, 'usr/lib/x86_64-linux-gnu/libicudata.so.72.1');
}

/** What nginx.org's packages configure, on either system. */
function nginxFiles(tree: RootfsTree): void {
  tree.file('etc/nginx/nginx.conf', nginxMainConf).file('etc/nginx/conf.d/default.conf', nginxDefaultConf);
  tree.file('etc/nginx/mime.types', mimeTypes).file('usr/share/nginx/html/index.html', nginxWelcome);
  tree.file(
    'usr/share/nginx/html/50x.html',
    '<!DOCTYPE html>\n<html>\n<head>\n<title>Error</title>\n</head>\n<body>\n<h1>An error occurred.</h1>\n</body>\n</html>\n',
  );
  tree.directory('var/cache/nginx', 0o755, 101, 101).directory('var/log/nginx');
  tree.symlink('var/log/nginx/access.log', '/dev/stdout').symlink('var/log/nginx/error.log', '/dev/stderr');
}

const jammy = ubuntu('jammy', '2025-05-29T04:15:00Z');
const latestUbuntu = ubuntu('noble', '2025-06-05T14:57:36Z');
const latestAlpine = alpine('3.22.0', '2025-05-30T16:21:22Z', 8_310_000);
const alpine321 = alpine('3.21.3', '2025-02-14T03:28:36Z', 7_830_000);
const alpine318 = alpine('3.18.12', '2025-02-14T03:28:36Z', 7_360_000);
const bookworm = debian('bookworm');
const bookwormSlim = debian('bookworm-slim');
const latestRedis = redis(bookwormSlim, { uid: 999, gid: 999 });
const alpineRedis = redis(alpine321, { uid: 999, gid: 1000 }, true);
const nginx = nginxOn(bookwormSlim, false);
const alpineNginx = nginxOn(latestAlpine, true);
const latestHttpd = httpd(bookwormSlim);
const alpineHttpd = httpd(latestAlpine, true);
const registry2 = registry(alpine318);
const golang122 = golang(bookworm, false);
const alpineGolang = golang(alpine321, true);

const python312 = python312Full(bookworm);
const python312OnSlim = python312Slim(debian('bookworm-slim'));
const python312OnAlpine = python312Alpine(latestAlpine);

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
      '3.20': alpine('3.20.6', '2025-02-14T03:28:36Z'),
      '3.19': alpine('3.19.7', '2025-02-14T03:28:36Z', 7_400_000),
      '3.18': alpine318,
    },
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
    tags: {
      latest: nginx,
      '1': nginx,
      '1.29': nginx,
      mainline: nginx,
      bookworm: nginx,
      alpine: alpineNginx,
      '1.29-alpine': alpineNginx,
    },
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
    name: 'node',
    description: 'Node.js is a JavaScript-based platform for server-side and networking applications.',
    stars: 13957,
    tags: nodeTags({ debian: bookworm, slim: debian('bookworm-slim'), alpine: latestAlpine }),
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
    tags: { '2': registry2, '2.8': registry2, '2.8.3': registry2 },
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
      '3.6-slim': python36Slim(debian('bookworm-slim')),
    },
  },
];
