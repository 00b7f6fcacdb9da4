/** Images of servers on top of base images: redis and httpd of the official library. Scripts are our own. */
import { parseRfc3339, programFile, type Timespec } from '../spec/index.ts';
import { mimeTypes } from './debian/texts.ts';
import { seedOf } from './file-content.ts';
import type { Userland } from './images.ts';
import type { Recipe, RecipeStep } from './recipe.ts';
import { RootfsTree } from './tree.ts';
import { weigh } from './weight.ts';

type MakeRecipe = (userland: Userland) => Promise<Recipe>;

const at = (created: string): Timespec => ({ ...parseRfc3339(created)!, nsec: 0 });
const built = (createdBy: string, tree?: RootfsTree): RecipeStep => ({
  createdBy,
  comment: 'buildkit.dockerfile.v0',
  tree,
});

/** A file of the image below with a line added. */
function append(tree: RootfsTree, below: Recipe, path: string, line: string): void {
  const old = below.steps.findLast((step) => step.tree?.has(path))!.tree!.get(path)!;
  tree.file(path, new TextDecoder().decode(old.content.read(0, old.size)) + line, old.mode, old.uid, old.gid);
}

const redisEntrypoint = `#!/bin/sh
set -e
case "$1" in
  -*|*.conf) set -- redis-server "$@" ;;
esac
if [ "$1" = redis-server ] && [ "$(id -u)" = 0 ]; then
  find . \\! -user redis -exec chown redis '{}' +
  exec gosu redis "$0" "$@"
fi
exec "$@"
`;

/** Differs from Docker Hub: \`latest\` is 7.4, and the server's TLS and modules are left out. */
export const redis =
  (base: MakeRecipe, ids: { uid: number; gid: number }, alpine = false): MakeRecipe =>
  async (userland) => {
    const below = await base(userland);
    const created = '2025-05-29T18:06:54Z';
    const version = '7.4.4';
    const users = new RootfsTree(at(created));
    const tree = new RootfsTree(at(created));
    append(users, below, 'etc/passwd', `redis:x:${ids.uid}:${ids.gid}::/home/redis:/bin/sh\n`);
    append(users, below, 'etc/group', `redis:x:${ids.gid}:\n`);
    const program = (name: string, stands: string, size: number) =>
      tree.file(`usr/local/bin/${name}`, programFile(stands, size, seedOf(`redis:${name}`)), 0o755);
    program('redis-server', 'redis-server', 16_891_304);
    program('redis-cli', 'redis-cli', 7_385_040);
    const gosu = new RootfsTree(at(created)).file(
      'usr/local/bin/gosu',
      programFile('gosu', 2_465_792, seedOf('gosu')),
      0o755,
    );
    for (const name of ['redis-check-rdb', 'redis-check-aof', 'redis-sentinel']) {
      tree.symlink(`usr/local/bin/${name}`, 'redis-server');
    }
    weigh(tree, alpine ? 31_100_000 : 39_600_000, 'usr/local/bin/redis-benchmark');
    const data = new RootfsTree(at(created)).directory('data', 0o755, ids.uid, ids.gid);
    const entry = new RootfsTree(at(created)).file('usr/local/bin/docker-entrypoint.sh', redisEntrypoint, 0o755);
    const env = [
      'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
      'GOSU_VERSION=1.17',
      `REDIS_VERSION=${version}`,
      `REDIS_DOWNLOAD_URL=http://download.redis.io/releases/redis-${version}.tar.gz`,
    ];
    return {
      created,
      steps: [
        ...below.steps,
        built(
          alpine
            ? 'RUN /bin/sh -c set -eux; \taddgroup -S -g 1000 redis; \tadduser -S -G redis -u 999 redis # buildkit'
            : 'RUN /bin/sh -c set -eux; \tgroupadd -r -g 999 redis; \tuseradd -r -g redis -u 999 redis # buildkit',
          users,
        ),
        built('ENV GOSU_VERSION=1.17'),
        built(
          'RUN /bin/sh -c set -eux; \twget -O /usr/local/bin/gosu "$url"; \tchmod +x /usr/local/bin/gosu; \tgosu --version; \tgosu nobody true # buildkit',
          gosu,
        ),
        built(`ENV REDIS_VERSION=${version}`),
        built(`ENV REDIS_DOWNLOAD_URL=http://download.redis.io/releases/redis-${version}.tar.gz`),
        built(
          'RUN /bin/sh -c set -eux; \twget -O redis.tar.gz "$REDIS_DOWNLOAD_URL"; \tmkdir -p /usr/src/redis; \ttar -xzf redis.tar.gz -C /usr/src/redis --strip-components=1; \tmake -C /usr/src/redis -j "$(nproc)" all; \tmake -C /usr/src/redis install; \trm -r /usr/src/redis; \tredis-cli --version; \tredis-server --version # buildkit',
          tree,
        ),
        built('RUN /bin/sh -c mkdir /data && chown redis:redis /data # buildkit', data),
        built('VOLUME [/data]'),
        built('WORKDIR /data', new RootfsTree(at(created))),
        built('COPY docker-entrypoint.sh /usr/local/bin/ # buildkit', entry),
        built('ENTRYPOINT ["docker-entrypoint.sh"]'),
        built('EXPOSE map[6379/tcp:{}]'),
        built('CMD ["redis-server"]'),
      ],
      config: {
        Env: env,
        ExposedPorts: { '6379/tcp': {} },
        Volumes: { '/data': {} },
        WorkingDir: '/data',
        Entrypoint: ['docker-entrypoint.sh'],
        Cmd: ['redis-server'],
      },
    };
  };

const httpdConf = `ServerRoot "/usr/local/apache2"
Listen 80
LoadModule mpm_event_module modules/mod_mpm_event.so
LoadModule authn_file_module modules/mod_authn_file.so
LoadModule authn_core_module modules/mod_authn_core.so
LoadModule authz_host_module modules/mod_authz_host.so
LoadModule authz_user_module modules/mod_authz_user.so
LoadModule authz_core_module modules/mod_authz_core.so
LoadModule auth_basic_module modules/mod_auth_basic.so
LoadModule mime_module modules/mod_mime.so
LoadModule log_config_module modules/mod_log_config.so
LoadModule headers_module modules/mod_headers.so
LoadModule unixd_module modules/mod_unixd.so
LoadModule autoindex_module modules/mod_autoindex.so
LoadModule dir_module modules/mod_dir.so
LoadModule alias_module modules/mod_alias.so
#LoadModule proxy_module modules/mod_proxy.so
#LoadModule proxy_http_module modules/mod_proxy_http.so
#LoadModule rewrite_module modules/mod_rewrite.so
User www-data
Group www-data
ServerAdmin you@example.com
#ServerName www.example.com:80
<Directory />
    AllowOverride none
    Require all denied
</Directory>
DocumentRoot "/usr/local/apache2/htdocs"
<Directory "/usr/local/apache2/htdocs">
    Options Indexes FollowSymLinks
    AllowOverride None
    Require all granted
</Directory>
<IfModule dir_module>
    DirectoryIndex index.html
</IfModule>
<Files ".ht*">
    Require all denied
</Files>
ErrorLog /proc/self/fd/2
LogLevel warn
<IfModule log_config_module>
    LogFormat "%h %l %u %t \\"%r\\" %>s %b \\"%{Referer}i\\" \\"%{User-Agent}i\\"" combined
    LogFormat "%h %l %u %t \\"%r\\" %>s %b" common
    CustomLog /proc/self/fd/1 common
</IfModule>
TypesConfig conf/mime.types
`;

const httpdForeground = `#!/bin/sh
set -e
rm -f /usr/local/apache2/logs/httpd.pid
exec httpd -DFOREGROUND "$@"
`;

/** As mime.types of Apache has them: type, then extensions. */
const apacheTypes = mimeTypes
  .split('\n')
  .filter((line) => line.endsWith(';'))
  .map((line) => `${line.trim().replace(/;$/, '').replace(/\s+/, '\t')}\n`)
  .join('');

function webUser(below: Recipe, created: string): RootfsTree {
  const tree = new RootfsTree(at(created));
  append(tree, below, 'etc/passwd', 'www-data:x:82:82:Linux User,,,:/home/www-data:/sbin/nologin\n');
  return tree;
}

export const httpd =
  (base: MakeRecipe, alpine = false): MakeRecipe =>
  async (userland) => {
    const below = await base(userland);
    const created = '2025-01-24T19:32:36Z';
    const root = 'usr/local/apache2';
    const tree = new RootfsTree(at(created));
    tree.file(`${root}/bin/httpd`, programFile('httpd', 2_900_000, seedOf('httpd')), 0o755);
    tree.file(`${root}/bin/htpasswd`, programFile('htpasswd', 26_000, seedOf('htpasswd')), 0o755);
    tree.symlink(`${root}/bin/apachectl`, 'httpd').directory(`${root}/logs`).directory(`${root}/modules`);
    tree.file(`${root}/conf/httpd.conf`, httpdConf).file(`${root}/conf/mime.types`, apacheTypes);
    tree.file(`${root}/htdocs/index.html`, '<html><body><h1>It works!</h1></body></html>\n');
    const prefix = new RootfsTree(at(created)).directory(root, 0o755, alpine ? 82 : 33, alpine ? 82 : 33);
    const libraries = weigh(
      new RootfsTree(at(created)),
      alpine ? 4_000_000 : 11_000_000,
      alpine ? 'usr/lib/libapr-1.so.0.7.5' : 'usr/lib/x86_64-linux-gnu/libaprutil-1.so.0.6.3',
    );
    weigh(tree, alpine ? 53_700_000 : 62_000_000, `${root}/modules/mod_md.so`);
    const path = 'PATH=/usr/local/apache2/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
    const version = '2.4.63';
    return {
      created,
      steps: [
        ...below.steps,
        ...(alpine
          ? [
              built(
                'RUN /bin/sh -c set -x \t&& adduser -u 82 -D -S -G www-data www-data # buildkit',
                webUser(below, created),
              ),
            ]
          : []),
        built('ENV HTTPD_PREFIX=/usr/local/apache2'),
        built(`ENV ${path}`),
        built(
          'RUN /bin/sh -c mkdir -p "$HTTPD_PREFIX" \t&& chown www-data:www-data "$HTTPD_PREFIX" # buildkit',
          prefix,
        ),
        built('WORKDIR /usr/local/apache2', new RootfsTree(at(created))),
        built(
          alpine
            ? 'RUN /bin/sh -c set -eux; \tapk add --no-cache \t\tapr \t\tapr-util \t\tapr-util-ldap \t\tperl \t; # buildkit'
            : 'RUN /bin/sh -c set -eux; \tapt-get update; \tapt-get install -y --no-install-recommends \t\tca-certificates \t\tlibaprutil1-ldap \t\tlibldap-common \t; \trm -rf /var/lib/apt/lists/* # buildkit',
          libraries,
        ),
        built(`ENV HTTPD_VERSION=${version}`),
        built(
          'RUN /bin/sh -c set -eux; \t./configure \t\t--prefix="$HTTPD_PREFIX" \t\t--enable-mods-shared=reallyall \t\t--enable-mpms-shared=all \t; \tmake -j "$(nproc)"; \tmake install; \thttpd -v # buildkit',
          tree,
        ),
        built('STOPSIGNAL SIGWINCH'),
        built(
          'COPY httpd-foreground /usr/local/bin/ # buildkit',
          new RootfsTree(at(created)).file('usr/local/bin/httpd-foreground', httpdForeground, 0o755),
        ),
        built('EXPOSE map[80/tcp:{}]'),
        built('CMD ["httpd-foreground"]'),
      ],
      config: {
        Env: [path, 'HTTPD_PREFIX=/usr/local/apache2', `HTTPD_VERSION=${version}`],
        ExposedPorts: { '80/tcp': {} },
        WorkingDir: '/usr/local/apache2',
        Cmd: ['httpd-foreground'],
        StopSignal: 'SIGWINCH',
      },
    };
  };
