/** nginx of the official library: nginx.org's packages, and the scripts that run before the server. Scripts are our own. */
import { md5, sha1 } from '@noble/hashes/legacy.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import base64 from 'base64-js';
import { parseRfc3339, programFile, type Timespec, utf8 } from '../spec/index.ts';
import { statusStanza, unpack } from './debian/rootfs.ts';
import { mimeTypes, nginxWelcome } from './debian/texts.ts';
import { seedOf } from './file-content.ts';
import type { Userland } from './images.ts';
import { dependencyNames, packageIndex } from './package-data.ts';
import type { Recipe, RecipeStep } from './recipe.ts';
import { RootfsTree } from './tree.ts';
import { weigh } from './weight.ts';

const site = 'etc/nginx/conf.d/default.conf';

const at = (created: string): Timespec => ({ ...parseRfc3339(created)!, nsec: 0 });
const built = (createdBy: string, tree?: RootfsTree): RecipeStep => ({
  createdBy,
  comment: 'buildkit.dockerfile.v0',
  tree,
});

/** What tells one release from another. */
interface Release {
  version: string;
  njs: string;
  created: string;
}
export const nginxReleases = {
  mainline: { version: '1.29.0', njs: '0.9.0', created: '2025-06-24T17:22:01Z' },
  stable: { version: '1.28.0', njs: '0.8.10', created: '2025-04-23T16:14:35Z' },
  '1.27': { version: '1.27.5', njs: '0.8.10', created: '2025-04-16T14:50:31Z' },
  '1.25': { version: '1.25.5', njs: '0.8.4', created: '2024-04-16T20:54:43Z' },
} satisfies Record<string, Release>;

/** `alpine`: on Alpine; else on Debian. */
export const nginxOn =
  (base: (userland: Userland) => Promise<Recipe>, alpine: boolean, { version, njs: script, created }: Release) =>
  async (userland: Userland): Promise<Recipe> => {
    const below = await base(userland);
    const release = alpine ? '1' : '1~bookworm';
    const njs = [`NJS_VERSION=${script}`, `NJS_RELEASE=${release}`];
    const own = [`PKG_RELEASE=${release}`, `DYNPKG_RELEASE=${release}`];
    const first = [`NGINX_VERSION=${version}`, ...(alpine ? own : [...njs, ...own])];
    const mtime = at(created);
    const installed = alpine ? alpineLayer(below, mtime, version) : await debianLayer(below, userland, mtime, version);
    const server = [
      built('LABEL maintainer=NGINX Docker Maintainers <docker-maint@nginx.com>'),
      ...first.map((variable) => built(`ENV ${variable}`)),
      built(alpine ? installOnAlpine : installOnDebian, installed),
      ...entrypoint(at(created)),
      built('ENTRYPOINT ["/docker-entrypoint.sh"]'),
      built('EXPOSE map[80/tcp:{}]'),
      built('STOPSIGNAL SIGQUIT'),
      built('CMD ["nginx" "-g" "daemon off;"]'),
    ];
    // The image of Alpine stands on its own slim variant.
    const modules = alpine
      ? [
          ...njs.map((variable) => built(`ENV ${variable}`)),
          built(modulesOnAlpine, alpineModules(installed, at(created))),
        ]
      : [];
    return {
      created,
      steps: [...below.steps, ...server, ...modules],
      config: {
        Env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', ...first, ...(alpine ? njs : [])],
        ExposedPorts: { '80/tcp': {} },
        Entrypoint: ['/docker-entrypoint.sh'],
        Cmd: ['nginx', '-g', 'daemon off;'],
        Labels: { maintainer: 'NGINX Docker Maintainers <docker-maint@nginx.com>' },
        StopSignal: 'SIGQUIT',
      },
    };
  };

const installOnAlpine =
  'RUN /bin/sh -c set -x && addgroup -g 101 -S nginx && adduser -S -D -H -u 101 -h /var/cache/nginx -s /sbin/nologin -G nginx -g nginx nginx && apk add -X "https://nginx.org/packages/mainline/alpine/v3.22/main" --no-cache nginx # buildkit';
const modulesOnAlpine =
  'RUN /bin/sh -c set -x && apk add -X "https://nginx.org/packages/mainline/alpine/v3.22/main" --no-cache nginx-module-xslt nginx-module-geoip nginx-module-image-filter nginx-module-njs && apk add --no-cache curl ca-certificates # buildkit';
const installOnDebian =
  'RUN /bin/sh -c set -x && groupadd --system --gid 101 nginx && useradd --system --gid nginx --no-create-home --home /nonexistent --comment "nginx user" --shell /bin/false --uid 101 nginx && apt-get update && apt-get install --no-install-recommends --no-install-suggests -y nginx # buildkit';

/** One COPY, and so one layer, for each script. */
function entrypoint(mtime: Timespec): RecipeStep[] {
  const copy = (name: string, directory: string, text: string): RecipeStep => {
    const tree = new RootfsTree(mtime).file(`${directory}${name}`, text, 0o755);
    return built(`COPY ${name} /${directory.slice(0, -1)} # buildkit`, tree);
  };
  return [
    copy('docker-entrypoint.sh', '', entrypointScript),
    copy('10-listen-on-ipv6-by-default.sh', 'docker-entrypoint.d/', listenOnIpv6),
    copy('15-local-resolvers.envsh', 'docker-entrypoint.d/', localResolvers),
    copy('20-envsubst-on-templates.sh', 'docker-entrypoint.d/', substitute),
    copy('30-tune-worker-processes.sh', 'docker-entrypoint.d/', tuneWorkers),
  ];
}

const entrypointScript = `#!/bin/sh
# Runs what lies in /docker-entrypoint.d in its order, then the command.
set -e
say() { [ -n "\${NGINX_ENTRYPOINT_QUIET_LOGS:-}" ] || echo "$0: $1"; }
if [ "$1" = nginx ] || [ "$1" = nginx-debug ]; then
    if [ -n "$(find /docker-entrypoint.d/ -mindepth 1 -maxdepth 1 -type f)" ]; then
        say "/docker-entrypoint.d/ is not empty, will attempt to perform configuration"
        say "Looking for shell scripts in /docker-entrypoint.d/"
        for script in /docker-entrypoint.d/*; do
            [ -f "$script" ] || continue
            case "$script" in
                *.envsh|*.sh) [ -x "$script" ] || { say "Ignoring $script, not executable"; continue; } ;;
            esac
            case "$script" in
                *.envsh) say "Sourcing $script"; . "$script" ;;
                *.sh) say "Launching $script"; "$script" ;;
                *) say "Ignoring $script" ;;
            esac
        done
        say "Configuration complete; ready for start up"
    else
        say "No files found in /docker-entrypoint.d/, skipping configuration"
    fi
fi
exec "$@"
`;

const listenOnIpv6 = `#!/bin/sh
# Lets the default site listen on IPv6 too, unless somebody has changed it.
set -e
name=10-listen-on-ipv6-by-default.sh
site=${site}
say() { [ -n "\${NGINX_ENTRYPOINT_QUIET_LOGS:-}" ] || echo "$name: info: $1"; }
[ -f /proc/net/if_inet6 ] || { say "ipv6 not available"; exit 0; }
[ -f "/$site" ] || { say "/$site is not a file or does not exist"; exit 0; }
touch "/$site" 2>/dev/null || { say "can not modify /$site (read-only file system?)"; exit 0; }
if grep -qE 'listen +[[]::]:80;' "/$site"; then say "IPv6 listen already enabled"; exit 0; fi
say "Getting the checksum of /$site"
cd /
if command -v apk > /dev/null; then
    sum=$(apk manifest nginx | sed -nE "s,^sha1:([0-9a-f]*)  $site$,\\1,p")
    check=sha1sum
else
    sum=$(dpkg-query --show --showformat='\${Conffiles}\\n' nginx | awk -v site="/$site" '$1 == site { print $2 }')
    check=md5sum
fi
if ! echo "$sum  $site" | $check -c > /dev/null 2>&1; then say "/$site differs from the packaged version"; exit 0; fi
sed -i 's,listen       80;,&\\n    listen  [::]:80;,' "/$site"
say "Enabled listen on IPv6 in /$site"
`;

const localResolvers = `#!/bin/sh
# Read by the entrypoint: NGINX_LOCAL_RESOLVERS for templates that ask for it.
if [ -n "\${NGINX_ENTRYPOINT_LOCAL_RESOLVERS:-}" ]; then
    NGINX_LOCAL_RESOLVERS=$(awk '$1 == "nameserver" { print ($2 ~ /:/) ? "[" $2 "]" : $2 }' /etc/resolv.conf | tr '\\n' ' ')
    NGINX_LOCAL_RESOLVERS=\${NGINX_LOCAL_RESOLVERS% }
    export NGINX_LOCAL_RESOLVERS
fi
`;

const substitute = `#!/bin/sh
# Templates become configuration: the variables of the environment are put in.
set -e
name=20-envsubst-on-templates.sh
from=\${NGINX_ENVSUBST_TEMPLATE_DIR:-/etc/nginx/templates}
suffix=\${NGINX_ENVSUBST_TEMPLATE_SUFFIX:-.template}
to=\${NGINX_ENVSUBST_OUTPUT_DIR:-/etc/nginx/conf.d}
say() { [ -n "\${NGINX_ENTRYPOINT_QUIET_LOGS:-}" ] || echo "$name: $1"; }
[ -d "$from" ] || exit 0
if [ ! -w "$to" ]; then say "ERROR: $from exists, but $to is not writable"; exit 0; fi
names=$(env | sed -nE 's/^([A-Za-z_][A-Za-z0-9_]*)=.*/\\1/p' | grep -E "\${NGINX_ENVSUBST_FILTER:-.}" | sed 's/.*/\${&}/' | tr '\\n' ' ')
find "$from" -follow -type f -name "*$suffix" -print | while read -r template; do
    path=\${template#"$from/"}
    output=$to/\${path%"$suffix"}
    mkdir -p "$(dirname "$output")"
    say "Running envsubst on $template to $output"
    envsubst "$names" < "$template" > "$output"
done
`;

const tuneWorkers = `#!/bin/sh
# As many workers as the container may use processors, when asked for.
set -e
[ -n "\${NGINX_ENTRYPOINT_WORKER_PROCESSES_AUTOTUNE:-}" ] || exit 0
conf=/etc/nginx/nginx.conf
touch "$conf" 2>/dev/null || { echo "30-tune-worker-processes.sh: error: can not modify $conf (read-only file system?)" >&2; exit 0; }
count=$(nproc)
if [ -r /sys/fs/cgroup/cpu.max ]; then
    read -r quota period < /sys/fs/cgroup/cpu.max
    if [ "$quota" != max ]; then
        limit=$(( (quota + period - 1) / period ))
        [ "$limit" -ge "$count" ] || count=$limit
    fi
fi
sed -i -E "s/^worker_processes .*/worker_processes  $count;/" "$conf"
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
async function debianLayer(
  base: Recipe,
  { programAt }: Userland,
  mtime: Timespec,
  version: string,
): Promise<RootfsTree> {
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
  for (const name of ['ca-certificates', 'curl', 'libpcre2-8-0', 'libgeoip1', 'libxslt1.1']) await add(name);
  nginxFiles(tree);
  tree.file('usr/sbin/nginx', programFile('nginx', 1_522_184, seedOf('nginx.org/nginx')), 0o755);
  register(tree, 'nginx', {
    'Installed-Size': '3500',
    Version: `${version}-1~bookworm`,
    Section: 'httpd',
    Depends: 'libc6 (>= 2.34), libpcre2-8-0 (>= 10.22), libssl3 (>= 3.0.0), zlib1g (>= 1:1.1.4), adduser',
    Description: 'high performance web server',
  });
  tree.file('usr/bin/envsubst', programFile('gettext/envsubst', 39_752, seedOf('envsubst')), 0o755);
  register(tree, 'gettext-base', {
    'Installed-Size': '671',
    Version: '0.21-12',
    Section: 'utils',
    Description: 'GNU Internationalization utilities for the base system',
  });
  const account = (path: string, line: string) => {
    const old = below.get(path)!;
    tree.file(path, new TextDecoder().decode(old.content.read(0, old.size)) + line, old.mode, old.uid, old.gid);
  };
  account('etc/passwd', 'nginx:x:101:101:nginx user:/nonexistent:/bin/false\n');
  account('etc/group', 'nginx:x:101:\n');
  return weigh(tree, 117_500_000, 'usr/lib/x86_64-linux-gnu/libicudata.so.72.1');
}

/** A package of nginx.org's or one whose file list is not known: its paragraph in dpkg's database. */
function register(tree: RootfsTree, name: string, fields: Record<string, string>): void {
  const status = tree.get('var/lib/dpkg/status')!;
  const before = new TextDecoder().decode(status.content.read(0, status.size));
  const own = statusStanza(name, { Priority: 'optional', Architecture: 'amd64', ...fields });
  const files = [...tree.toEntries()].filter((entry) => entry.type === 'file' && owns(name, entry.name));
  const conffiles = files.filter((entry) => entry.name.startsWith('etc/'));
  const sums = conffiles.map(
    ({ name: path, content, size }) => ` /${path} ${bytesToHex(md5(content.read(0, size)))}\n`,
  );
  const listed = sums.length > 0 ? own.replace(/^Description:/m, `Conffiles:\n${sums.join('')}Description:`) : own;
  tree.file('var/lib/dpkg/status', before + listed);
  tree.file(`var/lib/dpkg/info/${name}.list`, `/.\n${files.map(({ name: path }) => `/${path}\n`).join('')}`);
}

const owns = (name: string, path: string): boolean =>
  name === 'nginx' ? /(^|\/)nginx(\/|$)/.test(path) : path === 'usr/bin/envsubst';

function alpineLayer(below: Recipe, mtime: Timespec, version: string): RootfsTree {
  const tree = new RootfsTree(mtime);
  const base = below.steps[0]!.tree!;
  const text = (path: string): string => {
    const { content } = base.get(path)!;
    return new TextDecoder().decode(content.read(0, content.size));
  };
  tree.file('etc/passwd', `${text('etc/passwd')}nginx:x:101:101:nginx:/var/cache/nginx:/sbin/nologin\n`);
  tree.file('etc/group', `${text('etc/group')}nginx:x:101:nginx\n`);
  tree.file('etc/apk/world', `${text('etc/apk/world')}nginx\n`);
  tree.file('usr/sbin/nginx', programFile('nginx', 1_600_000, seedOf('alpine/nginx')), 0o755);
  tree.file('usr/bin/envsubst', programFile('gettext/envsubst', 35_096, seedOf('alpine/envsubst')), 0o755);
  nginxFiles(tree);
  const sum = base64.fromByteArray(sha1(utf8(nginxDefaultConf)));
  tree.file(
    'lib/apk/db/installed',
    `${text('lib/apk/db/installed')}P:nginx\nV:${version}-r1\nA:x86_64\nI:2670592\nT:High performance web server\nF:etc/nginx/conf.d\nR:default.conf\nZ:Q1${sum}\nF:usr/sbin\nR:nginx\n\n`,
  );
  return weigh(tree, 4_460_000, 'usr/sbin/nginx-debug');
}

function alpineModules(server: RootfsTree, mtime: Timespec): RootfsTree {
  const tree = new RootfsTree(mtime);
  const more = (path: string, text: string) => {
    const { content } = server.get(path)!;
    tree.file(path, new TextDecoder().decode(content.read(0, content.size)) + text);
  };
  more('etc/apk/world', 'curl\nca-certificates\n');
  more(
    'lib/apk/db/installed',
    'P:curl\nV:8.14.1-r2\nA:x86_64\nI:299008\nT:URL retrival utility and library\nF:usr/bin\nR:curl\n\n',
  );
  tree.file('usr/bin/curl', programFile('curl/curl', 298_904, seedOf('alpine/curl')), 0o755);
  return weigh(tree, 39_700_000, 'usr/lib/nginx/modules/ngx_http_js_module.so');
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
  tree.symlink('etc/nginx/modules', '/usr/lib/nginx/modules').directory('usr/lib/nginx/modules');
  tree.symlink('var/log/nginx/access.log', '/dev/stdout').symlink('var/log/nginx/error.log', '/dev/stderr');
}
