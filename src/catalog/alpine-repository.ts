/**
 * Alpine's package mirror as an HTTP server: APKINDEX.tar.gz and .apk files (gzipped tar), made when they are asked for.
 *
 * Differs from Alpine: neither is signed, the index has no checksums, and every package is in main.
 */
import { GzipContent, TarContent, type TarEntry, tarEntry } from '../archive/index.ts';
import {
  type Content,
  foreignProgramFile,
  type Handler,
  type HttpResponse,
  programFile,
  SyntheticContent,
  textContent,
} from '../spec/index.ts';
import { type AlpinePackage, alpinePackages } from './alpine-packages.ts';
import { mimeTypes } from './debian/texts.ts';
import { seedOf } from './file-content.ts';

const mtime = { sec: 1_748_600_000, nsec: 0 };
const text = (name: string, value: string): TarEntry => tarEntry({ name, mtime, content: textContent(value) });
const branches = /^\/alpine\/(v3\.\d+|edge|latest-stable)\/(main|community)\/x86_64\/([^/]+)$/;

/** Host name -> server. */
export function alpineMirrors(): Record<string, Handler> {
  const indices = new Map<string, Content>();
  return { 'dl-cdn.alpinelinux.org': async ({ target }) => answer(indices, decodeURIComponent(target)) };
}

function answer(indices: Map<string, Content>, path: string): HttpResponse {
  const [, branch = '', repository = '', file = ''] = branches.exec(path) ?? [];
  const body =
    file === 'APKINDEX.tar.gz' ? index(indices, branch, repository) : repository === 'main' ? archive(file) : undefined;
  if (!body) return { status: 404, headers: [['Content-Type', 'text/html']], body: textContent('404 Not Found\n') };
  return { status: 200, headers: [['Content-Type', 'application/octet-stream']], body };
}

function index(indices: Map<string, Content>, branch: string, repository: string): Content {
  const key = `${branch}/${repository}`;
  const made =
    indices.get(key) ??
    gzipTar([
      text('DESCRIPTION', `${branch}.0-${repository === 'main' ? '168' : '171'}-gdrydock\n`),
      text('APKINDEX', repository === 'main' ? alpinePackages.map(stanza).join('') : ''),
    ]);
  indices.set(key, made);
  return made;
}

const stanza = (one: AlpinePackage): string =>
  [
    `P:${one.name}`,
    `V:${one.version}`,
    'A:x86_64',
    `S:${one.packed}`,
    `I:${one.installed}`,
    `T:${one.description}`,
    ...(one.depends.length > 0 ? [`D:${one.depends.join(' ')}`] : []),
    ...(one.commands.length > 0
      ? [`p:${one.commands.map(([path]) => `cmd:${path.split('/').at(-1)}`).join(' ')}`]
      : []),
    '\n',
  ].join('\n');

function archive(file: string): Content | undefined {
  const found = alpinePackages.find((one) => `${one.name}-${one.version}.apk` === file);
  if (!found) return undefined;
  const info = `pkgname = ${found.name}\npkgver = ${found.version}\narch = x86_64\nsize = ${found.installed}\n`;
  return gzipTar([text('.PKGINFO', info), ...files(found), ...(configuration[found.name] ?? [])]);
}

/** The commands, and one file for the rest of what the package weighs. */
function files({ name, installed, commands }: AlpinePackage): TarEntry[] {
  const size = commands.length === 0 ? 0 : Math.min(400_000, Math.floor(installed / commands.length / 2));
  const entries = commands.map(([path, program]) => {
    const content = program ? programFile(program, size, seedOf(path)) : foreignProgramFile(size, seedOf(path));
    return tarEntry({ name: path, mode: 0o755, mtime, content });
  });
  const rest = installed - entries.reduce((sum, one) => sum + one.size, 0);
  if (rest <= 0) return entries;
  const path = commands.length > 0 ? `usr/share/${name}/data` : `usr/lib/${name}.so`;
  return [...entries, tarEntry({ name: path, mode: 0o755, mtime, content: new SyntheticContent(rest, seedOf(path)) })];
}

const directory = (name: string): TarEntry => tarEntry({ name: `${name}/`, type: 'directory', mtime });

/** Configuration that programs of the userland read: our own, in the place of the packages'. */
const configuration: Readonly<Record<string, readonly TarEntry[]>> = {
  nginx: [
    text(
      'etc/nginx/nginx.conf',
      'worker_processes auto;\npcre_jit on;\nerror_log /var/log/nginx/error.log warn;\n\nevents {\n\tworker_connections 1024;\n}\n\nhttp {\n\tinclude /etc/nginx/mime.types;\n\tdefault_type application/octet-stream;\n\tsendfile on;\n\tkeepalive_timeout 65;\n\taccess_log /var/log/nginx/access.log;\n\tinclude /etc/nginx/http.d/*.conf;\n}\n',
    ),
    text(
      'etc/nginx/http.d/default.conf',
      'server {\n\tlisten 80 default_server;\n\tlisten [::]:80 default_server;\n\n\tlocation / {\n\t\treturn 404;\n\t}\n}\n',
    ),
    text('etc/nginx/mime.types', mimeTypes),
    directory('var/log/nginx'),
    directory('var/lib/nginx/html'),
    directory('run/nginx'),
  ],
};

const gzipTar = (entries: TarEntry[]): Content => new GzipContent(new TarContent(entries));
