import type { Expose } from '../../dockerfile/index.ts';
import { BuildError } from '../backend.ts';
import type { Dispatcher } from './effect.ts';
import { sorted } from './label.ts';

/** `EXPOSE <port>[-<port>][/<protocol>] ...` */
export const expose: Dispatcher<Expose> = ({ config, expandWords, form }, { ports }) => {
  const words = ports.flatMap(expandWords);
  const exposed = words.flatMap(parsePorts);
  const all = sorted({ ...config.ExposedPorts, ...Object.fromEntries(exposed.map((port) => [port, {}])) });
  const shown = Object.keys(sorted(Object.fromEntries(exposed.map((port) => [port, {}]))));
  const comment = form === 'classic' ? words.join(' ') : `[${shown.join(' ')}]`;
  return { config: { ...config, ExposedPorts: all }, comment: `EXPOSE ${comment}` };
};

const fail = (message: string): never => {
  throw new BuildError(message);
};

/** "8000-8001/udp" to "8000/udp", "8001/udp"; a host part ("80:80") is checked and dropped, as docker's nat package does. */
function parsePorts(spec: string): string[] {
  const [ports = '', given = ''] = spec.split('/');
  const protocol = given.toLowerCase() || 'tcp';
  const parts = ports.split(':');
  const container = parts.at(-1)!;
  if (container === '') fail(`No port specified: ${spec}<empty>`);
  const [start, end] = range(container) ?? fail(`Invalid containerPort: ${container}`);
  if (!['tcp', 'udp', 'sctp'].includes(protocol)) fail(`Invalid proto: ${protocol}`);
  const host = parts.length > 1 ? parts.at(-2)! : '';
  if (host !== '' && !range(host)) fail(`Invalid hostPort: ${host}`);
  return Array.from({ length: end - start + 1 }, (_, index) => `${start + index}/${protocol}`);
}

function range(text: string): [number, number] | undefined {
  const match = /^(\d+)(?:-(\d+))?$/.exec(text);
  if (!match) return undefined;
  const [start, end] = [Number(match[1]), Number(match[2] ?? match[1])];
  return start <= end && end <= 65535 ? [start, end] : undefined;
}
