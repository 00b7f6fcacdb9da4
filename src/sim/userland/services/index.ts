/** Servers: nginx, Apache httpd, Redis. Each loads when it is first run and speaks over the process's own sockets. */
import type { LazyProgram } from '../../kernel/program.ts';

export const servicePrograms: ReadonlyMap<string, LazyProgram> = new Map<string, LazyProgram>([
  ['nginx', { load: async () => (await import('./nginx/nginx.ts')).nginx }],
  ['gosu', { load: async () => (await import('../accounts/gosu.ts')).gosu }],
  ['redis-server', { load: async () => (await import('./redis/redis-server.ts')).redisServer }],
  ['redis-cli', { load: async () => (await import('./redis/redis-cli.ts')).redisCli }],
  ['httpd', { load: async () => (await import('./apache/httpd.ts')).httpd }],
  ['whoami-server', { load: async () => (await import('./http/echo-servers.ts')).whoami }],
  ['http-echo', { load: async () => (await import('./http/echo-servers.ts')).httpEcho }],
  ['stress', { load: async () => (await import('../status/stress.ts')).stress }],
  ['htpasswd', { load: async () => (await import('./apache/htpasswd.ts')).htpasswd }],
]);

/** Path in a Debian system -> program. */
export const serviceProgramPaths: Readonly<Record<string, string>> = {
  '/usr/sbin/nginx': 'nginx',
  '/usr/sbin/apache2': 'httpd',
  '/usr/bin/htpasswd': 'htpasswd',
  '/usr/bin/stress': 'stress',
  '/usr/bin/redis-server': 'redis-server',
  '/usr/bin/redis-check-rdb': 'redis-server',
  '/usr/bin/redis-cli': 'redis-cli',
};
