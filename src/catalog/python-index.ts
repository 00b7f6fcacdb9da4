/**
 * pypi.org and files.pythonhosted.org as HTTP servers: the simple index as JSON (PEP 691), wheels and their metadata
 * (PEP 658). Flask and what it needs are the real wheels, kept under data/ as they were published; a few others are
 * facts only: importing one says that it is not simulated.
 *
 * Differs from PyPI: each project has one version, Requires-Python is left out (the interpreter is newer than the
 * images say), and markupsafe comes without its C part.
 */
import { unzipSync, type Zippable, zipSync } from 'fflate';
import {
  BytesContent,
  fromBase64,
  fromUtf8,
  type Handler,
  type HttpResponse,
  textContent,
  utf8,
} from '../spec/index.ts';

interface Project {
  /** As PyPI spells it. */
  name: string;
  version: string;
  summary: string;
  depends: string[];
  /** Top-level module. */
  module: string;
}

const facts: Project[] = `
requests 2.32.4 requests Python HTTP for Humans.|charset_normalizer<4,>=2 idna<4,>=2.5 urllib3<3,>=1.21.1 certifi>=2017.4.17
urllib3 2.5.0 urllib3 HTTP library with thread-safe connection pooling, file post, and more.|
idna 3.10 idna Internationalized Domain Names in Applications (IDNA)|
certifi 2025.6.15 certifi Python package for providing Mozilla's CA Bundle.|
charset-normalizer 3.4.2 charset_normalizer The Real First Universal Charset Detector.|
gunicorn 23.0.0 gunicorn WSGI HTTP Server for UNIX|packaging
packaging 25.0 packaging Core utilities for Python packages|
redis 6.2.0 redis Python client for Redis database and key-value store|
numpy 2.3.1 numpy Fundamental package for array computing in Python|
pandas 2.3.0 pandas Powerful data structures for data analysis, time series, and statistics|numpy>=1.23.2 python-dateutil>=2.8.2 pytz>=2020.1 tzdata>=2022.7
python-dateutil 2.9.0.post0 dateutil Extensions to the standard Python datetime module|six>=1.5
pytz 2025.2 pytz World timezone definitions, modern and historical|
tzdata 2025.2 tzdata Provider of IANA time zone data|
six 1.17.0 six Python 2 and 3 compatibility utilities|
Django 5.2.3 django A high-level Python web framework that encourages rapid development and clean, pragmatic design.|asgiref<4,>=3.8.1 sqlparse>=0.3.1
asgiref 3.8.1 asgiref ASGI specs, helper code, and adapters|
sqlparse 0.5.3 sqlparse A non-validating SQL parser.|
pytest 8.4.1 pytest pytest: simple powerful testing with Python|iniconfig>=1 packaging>=20 pluggy<2,>=1.5 pygments>=2.7.2
iniconfig 2.1.0 iniconfig brain-dead simple config-ini parsing|
pluggy 1.6.0 pluggy plugin and hook calling mechanisms for python|
Pygments 2.19.2 pygments Pygments is a syntax highlighting package written in Python.|
fastapi 0.115.14 fastapi FastAPI framework, high performance, easy to learn, fast to code, ready for production|starlette<0.47.0,>=0.40.0 pydantic>=1.7.4 typing-extensions>=4.8.0
starlette 0.46.2 starlette The little ASGI library that shines.|anyio<5,>=3.6.2
anyio 4.9.0 anyio High level compatibility layer for multiple asynchronous event loop implementations|idna>=2.8 sniffio>=1.1
sniffio 1.3.1 sniffio Sniff out which async library your code is running under|
pydantic 2.11.7 pydantic Data validation using Python type hints|typing-extensions>=4.12.2
typing_extensions 4.14.0 typing_extensions Backported and Experimental Type Hints for Python 3.9+|
uvicorn 0.35.0 uvicorn The lightning-fast ASGI server.|click>=7.0 h11>=0.8
h11 0.16.0 h11 A pure-Python, bring-your-own-I/O implementation of HTTP/1.1|
psycopg2-binary 2.9.10 psycopg2 psycopg2 - Python-PostgreSQL Database Adapter|
SQLAlchemy 2.0.41 sqlalchemy Database Abstraction Library|typing-extensions>=4.6.0
PyYAML 6.0.2 yaml YAML parser and emitter for Python|
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
  bytes: Uint8Array<ArrayBuffer>;
  metadata: string;
}

let wheels: Promise<Map<string, Wheel>> | undefined;

/** Normalised name -> its wheel. */
async function allWheels(): Promise<Map<string, Wheel>> {
  const { default: real } = await import('./data/wheels.json');
  const found = new Map<string, Wheel>();
  const put = (filename: string, bytes: Uint8Array<ArrayBuffer>) => {
    const files = unzipSync(bytes, { filter: ({ name }) => name.endsWith('.dist-info/METADATA') });
    found.set(normalised(filename.split('-')[0]!), { filename, bytes, metadata: fromUtf8(Object.values(files)[0]!) });
  };
  for (const [filename, text] of Object.entries(real)) put(filename, fromBase64(text));
  for (const project of facts) put(...standIn(project));
  return found;
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
  const stub = `raise ImportError("drydock: the package ${name} is not simulated", name=__name__)\n`;
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
export function pythonIndex(): Record<string, Handler> {
  const index: Handler = async ({ target }) => {
    wheels ??= allWheels();
    const name = /^\/simple\/([^/]+)\/?$/.exec(target)?.[1];
    const wheel = name && (await wheels).get(normalised(name));
    return wheel ? json(normalised(name), wheel) : notFound;
  };
  const files: Handler = async ({ target }) => {
    wheels ??= allWheels();
    const filename = target
      .split('/')
      .at(-1)!
      .replace(/\.metadata$/, '');
    const wheel = (await wheels).get(normalised(filename.split('-')[0]!));
    if (!wheel || wheel.filename !== filename) return notFound;
    const body = target.endsWith('.metadata') ? textContent(wheel.metadata) : new BytesContent(wheel.bytes);
    return { status: 200, headers: [['Content-Type', 'application/octet-stream']], body };
  };
  return { 'pypi.org': index, 'pypi.python.org': index, 'files.pythonhosted.org': files };
}

const json = (name: string, { filename, bytes }: Wheel): HttpResponse => ({
  status: 200,
  headers: [['Content-Type', 'application/vnd.pypi.simple.v1+json']],
  body: textContent(
    JSON.stringify({
      meta: { 'api-version': '1.1' },
      name,
      files: [
        {
          filename,
          url: `https://files.pythonhosted.org/packages/${filename}`,
          size: bytes.length,
          'core-metadata': true,
        },
      ],
    }),
  ),
});

const notFound: HttpResponse = {
  status: 404,
  headers: [['Content-Type', 'text/html; charset=utf-8']],
  body: textContent('<h1>404 Not Found</h1>\n'),
};
