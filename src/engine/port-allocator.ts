import type { Protocol } from '../port/index.ts';
import { serverError } from './errors.ts';

/** /proc/sys/net/ipv4/ip_local_port_range, where ephemeral host ports come from (libnetwork portallocator). */
const first = 32768;
const last = 60999;

/** Which host ports the engine has given away. */
export class PortAllocator {
  private readonly taken = new Map<Protocol, Map<string, Set<number>>>();
  private latest = last;

  /** A wanted port, or the next free one. Throws the text that follows "driver failed programming …". */
  allocate(protocol: Protocol, ip: string, wanted: number): number {
    if (wanted > 0) {
      if (this.taken.get(protocol)?.get(ip)?.has(wanted)) {
        throw serverError(`Bind for ${ip}:${wanted} failed: port is already allocated`);
      }
      // Each address is accounted for alone; the proxy is what finds that another one covers it.
      if (this.isTaken(protocol, ip, wanted)) {
        const socket = `listen ${protocol}4 ${ip}:${wanted}: bind`;
        throw serverError(`Error starting userland proxy: ${socket}: address already in use`);
      }
      this.take(protocol, ip, wanted);
      return wanted;
    }
    for (let tries = 0; tries <= last - first; tries++) {
      this.latest = this.latest >= last ? first : this.latest + 1;
      if (this.isTaken(protocol, ip, this.latest)) continue;
      this.take(protocol, ip, this.latest);
      return this.latest;
    }
    throw serverError('all ports are allocated');
  }

  release(protocol: Protocol, ip: string, port: number): void {
    this.taken.get(protocol)?.get(ip)?.delete(port);
  }

  // 0.0.0.0 stands in everyone's way, and everyone in its.
  private isTaken(protocol: Protocol, ip: string, port: number): boolean {
    const byIp = this.taken.get(protocol);
    if (!byIp) return false;
    for (const [other, ports] of byIp) {
      if (!ports.has(port)) continue;
      if (other === ip || other === '0.0.0.0' || ip === '0.0.0.0') return true;
    }
    return false;
  }

  private take(protocol: Protocol, ip: string, port: number): void {
    const byIp = this.taken.get(protocol) ?? new Map<string, Set<number>>();
    this.taken.set(protocol, byIp);
    byIp.set(ip, (byIp.get(ip) ?? new Set()).add(port));
  }
}
