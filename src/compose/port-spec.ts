import { ProjectError } from './project.ts';

export interface PortParts {
  mode: string;
  host_ip?: string;
  target: number;
  published?: string;
  protocol: string;
}

const fail = (what: string): never => {
  throw new ProjectError(what);
};

interface PortRange {
  start: number;
  end: number;
}

/** `[[IP:][HOST]:]CONTAINER[/PROTOCOL]`, ports and ranges, as go-connections' nat.ParsePortSpec reads it. */
export function parsePorts(spec: string): PortParts[] {
  const { ip, host, container, protocol } = split(spec);
  const address = plainAddress(ip);
  if (container === '') fail(`No port specified: ${spec}<empty>`);
  const targets = range(container) ?? fail(`Invalid containerPort: ${container}`);
  const published = host === '' ? undefined : (range(host) ?? fail(`Invalid hostPort: ${host}`));
  const size = targets.end - targets.start;
  // A range of host ports for one container port: the engine picks one.
  const anyOf = published !== undefined && published.end - published.start !== size;
  if (anyOf && size !== 0) fail(`Invalid ranges specified for container and host Ports: ${container} and ${host}`);
  if (!['tcp', 'udp', 'sctp'].includes(protocol.toLowerCase())) fail(`Invalid proto: ${protocol}`);
  const ports = Array.from({ length: size + 1 }, (_, i): PortParts => {
    const port = anyOf ? `${published.start}-${published.end}` : published && String(published.start + i);
    return {
      mode: 'ingress',
      ...(address && { host_ip: address }),
      target: targets.start + i,
      ...(port && { published: port }),
      protocol: protocol.toLowerCase(),
    };
  });
  return ports.sort((a, b) => (String(a.target) < String(b.target) ? -1 : 1));
}

function split(spec: string): { ip: string; host: string; container: string; protocol: string } {
  const [ports, protocol] = protocolOf(spec);
  const parts = ports.split(':');
  const container = parts.pop()!;
  const host = parts.pop() ?? '';
  return { ip: parts.join(':'), host, container, protocol };
}

function protocolOf(spec: string): [ports: string, protocol: string] {
  const parts = spec.split('/');
  if (spec === '' || parts[0] === '') return ['', ''];
  return [parts[0]!, parts[1] || 'tcp'];
}

function plainAddress(ip: string): string {
  if (ip === '') return '';
  const bracketed = /^\[(.*)\]$/.exec(ip)?.[1];
  if (bracketed === undefined && ip.includes(':'))
    fail(`Invalid ip address ${ip}: address ${ip}:: too many colons in address`);
  const bare = bracketed ?? ip;
  if (!isAddress(bare)) fail(`Invalid ip address: ${ip}`);
  return bare;
}

export function isAddress(text: string): boolean {
  if (/^(\d{1,3}\.){3}\d{1,3}$/.test(text))
    return text.split('.').every((part) => Number(part) < 256 && !/^0\d/.test(part));
  return isAddress6(text);
}

function isAddress6(text: string): boolean {
  const halves = text.split('::');
  if (!text.includes(':') || halves.length > 2) return false;
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')));
  const tail = groups.at(-1) ?? '';
  const mapped = tail.includes('.');
  if (mapped && !isAddress(tail)) return false;
  const plain = mapped ? groups.slice(0, -1) : groups;
  if (!plain.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return false;
  const count = plain.length + (mapped ? 2 : 0);
  return halves.length === 2 ? count < 8 : count === 8;
}

function range(text: string): PortRange | undefined {
  const match = /^(\d+)(?:-(\d+))?$/.exec(text);
  if (!match) return undefined;
  const [start, end] = [Number(match[1]), Number(match[2] ?? match[1])];
  return start <= end && end < 65536 ? { start, end } : undefined;
}
