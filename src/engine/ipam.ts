import { badRequest, forbidden } from './errors.ts';

/** IPv4 as an unsigned 32-bit number. Undefined when it is none. */
export function parseIp(text: string): number | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  const parts = match?.slice(1).map(Number);
  if (!parts || parts.some((part) => part > 255)) return undefined;
  return ((parts[0]! << 24) | (parts[1]! << 16) | (parts[2]! << 8) | parts[3]!) >>> 0;
}

export const formatIp = (ip: number): string => [24, 16, 8, 0].map((shift) => (ip >>> shift) & 255).join('.');

export interface Subnet {
  base: number;
  length: number;
}

export function parseSubnet(text: string): Subnet | undefined {
  const match = /^([\d.]+)\/(\d{1,2})$/.exec(text);
  const ip = match ? parseIp(match[1]!) : undefined;
  const length = Number(match?.[2]);
  if (ip === undefined || length > 32) return undefined;
  return { base: (ip & mask(length)) >>> 0, length };
}

export const formatSubnet = ({ base, length }: Subnet): string => `${formatIp(base)}/${length}`;

export const mask = (length: number): number => (length === 0 ? 0 : (-1 << (32 - length)) >>> 0);
const lastOf = ({ base, length }: Subnet): number => (base | ~mask(length)) >>> 0;
export const contains = (subnet: Subnet, ip: number): boolean => ip >= subnet.base && ip <= lastOf(subnet);
export const overlaps = (a: Subnet, b: Subnet): boolean => a.base <= lastOf(b) && b.base <= lastOf(a);

/** libnetwork ipamutils: 172.17-172.31 as /16, then 192.168.0.0/16 cut into /20. */
function* defaultPools(): Generator<Subnet> {
  for (let second = 17; second <= 31; second++) yield parseSubnet(`172.${second}.0.0/16`)!;
  for (let third = 0; third < 256; third += 16) yield parseSubnet(`192.168.${third}.0/20`)!;
}

export function nextPool(taken: readonly Subnet[]): Subnet {
  for (const pool of defaultPools()) if (!taken.some((other) => overlaps(other, pool))) return pool;
  throw forbidden(
    'could not find an available, non-overlapping IPv4 address pool among the defaults to assign to the network',
  );
}

/** The lowest free address, or the wanted one. `range` narrows where free ones are looked for. */
export function allocateAddress(
  subnet: Subnet,
  taken: ReadonlySet<number>,
  options: { wanted?: string; range?: Subnet; of?: string } = {},
): number {
  if (options.wanted) {
    const ip = parseIp(options.wanted);
    if (ip === undefined) throw badRequest(`invalid ip address: ${options.wanted}`);
    const reserved = ip === subnet.base || ip === lastOf(subnet);
    if (reserved || taken.has(ip)) throw forbidden('Address already in use');
    return ip;
  }
  const range = options.range ?? subnet;
  for (let ip = range.base; ip <= lastOf(range); ip++) {
    if (ip === subnet.base || ip === lastOf(subnet) || taken.has(ip)) continue;
    return ip;
  }
  const which = options.of ? `: ${options.of}` : '';
  throw forbidden(`no available IPv4 addresses on this network's address pools${which}`);
}

/** libnetwork netutils: 02:42 and the address. */
export const macOf = (ip: number): string =>
  `02:42:${[24, 16, 8, 0].map((shift) => ((ip >>> shift) & 255).toString(16).padStart(2, '0')).join(':')}`;
