/** apk's databases: /lib/apk/db/installed, /etc/apk/world, and the indices of the repositories. */
import { decompress, readTar } from '../../../../archive/index.ts';
import { type Content, contentText } from '../../../../spec/index.ts';
import type { Sys } from '../../../kernel/sys.ts';
import { makeDirectories, readText, writeText } from '../sys-files.ts';

export interface ApkPackage {
  name: string;
  version: string;
  /** Bytes installed. */
  size: number;
  depends: string[];
  provides: string[];
  description: string;
  /** Of an installed one: absolute paths. */
  files: string[];
  /** Of an installed one: path -> base64 of its SHA-1, where it was recorded. */
  sums: Map<string, string>;
  /** Base URL of where it comes from. */
  repository?: string;
}

const installedPath = '/lib/apk/db/installed';
const worldPath = '/etc/apk/world';

export function parseIndex(text: string, repository?: string): ApkPackage[] {
  return text
    .split('\n\n')
    .filter((stanza) => stanza.includes('P:'))
    .map((stanza) => parseStanza(stanza, repository));
}

function parseStanza(stanza: string, repository: string | undefined): ApkPackage {
  const one: ApkPackage = {
    name: '',
    version: '',
    size: 0,
    depends: [],
    provides: [],
    description: '',
    files: [],
    sums: new Map(),
  };
  let directory = '';
  for (const line of stanza.split('\n')) {
    const value = line.slice(2);
    switch (line[0]) {
      case 'P':
        one.name = value;
        break;
      case 'V':
        one.version = value;
        break;
      case 'I':
        one.size = Number(value);
        break;
      case 'T':
        one.description = value;
        break;
      case 'D':
        one.depends = value.split(' ').filter(Boolean);
        break;
      case 'p':
        one.provides = value.split(' ').map((word) => word.replace(/=.*/, ''));
        break;
      case 'F':
        directory = value;
        break;
      case 'R':
        one.files.push(`/${directory}/${value}`);
        break;
      case 'Z':
        one.sums.set(one.files.at(-1)!, value.slice('Q1'.length));
        break;
    }
  }
  return repository ? { ...one, repository } : one;
}

/** What an APKINDEX.tar.gz holds. Throws TarError. */
export function openIndex(content: Content): { description: string; index: string } {
  const entries = readTar(decompress(content));
  const read = (name: string): string => {
    const entry = entries.find((one) => one.name === name);
    return entry ? contentText(entry.content) : '';
  };
  return { description: read('DESCRIPTION').trim(), index: read('APKINDEX') };
}

export class ApkDatabase {
  readonly installed = new Map<string, ApkPackage>();
  world: string[];

  constructor(private readonly sys: Sys) {
    for (const one of parseIndex(readText(sys, installedPath) ?? '')) this.installed.set(one.name, one);
    this.world = (readText(sys, worldPath) ?? '').split('\n').filter(Boolean);
  }

  save(): void {
    makeDirectories(this.sys, '/lib/apk/db');
    writeText(this.sys, installedPath, [...this.installed.values()].map(formatStanza).join(''));
    writeText(this.sys, worldPath, `${[...new Set(this.world)].sort().join('\n')}\n`);
  }

  /** Name of the installed package that is or provides this. */
  providing(wanted: string): string | undefined {
    const name = nameOf(wanted);
    if (this.installed.has(name)) return name;
    return [...this.installed.values()].find((one) => one.provides.includes(name))?.name;
  }
}

/** `so:libc.so=1`, `wget>1.2` -> the name. */
export const nameOf = (dependency: string): string => dependency.replace(/[<>=~@].*$/, '');

function formatStanza(one: ApkPackage): string {
  const lines = [`P:${one.name}`, `V:${one.version}`, 'A:x86_64', `I:${one.size}`, `T:${one.description}`];
  if (one.depends.length > 0) lines.push(`D:${one.depends.join(' ')}`);
  if (one.provides.length > 0) lines.push(`p:${one.provides.join(' ')}`);
  let directory: string | undefined;
  for (const path of one.files) {
    const slash = path.lastIndexOf('/');
    if (path.slice(1, slash) !== directory) {
      directory = path.slice(1, slash);
      lines.push(`F:${directory}`);
    }
    lines.push(`R:${path.slice(slash + 1)}`);
  }
  return `${lines.join('\n')}\n\n`;
}
