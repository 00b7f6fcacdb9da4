import type { Ulimit } from '../../../spec/index.ts';
import { parseBytes, parseInteger } from '../../flag/index.ts';

/** Checks of option values (docker/cli opts); what they throw becomes `invalid argument … for … flag: MESSAGE`. */

export function checkLabel(value: string): string {
  const key = value.split('=')[0]!.replace(/^[ \t]+/, '');
  if (key === '') throw new Error(`invalid label '${value}': empty name`);
  if (/[ \t]/.test(key)) throw new Error(`label '${key}' contains whitespaces`);
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

export const cut = (text: string, by: string): [string, string] => {
  const at = text.indexOf(by);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + by.length)];
};

export function checkVariable(value: string): string {
  if (value === '' || value.startsWith('=')) throw new Error(`invalid environment variable: ${value}`);
  return value;
}

export function checkIp(text: string): string {
  if (!isIp(text.trim())) throw new Error(`IP address is not correctly formatted: ${text}`);
  return text.trim();
}

/** opts.ValidateDNSSearch: `.` alone empties the list. */
export function checkSearchDomain(value: string): string {
  const text = value.trim();
  if (text === '.') return text;
  const label = '([a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])';
  const named = /[a-zA-Z]/.test(text) && text.length < 255;
  if (!named || !new RegExp(`^(:?${label}\\.)*${label}\\.?$`).test(text)) {
    throw new Error(`${value} is not a valid domain`);
  }
  return text;
}

/** opts.ParseLink */
export function checkLink(value: string): string {
  if (value === '') throw new Error('empty string specified for links');
  const parts = value.split(':');
  if (parts.length > 2) throw new Error(`bad format for links: ${value}`);
  return value;
}

const namespacedSysctls = ['kernel.msgmax', 'kernel.msgmnb', 'kernel.msgmni', 'kernel.sem', 'kernel.shmall'].concat(
  'kernel.shmmax',
  'kernel.shmmni',
  'kernel.shm_rmid_forced',
);

/** opts.ValidateSysctl: only what a namespace has of its own. */
export function checkSysctl(value: string): string {
  const [name] = cut(value, '=');
  const allowed = namespacedSysctls.includes(name) || name.startsWith('net.') || name.startsWith('fs.mqueue.');
  if (!value.includes('=') || !allowed) throw new Error(`sysctl '${value}' is not allowed`);
  return value;
}

export function checkDeviceRule(value: string): string {
  if (!/^[acb] ([0-9]+|\*):([0-9]+|\*) [rwm]{1,3}$/.test(value)) {
    throw new Error(`invalid device cgroup format '${value}'`);
  }
  return value;
}

function devicePath(value: string): string {
  const [path, rest] = cut(value, ':');
  if (path === '' || !value.includes(':')) throw new Error(`bad format: ${value}`);
  if (!path.startsWith('/dev/')) throw new Error(`bad format for device path: ${value}`);
  return rest;
}

export function checkWeight(value: string): string {
  const text = devicePath(value);
  const weight = Number(text);
  if (!/^\d+$/.test(text) || (weight > 0 && (weight < 10 || weight > 1000))) {
    throw new Error(`invalid weight for device: ${value}`);
  }
  return value;
}

export function checkRate(value: string): string {
  const text = devicePath(value);
  try {
    parseBytes(text);
  } catch {
    throw new Error(
      `invalid rate for device: ${value}. The correct format is <device-path>:<number>[<unit>]. Number must be a positive integer. Unit is optional and can be kb, mb, or gb`,
    );
  }
  return value;
}

export function checkRequests(value: string): string {
  if (/^\d+$/.test(devicePath(value))) return value;
  throw new Error(
    `invalid rate for device: ${value}. The correct format is <device-path>:<number>. Number must be a positive integer`,
  );
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
