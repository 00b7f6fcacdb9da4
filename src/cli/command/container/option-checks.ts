import type { Ulimit } from '../../../spec/index.ts';
import { parseInteger } from '../../flag/index.ts';

/** Checks of option values (docker/cli opts); what they throw becomes `invalid argument … for … flag: MESSAGE`. */

export function checkLabel(value: string): string {
  if (value === '') throw new Error("invalid label '': empty name");
  if (value.split('=')[0]!.trim() === '') throw new Error(`invalid label '${value}': empty name`);
  return value;
}

export function checkHost(value: string): string {
  const at = value.search(/[=:]/);
  if (at <= 0) throw new Error(`bad format for add-host: ${JSON.stringify(value)}`);
  const name = value.slice(0, at);
  const ip = value.slice(at + 1).replace(/^\[(.*)\]$/, '$1');
  if (ip !== 'host-gateway' && !isIp(ip)) throw new Error(`invalid IP address in add-host: ${JSON.stringify(ip)}`);
  return `${name}:${ip}`;
}

export const isIp4 = (text: string): boolean =>
  /^\d{1,3}(\.\d{1,3}){3}$/.test(text) &&
  text.split('.').every((part) => Number(part) < 256 && String(Number(part)) === part);
export const isIp = (text: string): boolean => isIp4(text) || isIp6(text);

function isIp6(text: string): boolean {
  if (!/^[0-9a-fA-F:.]+$/.test(text) || text.includes(':::')) return false;
  const groups = text.split(':').filter(Boolean).length + (text.includes('.') ? 1 : 0);
  return text.includes('::') ? groups < 8 : groups === 8;
}

const ulimits = new Set(
  'core cpu data fsize locks memlock msgqueue nice nofile nproc rss rtprio rttime sigpending stack'.split(' '),
);

export function parseUlimit(value: string): Ulimit {
  const [name, limits] = [value.slice(0, value.indexOf('=')), value.slice(value.indexOf('=') + 1)];
  if (!value.includes('=')) throw new Error(`invalid ulimit argument: ${value}`);
  if (!ulimits.has(name)) throw new Error(`invalid ulimit type: ${name}`);
  const parts = limits.split(':');
  if (parts.length > 2)
    throw new Error(`too many limit value arguments - ${limits}, can only have up to two, \`soft[:hard]\``);
  const [soft, hard = soft] = parts.map((part) => parseInteger(part, 64, true, 'ParseInt')) as [number, number?];
  if (soft! > hard! && hard !== -1)
    throw new Error(`ulimit soft limit must be less than or equal to hard limit: ${soft} > ${hard}`);
  return { Name: name, Soft: soft!, Hard: hard! };
}
export function checkUlimit(value: string): string {
  parseUlimit(value);
  return value;
}
