/**
 * pypi.org and files.pythonhosted.org as HTTP servers: the simple index as JSON (PEP 691), wheels and their metadata
 * (PEP 658). What students use most are the real wheels, kept as they were published (scripts/pack-wheels.mjs) and loaded
 * one by one; a few others are facts only: importing one says that it is not simulated.
 *
 * Differs from PyPI: Requires-Python is left out (the interpreter is newer than the images say), and wheels with compiled
 * parts come without them.
 */
import { unzipSync, type Zippable, zipSync } from 'fflate';
import type { Assets } from '../port/index.ts';
import { BytesContent, fromUtf8, type Handler, type HttpResponse, textContent, utf8 } from '../spec/index.ts';

interface Project {
  /** As PyPI spells it. */
  name: string;
  version: string;
  summary: string;
  depends: string[];
  /** Top-level module. */
  module: string;
}

/** Differs from PyPI: pip's newest is the one that images bring, as a newer one would have to replace the program. */
const facts: Project[] = `
pip 25.0.1 pip The PyPA recommended tool for installing Python packages.|
setuptools 80.9.0 setuptools Easily download, build, install, upgrade, and uninstall Python packages|
wheel 0.45.1 wheel A built-package format for Python|
gunicorn 26.2.0 gunicorn WSGI HTTP Server for UNIX|packaging
numpy 2.3.1 numpy Fundamental package for array computing in Python|
pandas 2.3.0 pandas Powerful data structures for data analysis, time series, and statistics|numpy>=1.23.2 python-dateutil>=2.8.2 pytz>=2020.1 tzdata>=2022.7
pytz 2025.2 pytz World timezone definitions, modern and historical|
tzdata 2025.2 tzdata Provider of IANA time zone data|
Django 5.2.3 django A high-level Python web framework that encourages rapid development and clean, pragmatic design.|asgiref<4,>=3.8.1 sqlparse>=0.3.1
asgiref 3.8.1 asgiref ASGI specs, helper code, and adapters|
sqlparse 0.5.3 sqlparse A non-validating SQL parser.|
fastapi 0.115.14 fastapi FastAPI framework, high performance, easy to learn, fast to code, ready for production|starlette<0.47.0,>=0.40.0 pydantic>=1.7.4 typing-extensions>=4.8.0
starlette 0.46.2 starlette The little ASGI library that shines.|anyio<5,>=3.6.2
anyio 4.9.0 anyio High level compatibility layer for multiple asynchronous event loop implementations|idna>=2.8 sniffio>=1.1
sniffio 1.3.1 sniffio Sniff out which async library your code is running under|
pydantic 2.11.7 pydantic Data validation using Python type hints|typing-extensions>=4.12.2
uvicorn 0.35.0 uvicorn The lightning-fast ASGI server.|click>=7.0 h11>=0.8
h11 0.16.0 h11 A pure-Python, bring-your-own-I/O implementation of HTTP/1.1|
psycopg2-binary 2.9.10 psycopg2 psycopg2 - Python-PostgreSQL Database Adapter|
SQLAlchemy 2.0.41 sqlalchemy Database Abstraction Library|typing-extensions>=4.6.0
`
  .trim()
  .split('\n')
  .map((line) => {
    const [head = '', needs = ''] = line.split('|');
    const [name = '', version = '', module = '', ...summary] = head.split(' ');
    return { name, version, module, summary: summary.join(' '), depends: needs.split(' ').filter(Boolean) };
  });

export const normalised = (name: string): string => name.toLowerCase().replace(/[-_.]+/g, '-');

interface Wheel {
  filename: string;
  bytes(): Promise<Uint8Array<ArrayBuffer>>;
}

interface Shelf {
  /** Its newest release. */
  wheel: Wheel;
  version: string;
  /** Older ones, oldest first. */
  older: readonly string[];
}

const versionOf = (filename: string): string => filename.split('-')[1]!;

/** Normalised name -> what there is of the project. */
async function openShelves(assets: Assets | undefined): Promise<Map<string, Shelf>> {
  const { default: sizes } = await import('./data/wheels.json');
  const { default: releases } = await import('./data/python-releases.json');
  const shelves = new Map<string, Shelf>();
  const put = (filename: string, bytes: Wheel['bytes']) => {
    const name = normalised(filename.split('-')[0]!);
    const version = versionOf(filename);
    const older = (releases as Record<string, string>)[name]?.split(' ').filter((one) => one !== version) ?? [];
    shelves.set(name, { wheel: { filename, bytes }, version, older });
  };
  for (const filename of Object.keys(sizes)) {
    put(filename, async () => {
      if (!assets) throw new Error('drydock: this host was started without its assets');
      return assets.load(`wheels/${filename}`);
    });
  }
  for (const project of facts) {
    const [filename, bytes] = standIn(project);
    put(filename, async () => bytes);
  }
  return shelves;
}

/**
 * Differs from PyPI: of each project only the newest release is held. An older one is a wheel of that version with the
 * newest one's contents; its summary says so, and what it depends on is asked for without bounds, as the contents are not
 * those that had them.
 */
async function olderWheel(name: string, { wheel, version }: Shelf, wanted: string): Promise<Uint8Array<ArrayBuffer>> {
  const files = unzipSync(await wheel.bytes());
  const zip: Zippable = {};
  for (const [path, bytes] of Object.entries(files)) {
    const renamed = path.replace(/^([^/]+)-[^-/]+\.dist-info\//, `$1-${wanted}.dist-info/`);
    if (renamed.endsWith('.dist-info/METADATA'))
      zip[renamed] = utf8(olderMetadata(fromUtf8(bytes), name, version, wanted));
    else if (renamed.endsWith('.dist-info/RECORD')) {
      zip[renamed] = utf8(fromUtf8(bytes).replaceAll(`-${version}.dist-info/`, `-${wanted}.dist-info/`));
    } else zip[renamed] = bytes;
  }
  return zipSync(zip, { level: 1, mtime: '2025-06-01T00:00:00Z' });
}

function olderMetadata(text: string, name: string, version: string, wanted: string): string {
  const end = text.indexOf('\n\n');
  const note = `(drydock: what this holds is ${name} ${version})`;
  const head = text
    .slice(0, end)
    .replace(/^Version: .*$/m, `Version: ${wanted}`)
    .replace(/^(Summary: .*)$/m, `$1 ${note}`)
    .replace(/^(Requires-Dist: [\w.-]+(?:\[[^\]]*\])?)[^;\n]*(;.*)?$/gm, '$1$2');
  return head + text.slice(end);
}

/** Whose wheel a file name is; `older` when it is not the newest's. */
function findWheel(
  shelves: Map<string, Shelf>,
  filename: string,
): { name: string; shelf: Shelf; older: string | undefined } | undefined {
  const name = normalised(filename.split('-')[0]!);
  const shelf = shelves.get(name);
  if (!shelf) return undefined;
  const older = shelf.older.find((version) => fileOf(shelf, version) === filename);
  return older || shelf.wheel.filename === filename ? { name, shelf, older } : undefined;
}

const fileOf = ({ wheel, version }: Shelf, wanted: string): string =>
  wheel.filename.replace(`-${version}-`, `-${wanted}-`);

function metadataOf(wheel: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const files = unzipSync(wheel, { filter: ({ name }) => name.endsWith('.dist-info/METADATA') });
  return Object.values(files)[0]! as Uint8Array<ArrayBuffer>;
}

/** A wheel with the project's facts, whose import fails by name. */
function standIn({ name, version, summary, depends, module }: Project): [string, Uint8Array<ArrayBuffer>] {
  const base = name.replace(/[-.]+/g, '_');
  const info = `${base}-${version}.dist-info`;
  const metadata = [
    'Metadata-Version: 2.1',
    `Name: ${name}`,
    `Version: ${version}`,
    `Summary: ${summary}`,
    ...depends.map((one) => `Requires-Dist: ${one}`),
    '',
    '',
  ].join('\n');
  const stub =
    name === 'pip'
      ? '# drydock: stands in for pip\n'
      : `raise ImportError("drydock: the package ${name} is not simulated", name=__name__)\n`;
  const files: [string, string][] = [
    [`${module}/__init__.py`, stub],
    [`${info}/METADATA`, metadata],
    [`${info}/WHEEL`, 'Wheel-Version: 1.0\nGenerator: drydock\nRoot-Is-Purelib: true\nTag: py3-none-any\n'],
    [`${info}/top_level.txt`, `${module}\n`],
  ];
  const record = `${files.map(([path, text]) => `${path},,${text.length}`).join('\n')}\n${info}/RECORD,,\n`;
  const zip: Zippable = {};
  for (const [path, text] of [...files, [`${info}/RECORD`, record] as [string, string]]) zip[path] = utf8(text);
  return [`${base}-${version}-py3-none-any.whl`, zipSync(zip, { mtime: '2025-06-01T00:00:00Z' })];
}

/** Host name -> server. */
export function pythonIndex(assets: Assets | undefined): Record<string, Handler> {
  let opened: Promise<Map<string, Shelf>> | undefined;
  const shelves = () => {
    opened ??= openShelves(assets);
    return opened;
  };
  const index: Handler = async ({ target }) => {
    const name = normalised(/^\/simple\/([^/]+)\/?$/.exec(target)?.[1] ?? '');
    const shelf = (await shelves()).get(name);
    return shelf ? page(name, shelf) : notFound;
  };
  const files: Handler = async ({ target }) => {
    const [, filename = '', metadata] = /([^/]*?\.whl)(\.metadata)?$/.exec(target) ?? [];
    const found = findWheel(await shelves(), filename);
    if (!found) return notFound;
    const { name, shelf, older } = found;
    let bytes: Uint8Array;
    if (!metadata) bytes = older ? await olderWheel(name, shelf, older) : await shelf.wheel.bytes();
    else {
      const newest = metadataOf(await shelf.wheel.bytes());
      bytes = older ? utf8(olderMetadata(fromUtf8(newest), name, shelf.version, older)) : newest;
    }
    const body = new BytesContent(bytes);
    return { status: 200, headers: [['Content-Type', 'application/octet-stream']], body };
  };
  return { 'pypi.org': index, 'pypi.python.org': index, 'files.pythonhosted.org': files };
}

const page = (name: string, shelf: Shelf): HttpResponse => ({
  status: 200,
  headers: [['Content-Type', 'application/vnd.pypi.simple.v1+json']],
  body: textContent(
    JSON.stringify({
      meta: { 'api-version': '1.1' },
      name,
      files: [...shelf.older, shelf.version].map((version) => ({
        filename: fileOf(shelf, version),
        url: `https://files.pythonhosted.org/packages/${fileOf(shelf, version)}`,
        'core-metadata': true,
      })),
      versions: [...shelf.older, shelf.version],
    }),
  ),
});

const notFound: HttpResponse = {
  status: 404,
  headers: [['Content-Type', 'text/html; charset=utf-8']],
  body: textContent('<h1>404 Not Found</h1>\n'),
};
