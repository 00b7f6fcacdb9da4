/** IPv4 addresses as text and as 32-bit numbers. */
import { Errno } from '../../spec/index.ts';

export function parseIp(text: string): number | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  if (!match) return undefined;
  const bytes = match.slice(1).map(Number);
  if (bytes.some((byte) => byte > 255)) return undefined;
  return bytes.reduce((value, byte) => value * 256 + byte, 0);
}

export const formatIp = (value: number): string =>
  [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255].join('.');

export interface Cidr {
  address: number;
  prefix: number;
}

/** EINVAL for what is none; without a slash it is one address. */
export function parseCidr(text: string): Cidr {
  const [ip, length] = text.split('/');
  const address = parseIp(ip!);
  const prefix = length === undefined ? 32 : Number(length);
  if (address === undefined || !Number.isInteger(prefix) || prefix < 0 || prefix > 32) throw new Errno('EINVAL', text);
  return { address, prefix };
}

export const maskOf = (prefix: number): number => (prefix === 0 ? 0 : (0xffffffff << (32 - prefix)) >>> 0);
export const networkOf = ({ address, prefix }: Cidr): number => (address & maskOf(prefix)) >>> 0;
export const contains = (cidr: Cidr, address: number): boolean =>
  networkOf(cidr) === (address & maskOf(cidr.prefix)) >>> 0;
export const broadcastOf = (cidr: Cidr): number => (networkOf(cidr) | ~maskOf(cidr.prefix)) >>> 0;

export const isLoopback = (address: string): boolean => address.startsWith('127.');
export const anyAddress = '0.0.0.0';

/**
 * Differs from Linux: there is one address family below; `::` and `::1` are the wildcard and the loopback of IPv4, and
 * mapped addresses are what they map. Other IPv6 addresses are on no network.
 */
export function plainAddress(address: string): string {
  if (address === '::' || address === '') return anyAddress;
  if (address === '::1') return '127.0.0.1';
  return /^::ffff:/i.test(address) ? address.slice(7) : address;
}
