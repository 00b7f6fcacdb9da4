import { decodeText, encodeText, fromBinary } from '../core/bytes.ts';
import type { Command, CommandSpec } from '../core/command.ts';
import { Input } from './input.ts';
import { replace } from './replacement.ts';
import { type Address, ScriptParser, type SedCommand, SedError, type Substitution } from './script.ts';

interface Settings {
  quiet: boolean;
  separator: string;
  inPlace?: string;
  separate: boolean;
  posix: boolean;
  /** Where l folds. */
  width: number;
}

/** One run of a script. */
class Machine {
  private pattern = '';
  private hold = '';
  /** GNU keeps with the hold space whether its line had a newline. */
  private holdEnd = '\n';
  private line = 0;
  private end = '\n';
  private appended: ({ text: string } | { file: string } | { lineOf: string })[] = [];
  private substituted = false;
  private lastRegexp: RegExp | undefined;
  private readonly ranges = new Map<SedCommand, number>();
  /** Ranges from a line number that have begun once: they do not begin again. */
  private readonly spent = new Set<SedCommand>();
  private readonly outputs = new Map<string, number>();
  /** Files whose last line was written without its newline. */
  private readonly unended = new Set<string>();
  private readonly lineFiles = new Map<string, string[]>();
  private missingNewline = false;
  private body = '';
  status = 0;
  private quitting = false;

  constructor(
    private readonly c: Command,
    private readonly script: SedCommand[],
    private readonly input: Input,
    private readonly settings: Settings,
  ) {}

  async run(): Promise<number> {
    await this.openOutputs();
    let file = '';
    while (!this.quitting) {
      const more = await this.fetch();
      if (!more) break;
      if (this.settings.inPlace !== undefined && file === '') file = this.input.name;
      await this.cycle();
      if (this.settings.inPlace !== undefined && (this.input.peekName() !== this.input.name || this.quitting)) {
        await this.replaceFile();
      }
    }
    for (const fd of this.outputs.values()) if (fd > 2) this.c.sys.close(fd);
    return this.status || this.c.status;
  }

  private async fetch(): Promise<boolean> {
    const next = await this.input.next();
    if (!next) return false;
    if (this.settings.separate && this.startsFile(next.name)) {
      this.line = 0;
      this.spent.clear();
    }
    this.pattern = next.text;
    this.end = next.end;
    this.line++;
    return true;
  }
  private current = '';
  private startsFile(name: string): boolean {
    const starts = name !== this.current;
    this.current = name;
    return starts;
  }

  private async openOutputs(): Promise<void> {
    for (const command of this.script) {
      const name = /[wW]/.test(command.name) ? command.text : command.substitution?.file;
      if (name === undefined || this.outputs.has(name)) continue;
      if (name === '/dev/stdout') this.outputs.set(name, 1);
      else if (name === '/dev/stderr') this.outputs.set(name, 2);
      else {
        try {
          this.outputs.set(
            name,
            await this.c.sys.open(decodeText(name), { access: 'write', create: true, truncate: true }, 0o666),
          );
        } catch (error) {
          this.c.fail(`couldn't open file ${name}: ${this.c.reason(error)}`, 4);
        }
      }
    }
  }

  /** With -i, the file that was read is replaced by what was printed. */
  private async replaceFile(): Promise<void> {
    const { sys } = this.c;
    const name = this.input.name;
    const stat = sys.stat(name);
    const directory = name.includes('/') ? name.slice(0, name.lastIndexOf('/') + 1) : '';
    const temporary = `${directory}sed${Array.from(sys.random(6), (byte) => 'abcdefghijklmnopqrstuvwxyzABCDEF'[byte & 31]).join('')}`;
    try {
      const fd = await sys.open(temporary, { access: 'write', create: true, exclusive: true }, 0o600);
      await sys.write(fd, fromBinary(this.body));
      sys.fchmod(fd, stat.mode & 0o7777);
      sys.close(fd);
      const suffix = this.settings.inPlace!;
      if (suffix)
        sys.rename(
          name,
          suffix.includes('*') ? directory + suffix.replace('*', name.slice(directory.length)) : name + suffix,
        );
      sys.rename(temporary, name);
    } catch (error) {
      this.c.fail(`couldn't open temporary file ${directory || './'}sedXXXXXX: ${this.c.reason(error)}`, 4);
    }
    this.body = '';
    this.missingNewline = false;
  }

  private print(text: string, end = this.settings.separator): void {
    const whole = (this.missingNewline ? this.settings.separator : '') + text + end;
    this.missingNewline = false;
    if (this.settings.inPlace !== undefined) this.body += whole;
    else this.c.raw(whole);
  }
  private printPattern(): void {
    this.print(this.pattern, this.end);
    if (this.end === '') this.missingNewline = true;
  }

  private async cycle(): Promise<void> {
    for (let again = true; again; ) {
      again = false;
      const outcome = await this.execute();
      if (outcome !== 'delete' && outcome !== 'quit-silently' && !this.settings.quiet && outcome !== 'restart')
        this.printPattern();
      await this.flushAppended();
      if (outcome === 'restart') again = true;
      if (outcome === 'quit' || outcome === 'quit-silently') this.quitting = true;
    }
    await this.c.drain();
  }

  /** Both spaces, while they grow without a cycle's end too. */
  private grew(): void {
    this.c.hold(this.pattern.length + this.hold.length);
  }

  private async execute(): Promise<'end' | 'delete' | 'restart' | 'quit' | 'quit-silently'> {
    this.substituted = false;
    for (let at = 0; at < this.script.length; at++) {
      const command = this.script[at]!;
      if (this.selects(command) === command.negated) {
        if (command.name === '{') at = command.end!;
        continue;
      }
      switch (command.name) {
        case 'd':
          return 'delete';
        case 'D': {
          const newline = this.pattern.indexOf('\n');
          if (newline < 0) return 'delete';
          this.pattern = this.pattern.slice(newline + 1);
          return 'restart';
        }
        case 'n':
          if (this.input.isLast() && this.atEnd()) return this.settings.posix ? 'quit-silently' : 'quit';
          if (!this.settings.quiet) this.printPattern();
          await this.flushAppended();
          if (!(await this.fetch())) return 'quit-silently';
          break;
        case 'N': {
          if (this.input.isLast() && this.atEnd()) return 'quit';
          await this.flushAppended();
          const before = this.pattern;
          if (!(await this.fetch())) return 'quit';
          this.pattern = `${before}\n${this.pattern}`;
          this.grew();
          break;
        }
        case 'b':
          at = this.jump(command, at);
          break;
        case 't':
          if (this.substituted) at = this.jump(command, at);
          this.substituted = false;
          break;
        case 'T':
          if (!this.substituted) at = this.jump(command, at);
          this.substituted = false;
          break;
        case 'q':
        case 'Q':
          this.status = command.number ?? 0;
          return command.name === 'q' ? 'quit' : 'quit-silently';
        case 'c':
          if (!command.second || command.negated || !this.ranges.has(command)) this.print(command.text!, '');
          return 'delete';
        default:
          await this.simple(command);
      }
    }
    return 'end';
  }
  private atEnd(): boolean {
    return this.input.peekName() === undefined || this.settings.separate;
  }

  private jump(command: SedCommand, at: number): number {
    if (!command.text) return this.script.length;
    const target = this.script.findIndex((other) => other.name === ':' && other.text === command.text);
    return target < 0 ? at : target;
  }

  private async simple(command: SedCommand): Promise<void> {
    switch (command.name) {
      case 's':
        return this.substitute(command.substitution!);
      case 'y':
        this.pattern = Array.from(this.pattern, (character) => command.map!.get(character) ?? character).join('');
        return;
      case 'p':
        return this.printPattern();
      case 'P':
        return this.print(this.pattern.split('\n', 1)[0]!);
      case '=':
        return this.print(String(this.line), '\n');
      case 'a':
        this.appended.push({ text: command.text! });
        return;
      case 'i':
        return this.print(command.text!, '');
      case 'r':
        this.appended.push({ file: command.text! });
        return;
      case 'R':
        this.appended.push({ lineOf: command.text! });
        return;
      case 'w':
        return this.writeFile(command.text!, this.pattern, this.end);
      case 'W':
        return this.writeFile(command.text!, this.pattern.split('\n', 1)[0]!, '\n');
      case 'g':
        this.pattern = this.hold;
        this.end = this.holdEnd;
        return;
      case 'G':
        this.pattern += `\n${this.hold}`;
        this.grew();
        this.end = this.c.bb ? this.settings.separator : this.holdEnd;
        return;
      case 'h':
        this.hold = this.pattern;
        this.holdEnd = this.c.bb ? this.settings.separator : this.end;
        return;
      case 'H':
        this.hold += `\n${this.pattern}`;
        this.grew();
        return;
      case 'x':
        [this.pattern, this.hold] = [this.hold, this.pattern];
        return;
      case 'z':
        this.pattern = '';
        return;
      case 'F':
        return this.print(encodeText(this.input.name), '\n');
      case 'l':
        // BusyBox knows the letter and does nothing.
        return this.c.bb
          ? undefined
          : this.print(unambiguous(this.pattern, command.number ?? this.settings.width), '\n');
      case 'e':
        return this.shell(command.text!);
    }
  }

  /** e COMMAND: its output comes first; a bare e runs the pattern space and takes its output. */
  private async shell(text: string): Promise<void> {
    if (!text) this.c.fail('drydock: the e command of sed without a command is not simulated', 4);
    await this.c.system(['sh', '-c', decodeText(text)]);
  }

  private async writeFile(name: string, line: string, end: string): Promise<void> {
    const fd = this.outputs.get(name)!;
    if (fd === 1) {
      this.print(line, end);
      if (end === '') this.missingNewline = true;
      return;
    }
    const before = this.unended.has(name) ? this.settings.separator : '';
    if (end === '') this.unended.add(name);
    else this.unended.delete(name);
    await this.c.sys.write(fd, fromBinary(before + line + end));
  }

  private async flushAppended(): Promise<void> {
    const appended = this.appended;
    this.appended = [];
    for (const item of appended) {
      if ('text' in item) this.print(item.text, '');
      else if ('file' in item) {
        const text = await this.tryRead(item.file);
        if (text) this.print(text, '');
      } else {
        if (!this.lineFiles.has(item.lineOf)) {
          const text = await this.tryRead(item.lineOf);
          this.lineFiles.set(item.lineOf, text ? text.replace(/\n$/, '').split('\n') : []);
        }
        const line = this.lineFiles.get(item.lineOf)!.shift();
        if (line !== undefined) this.print(line);
      }
    }
  }
  private async tryRead(name: string): Promise<string> {
    try {
      return await this.c.readFile(name === '/dev/stdin' ? '-' : decodeText(name));
    } catch (error) {
      this.c.reason(error);
      return '';
    }
  }

  private selects(command: SedCommand): boolean {
    const { first, second } = command;
    if (!first) return true;
    if (!second) return this.matches(first);
    const open = this.ranges.get(command);
    if (open !== undefined) return this.insideRange(command, second, open);
    if (first.kind === 'line' && first.line > 0) return this.selectsFrom(command, first, second);
    const starts = first.kind === 'line' ? this.line === 1 : this.matches(first);
    if (!starts) return false;
    return this.openRange(command, first, second);
  }

  /** A range from a line number begins once: at that line, or at a later one when the command was not reached before. */
  private selectsFrom(command: SedCommand, first: Address & { kind: 'line' }, second: Address): boolean {
    if (this.spent.has(command) || this.line < first.line) return false;
    this.spent.add(command);
    if (!this.c.bb && this.line > first.line && second.kind === 'line' && this.line > second.line) return false;
    return this.openRange(command, first, second);
  }

  private insideRange(command: SedCommand, second: Address, open: number): boolean {
    if (open === Number.POSITIVE_INFINITY) {
      if (this.matches(second)) this.ranges.delete(command);
      return true;
    }
    if (this.line >= open) this.ranges.delete(command);
    // A line number that is already past selects nothing more.
    return this.line <= open;
  }

  private openRange(command: SedCommand, first: Address, second: Address): boolean {
    if (second.kind === 'regexp' && first.kind === 'line' && first.line === 0) {
      if (!this.matches(second)) this.ranges.set(command, Number.POSITIVE_INFINITY);
    } else if (second.kind === 'regexp') this.ranges.set(command, Number.POSITIVE_INFINITY);
    else if (second.kind === 'last') {
      if (!this.matches(second)) this.ranges.set(command, Number.POSITIVE_INFINITY);
    } else {
      const until =
        second.kind === 'line'
          ? second.line
          : second.kind === 'plus'
            ? this.line + second.count
            : second.kind === 'multiple'
              ? Math.ceil(this.line / (second.of || 1)) * (second.of || 1)
              : this.line;
      if (until > this.line) this.ranges.set(command, until);
    }
    return true;
  }

  private matches(address: Address): boolean {
    switch (address.kind) {
      case 'line':
        return this.line === address.line;
      case 'last':
        return this.input.isLast();
      case 'step':
        return address.step === 0
          ? this.line === address.first
          : this.line >= address.first && (this.line - address.first) % address.step === 0;
      case 'regexp':
        return this.use(address.regexp).test(this.pattern);
      default:
        return false;
    }
  }

  private use(regexp: RegExp | undefined): RegExp {
    const used = regexp ?? this.lastRegexp;
    if (!used) return this.c.fail('no previous regular expression');
    this.lastRegexp = used;
    used.lastIndex = 0;
    return used;
  }

  private async substitute(wish: Substitution): Promise<void> {
    const regexp = this.use(wish.regexp);
    let out = '';
    let from = 0;
    let count = 0;
    let done = false;
    for (let match = regexp.exec(this.pattern); match; match = regexp.exec(this.pattern)) {
      const emptyAfterMatch = match[0] === '' && match.index === from && count > 0;
      if (!emptyAfterMatch) {
        count++;
        if (count >= wish.nth) {
          out += this.pattern.slice(from, match.index) + replace(wish.replacement, match);
          from = match.index + match[0].length;
          done = true;
          if (!wish.global) break;
        }
      }
      if (match[0] === '') {
        if (match.index >= this.pattern.length) break;
        regexp.lastIndex = match.index + 1;
      }
    }
    if (!done) return;
    this.substituted = true;
    this.pattern = out + this.pattern.slice(from);
    this.grew();
    if (wish.execute) this.c.fail("drydock: the e flag of sed's s command is not simulated", 4);
    if (wish.print) this.printPattern();
    if (wish.file !== undefined) await this.writeFile(wish.file, this.pattern, this.end);
  }
}

const named: Record<string, string> = {
  '\\': '\\\\',
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
};

/** sed's l: escapes, folded at `width` with a backslash, ended by $. */
function unambiguous(text: string, width: number): string {
  let out = '';
  let column = 0;
  for (const character of text) {
    const shown =
      named[character] ??
      (character >= ' ' && character <= '~' ? character : `\\${character.charCodeAt(0).toString(8).padStart(3, '0')}`);
    if (width > 1 && column + shown.length > width - 1) {
      out += '\\\n';
      column = 0;
    }
    out += shown;
    column += shown.length;
  }
  return `${out}$`;
}

export const sed: CommandSpec = {
  name: 'sed',
  suite: 'sed',
  applet: true,
  usageStatus: 1,
  usageHint: 'help',
  async run(c) {
    const o = c.options({
      gnu: 'n,quiet silent debug e,expression= f,file= E,regexp-extended r i,in-place=? l,line-length= posix b,binary follow-symlinks s,separate sandbox u,unbuffered z,null-data',
      busybox: 'n,quiet silent e,expression= f,file= E,regexp-extended r i,in-place=? version',
    });
    if (c.bb && o.has('version')) {
      // Old configure scripts look for the words.
      c.out('This is not GNU sed version 4.0\n');
      return 0;
    }
    const operands = [...o.operands];
    if (c.bb && o.has('in-place') && operands.length === (o.has('expression', 'file') ? 0 : 1))
      c.fail('-i requires an argument');
    const pieces: string[] = [];
    for (const option of o.list) {
      if (option.name === 'expression') pieces.push(encodeText(option.value!));
      if (option.name !== 'file') continue;
      try {
        pieces.push((await c.readFile(option.value!)).replace(/\n$/, ''));
      } catch (error) {
        c.fail(
          c.bb ? `${option.value}: ${c.reason(error)}` : `couldn't open file ${option.value}: ${c.reason(error)}`,
          c.bb ? 1 : 4,
        );
      }
    }
    if (pieces.length === 0) {
      if (operands.length === 0) {
        if (c.bb) c.usage();
        c.usage();
      }
      pieces.push(encodeText(operands.shift()!));
    }
    const source = pieces.join('\n');
    const inPlace = o.has('in-place') ? (o.value('in-place') ?? '') : undefined;
    let script: SedCommand[];
    try {
      script = new ScriptParser(source, o.has('regexp-extended', 'r'), c.bb).parse();
    } catch (error) {
      if (!(error instanceof SedError)) throw error;
      return c.fail(
        c.bb ? busyboxMessage(error.message) : error.message,
        /^can't find label/.test(error.message) && !c.bb ? 4 : 1,
      );
    }
    const settings: Settings = {
      quiet: o.has('quiet', 'silent') || /^#n(\n|$)/.test(source),
      separator: o.has('null-data') ? '\0' : '\n',
      inPlace,
      separate: o.has('separate') || inPlace !== undefined,
      posix: o.has('posix'),
      width: Number(o.value('line-length') ?? 70),
    };
    const input = new Input(c, operands.length ? operands : ['-'], settings.separator, settings.separate);
    return new Machine(c, script, input, settings).run();
  },
};

const busyboxMessage = (text: string): string => {
  if (/^-e .*(Unmatched|Invalid|Trailing)/.test(text)) return text.replace(/^-e expression #1, char \d+: /, '');
  const plain = text.replace(/^-e expression #1, char \d+: /, '');
  const unknown = /^unknown command: `(.)'/.exec(plain);
  if (unknown) return `unsupported command ${unknown[1]}`;
  if (plain === "unterminated `s' command" || plain === 'unterminated address regex') return "unmatched '/'";
  if (plain.startsWith('missing filename')) return 'empty filename';
  if (plain === "unexpected `,'") return 'no address after comma';
  const label = /^can't find label for jump to `(.*)'$/s.exec(plain);
  if (label) return `can't find label for jump to '${label[1]}'`;
  if (plain === "unknown option to `s'") return 'bad option in substitution expression';
  return plain;
};
