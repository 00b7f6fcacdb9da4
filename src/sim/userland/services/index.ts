/** Servers: nginx, Apache httpd. Each loads when it is first run and speaks over the process's own sockets. */
import type { Program } from '../../kernel/program.ts';

type Loader = () => Promise<Program>;

export const servicePrograms: ReadonlyMap<string, Loader> = new Map<string, Loader>([
  ['nginx', async () => (await import('./nginx/nginx.ts')).nginx],
  ['httpd', async () => (await import('./apache/httpd.ts')).httpd],
]);

/** Path in a Debian system -> program. */
export const serviceProgramPaths: Readonly<Record<string, string>> = {
  '/usr/sbin/nginx': 'nginx',
  '/usr/sbin/apache2': 'httpd',
};
