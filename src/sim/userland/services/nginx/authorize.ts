/** ngx_http_auth_basic_module. */
import type { HttpResponse } from '../../../../spec/index.ts';
import { readText } from '../../packages/sys-files.ts';
import { basicCredentials, passwordFits, storedPassword } from '../http/credentials.ts';
import type { Exchange } from './request.ts';

/** The refusal; undefined when the request may go on. */
export async function authorized(exchange: Exchange): Promise<HttpResponse | undefined> {
  const realm = exchange.nearest('auth_basic')?.args[0];
  if (realm === undefined || realm === 'off') return undefined;
  const refuse = (): HttpResponse => {
    const page = exchange.page(401);
    return { ...page, headers: [...page.headers, ['WWW-Authenticate', `Basic realm="${exchange.expand(realm)}"`]] };
  };
  const given = basicCredentials(exchange.request);
  if (!given) return refuse();
  const named = exchange.expand(exchange.nearest('auth_basic_user_file')?.args[0] ?? '');
  const path = named.startsWith('/') ? named : `/etc/nginx/${named}`;
  const file = readText(exchange.sys, path);
  if (file === undefined) {
    await exchange.error('error', `open() "${path}" failed (2: No such file or directory)`);
    return exchange.page(403);
  }
  const stored = storedPassword(file, given.user);
  if (stored === undefined) {
    await exchange.error('error', `user "${given.user}" was not found in "${path}"`);
    return refuse();
  }
  const fits = passwordFits(stored, given.password);
  if (fits) return undefined;
  if (fits === undefined) {
    await exchange.error('crit', `drydock: the password form of user "${given.user}" is not simulated`);
    return exchange.page(500);
  }
  await exchange.error('error', `user "${given.user}": password mismatch`);
  return refuse();
}
