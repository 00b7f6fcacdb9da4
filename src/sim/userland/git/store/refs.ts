/** References: loose, packed, symbolic; and their logs. */
import { isErrno } from '../../../../spec/index.ts';
import type { Sys } from '../../../kernel/sys.ts';
import {
  appendText,
  isDirectory,
  listNames,
  makeDirectories,
  readText,
  removeQuietly,
  writeText,
} from '../../packages/sys-files.ts';
import { Fatal } from '../problem.ts';
import { noId } from './objects.ts';

export interface LogEntry {
  old: string;
  new: string;
  /** Name, address, time and zone. */
  who: string;
  message: string;
}

/** Who is noted in the logs, and whether they are kept. */
export interface LogRules {
  who(): string;
  keeps: boolean;
}

export class Refs {
  constructor(
    private readonly sys: Sys,
    readonly directory: string,
    private readonly log: LogRules,
  ) {}

  /** `ref: NAME`'s name or an id; undefined when there is no such reference. */
  raw(name: string): { symbolic: string } | { id: string } | undefined {
    const path = `${this.directory}/${name}`;
    const text = isDirectory(this.sys, path) ? undefined : readText(this.sys, path)?.trim();
    if (text?.startsWith('ref: ')) return { symbolic: text.slice(5).trim() };
    if (text && /^[0-9a-f]{40}/.test(text)) return { id: text.slice(0, 40) };
    const packed = this.packed().get(name);
    return packed ? { id: packed } : undefined;
  }

  /** Follows symbolic references; undefined when nothing is there. */
  id(name: string): string | undefined {
    const raw = this.raw(name);
    if (!raw) return undefined;
    return 'id' in raw ? raw.id : this.id(raw.symbolic);
  }

  /** The name a reference stands for in the end: HEAD's branch. */
  target(name: string): string {
    const raw = this.raw(name);
    return raw && 'symbolic' in raw ? this.target(raw.symbolic) : name;
  }

  /** The branch HEAD is on, in full; undefined when it is detached. */
  head(): string | undefined {
    const raw = this.raw('HEAD');
    return raw && 'symbolic' in raw ? raw.symbolic : undefined;
  }

  list(prefix = 'refs/'): [name: string, id: string][] {
    const found = new Map([...this.packed()].filter(([name]) => name.startsWith(prefix)));
    const walk = (path: string): void => {
      for (const name of listNames(this.sys, `${this.directory}/${path}`)) {
        const full = `${path}/${name}`;
        if (isDirectory(this.sys, `${this.directory}/${full}`)) walk(full);
        else if (full.startsWith(prefix)) {
          const id = this.id(full);
          if (id) found.set(full, id);
        }
      }
    };
    walk('refs');
    return [...found].sort(([a], [b]) => (a < b ? -1 : 1));
  }

  /** Writes through symbolic references; HEAD's log follows its branch. */
  update(name: string, id: string, message: string | undefined): void {
    const target = this.target(name);
    const old = this.id(target) ?? noId;
    this.clash(target);
    this.write(target, `${id}\n`);
    if (message === undefined) return;
    this.note(target, old, id, message);
    if (target !== 'HEAD' && this.head() === target) this.note('HEAD', old, id, message);
  }

  setSymbolic(name: string, target: string, message?: string): void {
    const old = this.id(name) ?? noId;
    this.write(name, `ref: ${target}\n`);
    const id = this.id(target);
    if (message !== undefined && id) this.note(name, old, id, message);
  }

  /** HEAD, no longer on a branch. */
  detach(id: string, message: string): void {
    const old = this.id('HEAD') ?? noId;
    this.write('HEAD', `${id}\n`);
    this.note('HEAD', old, id, message);
  }

  delete(name: string): void {
    removeQuietly(this.sys, `${this.directory}/${name}`);
    removeQuietly(this.sys, `${this.directory}/logs/${name}`);
    for (const top of ['', 'logs/']) this.prune(`${top}${name}`);
    if (this.packed().has(name)) this.writePacked([...this.packed()].filter(([one]) => one !== name));
  }

  moveLog(from: string, to: string): void {
    const text = readText(this.sys, `${this.directory}/logs/${from}`);
    if (text === undefined) return;
    this.write(`logs/${to}`, text);
    removeQuietly(this.sys, `${this.directory}/logs/${from}`);
  }

  entries(name: string): LogEntry[] {
    const text = readText(this.sys, `${this.directory}/logs/${name}`) ?? '';
    return text
      .split('\n')
      .filter(Boolean)
      .map((line) => {
        const [head = '', message = ''] = line.split('\t');
        return { old: head.slice(0, 40), new: head.slice(41, 81), who: head.slice(82), message };
      });
  }

  setEntries(name: string, entries: readonly LogEntry[]): void {
    this.write(`logs/${name}`, entries.map((e) => `${e.old} ${e.new} ${e.who}\t${e.message}\n`).join(''));
  }

  note(name: string, old: string, id: string, message: string): void {
    const logged = name === 'HEAD' || /^refs\/(heads|remotes|notes)\//.test(name) || name === 'refs/stash';
    if (!this.log.keeps || !logged) return;
    const path = `${this.directory}/logs/${name}`;
    makeDirectories(this.sys, path.slice(0, path.lastIndexOf('/')));
    const line = message.trim().replace(/\s*\n\s*/g, ' ');
    appendText(this.sys, path, `${old} ${id} ${this.log.who()}${line ? `\t${line}` : ''}\n`);
  }

  writePacked(list: readonly (readonly [string, string])[]): void {
    const lines = list.map(([name, id]) => `${id} ${name}\n`).join('');
    writeText(this.sys, `${this.directory}/packed-refs`, `# pack-refs with: peeled fully-peeled sorted \n${lines}`);
  }

  private packed(): Map<string, string> {
    const out = new Map<string, string>();
    for (const line of (readText(this.sys, `${this.directory}/packed-refs`) ?? '').split('\n')) {
      const match = /^([0-9a-f]{40}) (\S+)$/.exec(line);
      if (match) out.set(match[2]!, match[1]!);
    }
    return out;
  }

  /** A branch a/b cannot be where a branch a is, nor the other way round. */
  private clash(name: string): void {
    const other = this.list().find(([one]) => one.startsWith(`${name}/`) || name.startsWith(`${one}/`));
    if (other) throw new Fatal(`cannot lock ref '${name}': '${other[0]}' exists; cannot create '${name}'`);
  }

  private write(name: string, text: string): void {
    const path = `${this.directory}/${name}`;
    makeDirectories(this.sys, path.slice(0, path.lastIndexOf('/')));
    writeText(this.sys, path, text);
  }

  /** Directories left empty go, but for refs/heads and its like. */
  private prune(name: string): void {
    const parts = name.split('/');
    while (parts.pop() !== undefined && parts.length > (parts[0] === 'logs' ? 3 : 2)) {
      try {
        this.sys.rmdir(`${this.directory}/${parts.join('/')}`);
      } catch (error) {
        if (!isErrno(error)) throw error;
        return;
      }
    }
  }
}

/** git-check-ref-format(1), for the name of a branch or tag. */
export function isRefName(name: string): boolean {
  if (name === '' || name === '@' || name.startsWith('-') || /^\/|\/$|\/\/|\.$/.test(name)) return false;
  if (name.split('/').some((part) => part.startsWith('.') || part.endsWith('.lock'))) return false;
  return !/\.\.|@\{|[\x00-\x20\x7f~^:?*[\\]/.test(name);
}
