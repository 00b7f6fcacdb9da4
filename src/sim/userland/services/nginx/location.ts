/** Which server and which location answer a request: ngx_http_core_module, "server_name" and "location". */
import { ConfigError, type Directive, findAll } from './config.ts';

export interface Listen {
  family: 'inet' | 'inet6';
  address: string;
  port: number;
  isDefault: boolean;
}

export interface VirtualServer {
  names: string[];
  listens: Listen[];
  /** Directives of http, then of the server: the nearest last. */
  scopes: Directive[][];
  locations: Location[];
  block: Directive[];
}

export interface Location {
  /** '' prefix, '=' exact, '^~' prefix that beats patterns, '~' and '~*' patterns, '@' named. */
  kind: '' | '=' | '^~' | '~' | '~*' | '@';
  path: string;
  pattern?: RegExp;
  block: Directive[];
  nested: Location[];
  /** Blocks of the locations around it, the outermost first. */
  outer: Directive[][];
}

export function readServers(http: readonly Directive[]): VirtualServer[] {
  return findAll(http, 'server').map((server) => {
    const block = server.block!;
    const listens = findAll(block, 'listen').map(parseListen);
    return {
      names: findAll(block, 'server_name').flatMap((one) => one.args),
      listens: listens.length > 0 ? listens : [{ family: 'inet', address: '0.0.0.0', port: 80, isDefault: false }],
      scopes: [[...http], block],
      locations: readLocations(block),
      block,
    };
  });
}

function parseListen({ args, file, line }: Directive): Listen {
  const [where = '', ...flags] = args;
  const isDefault = flags.includes('default_server') || flags.includes('default');
  const six = /^\[([^\]]*)\](?::(\d+))?$/.exec(where);
  if (six) return { family: 'inet6', address: six[1] || '::', port: Number(six[2] ?? 80), isDefault };
  const four = /^(?:([\w.*-]+):)?(\d+)$/.exec(where) ?? (/^[\w.*-]+$/.test(where) ? ['', where, '80'] : undefined);
  const port = Number(four?.[2]);
  if (!four || port < 1 || port > 65535) {
    const why = four ? 'invalid port' : 'invalid parameter';
    throw new ConfigError(`${why} in "${where}" of the "listen" directive in ${file}:${line}`);
  }
  const address = !four[1] || four[1] === '*' ? '0.0.0.0' : four[1] === 'localhost' ? '127.0.0.1' : four[1];
  return { family: 'inet', address, port, isDefault };
}

function readLocations(block: readonly Directive[], outer: Directive[][] = []): Location[] {
  const seen = new Set<string>();
  return findAll(block, 'location').map((one) => {
    const [first = '', second] = one.args;
    const glued = /^(=|\^~|~\*|~)(.+)$/.exec(first);
    const kind = (
      second !== undefined ? first : glued ? glued[1] : first.startsWith('@') ? '@' : ''
    ) as Location['kind'];
    const path = second ?? glued?.[2] ?? first;
    const key = `${kind === '^~' ? '' : kind} ${path}`;
    if (seen.has(key)) throw new ConfigError(`duplicate location "${path}" in ${one.file}:${one.line}`);
    seen.add(key);
    if (!['', '=', '^~', '~', '~*', '@'].includes(kind)) {
      throw new ConfigError(`invalid location modifier "${kind}" in ${one.file}:${one.line}`);
    }
    const nested = readLocations(one.block!, [...outer, one.block!]);
    return { kind, path, ...pattern(kind, path, one), block: one.block!, nested, outer };
  });
}

function pattern(kind: string, path: string, { file, line }: Directive): { pattern?: RegExp } {
  if (kind !== '~' && kind !== '~*') return {};
  return { pattern: compilePattern(path, kind === '~*', `${file}:${line}`) };
}

/** PCRE as a RegExp. Throws {@link ConfigError}. */
export function compilePattern(text: string, ignoreCase: boolean, where: string): RegExp {
  try {
    return new RegExp(text.replace(/\(\?P?<(\w+)>/g, '(?<$1>').replace(/^\(\?i\)/, ''), ignoreCase ? 'i' : '');
  } catch {
    throw new ConfigError(`pcre2_compile() failed: syntax error in "${text}" in ${where}`);
  }
}

/** The server of a listening address whose name fits best; the default one otherwise. */
export function chooseServer(servers: readonly VirtualServer[], host: string): VirtualServer {
  const exact = servers.find((one) => one.names.includes(host));
  if (exact) return exact;
  const wild = servers
    .flatMap((server) => server.names.map((name) => ({ server, name })))
    .filter(({ name }) => matchesWildcard(name, host))
    .sort((a, b) => Number(a.name.endsWith('*')) - Number(b.name.endsWith('*')) || b.name.length - a.name.length)[0];
  if (wild) return wild.server;
  const byPattern = servers.find((one) =>
    one.names.some((name) => name.startsWith('~') && compilePattern(name.slice(1), false, '').test(host)),
  );
  return byPattern ?? servers[0]!;
}

function matchesWildcard(name: string, host: string): boolean {
  if (name.startsWith('*.')) return host.endsWith(name.slice(1));
  if (name.startsWith('.')) return host === name.slice(1) || host.endsWith(name);
  return name.endsWith('.*') && host.startsWith(name.slice(0, -1));
}

export interface Match {
  location: Location;
  captures: RegExpExecArray | undefined;
}

/** Exact, then the longest prefix, unless it is ^~ and a pattern matches first in the order of the file. */
export function chooseLocation(locations: readonly Location[], path: string): Match | undefined {
  const exact = locations.find((one) => one.kind === '=' && one.path === path);
  if (exact) return { location: exact, captures: undefined };
  const prefix = locations
    .filter((one) => (one.kind === '' || one.kind === '^~') && path.startsWith(one.path))
    .sort((a, b) => b.path.length - a.path.length)[0];
  const inner = prefix && prefix.nested.length > 0 ? chooseLocation(prefix.nested, path) : undefined;
  if (inner) return inner;
  if (prefix?.kind !== '^~') {
    for (const one of locations) {
      const captures = one.pattern?.exec(path);
      if (captures) return { location: one, captures };
    }
  }
  return prefix && { location: prefix, captures: undefined };
}
