import type { PortSummary } from '../../spec/index.ts';

/** `docker ps`'s PORTS: published ones with their host side, neighbours merged into ranges (formatter.DisplayablePorts). */
export function displayPorts(ports: readonly PortSummary[]): string {
  const sorted = [...ports].sort(
    (a, b) =>
      a.PrivatePort - b.PrivatePort ||
      compareText(a.IP ?? '', b.IP ?? '') ||
      (a.PublicPort ?? 0) - (b.PublicPort ?? 0) ||
      compareText(a.Type, b.Type),
  );
  const groups = new Map<string, { first: number; last: number }>();
  const out: string[] = [];
  const hostMappings: string[] = [];
  const order: string[] = [];
  for (const port of sorted) {
    const current = port.PrivatePort;
    let key = port.Type;
    if (port.IP) {
      if (port.PublicPort !== current) {
        hostMappings.push(`${joinHost(port.IP, port.PublicPort!)}->${port.PrivatePort}/${port.Type}`);
        continue;
      }
      key = `${port.IP}/${port.Type}`;
    }
    const group = groups.get(key);
    if (!group) {
      groups.set(key, { first: current, last: current });
      order.push(key);
      continue;
    }
    if (current === group.last + 1) {
      group.last = current;
      continue;
    }
    out.push(groupText(key, group.first, group.last));
    groups.set(key, { first: current, last: current });
  }
  for (const key of order) out.push(groupText(key, groups.get(key)!.first, groups.get(key)!.last));
  return [...out, ...hostMappings].join(', ');
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const joinHost = (ip: string, port: number | string): string =>
  ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`;

function groupText(key: string, first: number, last: number): string {
  const at = key.indexOf('/');
  const [ip, type] = at < 0 ? ['', key] : [key.slice(0, at), key.slice(at + 1)];
  const group = first === last ? String(first) : `${first}-${last}`;
  return `${ip ? `${joinHost(ip, group)}->` : ''}${group}/${type}`;
}
