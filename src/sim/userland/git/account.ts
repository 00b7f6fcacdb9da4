import type { Sys } from '../../kernel/sys.ts';
import { readText } from '../packages/sys-files.ts';

/** The name of the effective user and his full name, of /etc/passwd. */
export function accountName(sys: Sys): { name: string; full: string } {
  const uid = String(sys.cred.euid);
  const line = (readText(sys, '/etc/passwd') ?? '').split('\n').find((one) => one.split(':')[2] === uid);
  const [name = `uid${uid}`, , , , gecos = ''] = line?.split(':') ?? [];
  return { name, full: gecos.split(',')[0]!.replace('&', name) };
}
