import type { PortMap } from '../../../spec/index.ts';
import { isIp } from './option-checks.ts';

interface Range {
  first: number;
  last: number;
}

/** `error`, and for those who tell it what nat.ParsePortRange said. */
function range(text: string, error: string, told = false): Range {
  const [first, last = first] = text.split('-') as [string, string?];
  const fail = (why: string): Error => new Error(told ? `${error}, error: ${why}` : error);
  for (const part of [first, last!]) {
    const parsing = `strconv.ParseUint: parsing ${JSON.stringify(part)}`;
    if (!/^\d+$/.test(part)) throw fail(`${parsing}: invalid syntax`);
    if (Number(part) > 65535) throw fail(`${parsing}: value out of range`);
  }
  if (Number(last) < Number(first)) throw fail(`invalid range specified for port: ${text}`);
  return { first: Number(first), last: Number(last) };
}

/** `-p [IP:][HOST[-END]:]CONTAINER[-END][/PROTO]` (go-connections nat.ParsePortSpecs): what to expose, what to bind. */
export function parsePublish(specs: readonly string[]): { exposed: string[]; bindings: PortMap } {
  const exposed = new Set<string>();
  const bindings: PortMap = {};
  for (const spec of specs) {
    for (const { port, ip, host } of expandPublish(spec.includes('=') ? longForm(spec) : spec)) {
      exposed.add(port);
      (bindings[port] ??= []).push({ HostIp: ip, HostPort: host });
    }
  }
  return { exposed: [...exposed].sort(), bindings };
}

/** `published=8080,target=80,protocol=tcp` as the short form. */
function longForm(spec: string): string {
  const fields: Record<string, string> = { protocol: 'tcp' };
  for (const part of spec.split(',')) {
    const at = part.indexOf('=');
    if (at < 1) throw new Error(`invalid publish opts format (should be name=value but got '${part}')`);
    fields[part.slice(0, at)] = part.slice(at + 1);
  }
  return `${fields.published ?? ''}:${fields.target ?? ''}/${fields.protocol}`;
}

function expandPublish(spec: string): { port: string; ip: string; host: string }[] {
  const [rest, protocol = 'tcp'] = spec.split('/') as [string, string?];
  const { ip, host, container } = splitParts(rest);
  if (container === '') throw new Error(`no port specified: ${spec}<empty>`);
  if (ip !== '' && !isIp(ip)) throw new Error(`invalid IP address: ${ip}`);
  const inner = range(container, `invalid containerPort: ${container}`);
  const outer = host === '' ? undefined : range(host, `invalid hostPort: ${host}`);
  if (!['tcp', 'udp', 'sctp'].includes(protocol!.toLowerCase())) throw new Error(`invalid proto: ${protocol}`);
  const spread = outer !== undefined && inner.first === inner.last && outer.first !== outer.last;
  if (outer && !spread && outer.last - outer.first !== inner.last - inner.first)
    throw new Error(`invalid ranges specified for container and host Ports: ${container} and ${host}`);
  return Array.from({ length: inner.last - inner.first + 1 }, (_unused, index) => ({
    port: `${inner.first + index}/${protocol!.toLowerCase()}`,
    ip,
    host: outer === undefined ? '' : spread ? `${outer.first}-${outer.last}` : String(outer.first + index),
  }));
}

function splitParts(text: string): { ip: string; host: string; container: string } {
  const parts = text.split(':');
  const container = parts.pop() ?? '';
  const host = parts.pop() ?? '';
  return { ip: parts.join(':').replace(/^\[(.*)\]$/, '$1'), host, container };
}

/** `--expose 80-90/udp`. */
export function parseExpose(specs: readonly string[]): string[] {
  return specs.flatMap((spec) => {
    if (spec.includes(':')) throw new Error(`invalid port format for --expose: ${spec}`);
    const [ports, protocol = 'tcp'] = spec.split('/') as [string, string?];
    const { first, last } = range(ports, `invalid range format for --expose: ${spec}`, true);
    return Array.from({ length: last - first + 1 }, (_unused, index) => `${first + index}/${protocol}`);
  });
}
