import { type Errno, isErrno } from '../../../../spec/index.ts';
import type { OpenFlags } from '../../../kernel/sys.ts';
import { encodeText } from '../../core/escaped-bytes.ts';
import { Abort } from '../control.ts';
import { expandParts, expandSingle, expandWord, textOf } from '../expand/expand.ts';
import type { Run } from '../expand/fields.ts';
import type { Shell } from '../shell.ts';
import type { Redirection } from '../syntax/grammar.ts';
import { heredocParts, type Part } from '../syntax/parts.ts';
import { redirectionText } from './report.ts';

/** What to put back afterwards: descriptor -> where its old self was saved, or undefined if it was closed. */
export type Saved = { fd: number; saved: number | undefined }[];

/** A redirection that failed; its message is out. */
export class RedirectionFailure {
  constructor(readonly status: number) {}
}

const openFlags: Record<string, OpenFlags> = {
  '<': { access: 'read' },
  '>': { access: 'write', create: true, truncate: true },
  '>|': { access: 'write', create: true, truncate: true },
  '>>': { access: 'write', create: true, append: true },
  '<>': { access: 'readwrite', create: true },
  '&>': { access: 'write', create: true, truncate: true },
  '&>>': { access: 'write', create: true, append: true },
};

class Redirector {
  readonly saved: Saved = [];
  constructor(
    private readonly shell: Shell,
    private readonly keep: boolean,
    private readonly external: boolean,
  ) {}

  async apply(redirect: Redirection): Promise<void> {
    if (redirect.type === 'HereDoc') return this.heredoc(redirect);
    if (redirect.type === 'HereString') {
      const text = redirect.target ? await expandSingle(this.shell, redirect.target) : '';
      return this.feed(this.descriptor(redirect, 0), `${text}\n`);
    }
    const operator = redirect.operator;
    const target = await this.target(redirect);
    if (operator === '>&' || operator === '<&') {
      const fd = this.descriptor(redirect, operator === '>&' ? 1 : 0);
      const both = operator === '>&' && !redirect.descriptor && !/^(\d+-?|-)$/.test(target);
      if (!both) return this.duplicate(fd, target, redirect.target?.text ?? target);
      if (!this.shell.dialect.extended) return this.badNumber();
      return this.both(target, '&>');
    }
    if (operator === '&>' || operator === '&>>') return this.both(target, operator);
    const fd = this.descriptor(redirect, operator[0] === '<' ? 0 : 1);
    try {
      this.install(await this.open(target, operator), fd);
    } catch (error) {
      // Beyond the limit of descriptors.
      if (!isErrno(error)) throw error;
      await this.fail(`${fd}: ${error.message}`);
    }
  }

  private async target(redirect: Extract<Redirection, { type: 'Redirect' }>): Promise<string> {
    if (!redirect.target) return '';
    if (!this.shell.dialect.bash) return expandSingle(this.shell, redirect.target);
    const fields = await expandWord(this.shell, redirect.target);
    if (fields.length !== 1) {
      await this.shell.complain(`${redirect.target.text}: ambiguous redirect`, '');
      throw new RedirectionFailure(1);
    }
    return fields[0]!;
  }

  private descriptor(redirect: Redirection, fallback: number): number {
    const d = redirect.descriptor;
    if (!d) return fallback;
    if (d.type === 'FileDescriptor') return d.value;
    const fd = this.free();
    this.shell.vars.set(d.name, String(fd));
    return fd;
  }

  private free(): number {
    const used = new Set(this.shell.sys.fds());
    let fd = 10;
    while (used.has(fd)) fd++;
    return fd;
  }

  private async open(path: string, operator: string): Promise<number> {
    const { sys } = this.shell;
    try {
      const known = /^\/dev\/(?:fd\/(\d+)|std(in|out|err))$/.exec(path);
      if (known) return sys.dup(known[1] !== undefined ? Number(known[1]) : ['in', 'out', 'err'].indexOf(known[2]!));
      if (/^&?>$/.test(operator) && this.shell.has('noclobber')) await this.refuseClobber(path);
      return await sys.open(path, openFlags[operator], 0o666);
    } catch (error) {
      if (!isErrno(error)) throw error;
      return this.failOpen(error, path, operator[0] !== '<');
    }
  }

  private async refuseClobber(path: string): Promise<void> {
    let regular = false;
    try {
      regular = (this.shell.sys.stat(path).mode & 0o170000) === 0o100000;
    } catch {
      return;
    }
    if (!regular) return;
    if (this.shell.dialect.bash) await this.fail(`${path}: cannot overwrite existing file`);
    await this.fail(
      this.shell.dialect.name === 'dash' ? `cannot create ${path}: File exists` : `can't create ${path}: File exists`,
    );
  }

  private async failOpen(error: Errno, path: string, writing: boolean): Promise<never> {
    return this.fail(redirectionText(this.shell, error, path, writing));
  }

  private async fail(text: string): Promise<never> {
    await this.shell.complain(text);
    throw new RedirectionFailure(this.shell.dialect.name === 'dash' ? 2 : 1);
  }

  /** dash and ash: the parser's own error, where the parser stands. */
  private async badNumber(): Promise<never> {
    const { shell } = this;
    if (shell.dialect.name !== 'dash') return this.fail('bad fd number');
    shell.line = shell.chunk.lineOf(shell.chunk.source.length);
    await shell.complain('Syntax error: Bad fd number', '');
    throw new Abort(2);
  }

  private async duplicate(fd: number, target: string, written = target): Promise<void> {
    const { sys } = this.shell;
    if (target === '-') {
      this.save(fd);
      if (sys.fds().includes(fd)) sys.close(fd);
      return;
    }
    const move = target.endsWith('-');
    const source = Number(move ? target.slice(0, -1) : target);
    if (!/^\d+-?$/.test(target))
      await (this.shell.dialect.bash ? this.fail(`${target}: ambiguous redirect`) : this.badNumber());
    // dash does not look where nothing is to be done.
    if (source === fd && this.shell.dialect.name === 'dash') return;
    if (move && this.shell.dialect.name === 'dash') await this.badNumber();
    if (!sys.fds().includes(source) || this.shell.privateFds.has(source)) {
      await this.fail(`${this.shell.dialect.bash && /[$`]/.test(written) ? written : source}: Bad file descriptor`);
    }
    if (source === fd) return;
    this.save(fd);
    sys.dup2(source, fd);
    if (move) sys.close(source);
  }

  private async both(target: string, operator: string): Promise<void> {
    this.install(await this.open(target, operator), 1);
    this.save(2);
    this.shell.sys.dup2(1, 2);
  }

  /** For a program its child would do it: what goes wrong there ends no script. */
  private async expandBody(parts: readonly Part[]): Promise<Run[]> {
    try {
      return await expandParts(this.shell, parts);
    } catch (thrown) {
      if (!(thrown instanceof Abort) || this.shell.interactive) throw thrown;
      const status = this.shell.dialect.name === 'ash' ? 1 : thrown.status;
      throw this.external ? new RedirectionFailure(status) : new Abort(status, thrown.discard);
    }
  }

  private async heredoc(redirect: Extract<Redirection, { type: 'HereDoc' }>): Promise<void> {
    let parts = redirect.body.parts;
    let text: string;
    const strip = redirect.operator === '<<-';
    if (!redirect.delimiter?.quoted) {
      if (!parts) parts = [{ type: 'Literal', text: redirect.body.text, value: '', pos: 0, end: 0 }];
      const clean = strip ? parts.map((p, i) => stripPart(p, i === 0)) : parts;
      text = textOf(await this.expandBody(heredocParts(clean, this.shell.dialect)));
    } else text = strip ? redirect.body.text.replace(/^\t+/gm, '') : redirect.body.text;
    await this.feed(this.descriptor(redirect, 0), text);
  }

  /** A pipe that holds the text; what does not fit in one is written by a child. */
  private async feed(fd: number, text: string): Promise<void> {
    const { sys } = this.shell;
    const bytes = encodeText(text);
    const [read, write] = sys.pipe();
    if (bytes.length <= 60_000) await sys.write(write, bytes);
    else {
      sys.fork(async (child) => {
        child.close(read);
        child.signal(13, 'default');
        await child.write(write, bytes);
        return 0;
      });
    }
    sys.close(write);
    this.install(read, fd);
  }

  private install(from: number, fd: number): void {
    if (from === fd) {
      if (!this.keep) this.saved.push({ fd, saved: undefined });
      return;
    }
    this.save(fd, from);
    this.shell.sys.dup2(from, fd);
    this.shell.sys.close(from);
  }

  private save(fd: number, except?: number): void {
    if (this.keep) return;
    const { sys } = this.shell;
    let saved: number | undefined;
    if (fd !== except && sys.fds().includes(fd)) {
      saved = sys.dup(fd, 10);
      sys.setCloexec(saved, true);
      this.shell.privateFds.add(saved);
    }
    this.saved.push({ fd, saved });
  }
}

type HeredocPart = NonNullable<Extract<Redirection, { type: 'HereDoc' }>['body']['parts']>[number];

/** `<<-` takes the tabs off every line of the text as it was written, not of what expansions yield. */
const stripPart = (part: HeredocPart, first: boolean): HeredocPart => {
  if (part.type !== 'Literal') return part;
  const text = part.text.replace(/\n\t+/g, '\n');
  return { ...part, text: first ? text.replace(/^\t+/, '') : text };
};

/** Applies redirections in order; undo with `restore`. Throws RedirectionFailure after undoing what it did. */
export const redirect = async (
  shell: Shell,
  redirects: readonly Redirection[],
  keep = false,
  external = false,
): Promise<Saved> => {
  if (redirects.length === 0) return [];
  const redirector = new Redirector(shell, keep, external);
  try {
    for (const one of redirects) await redirector.apply(one);
  } catch (error) {
    restore(shell, redirector.saved);
    throw error;
  }
  return redirector.saved;
};

export const restore = (shell: Shell, saved: Saved): void => {
  const { sys } = shell;
  for (const { fd, saved: old } of [...saved].reverse()) {
    if (old === undefined) {
      if (sys.fds().includes(fd)) sys.close(fd);
      continue;
    }
    sys.dup2(old, fd);
    sys.close(old);
    shell.privateFds.delete(old);
  }
};

/** `$(< file)`. */
export const copyFile = async (shell: Shell, path: string): Promise<number> => {
  const { sys } = shell;
  let fd: number;
  try {
    fd = await sys.open(path);
  } catch (error) {
    if (!isErrno(error)) throw error;
    await shell.complain(`${path}: ${error.message}`);
    return 1;
  }
  for (;;) {
    const bytes = await sys.read(fd);
    if (bytes.length === 0) break;
    await sys.write(1, bytes);
  }
  sys.close(fd);
  return 0;
};
