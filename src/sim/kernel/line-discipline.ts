/** The N_TTY line discipline (termios(3)): from typed bytes to lines, echo and signals; from writes to screen bytes. */
import type { Termios } from './sys.ts';
import { standardTermios } from './termios.ts';

export interface LineDisciplineHost {
  /** Bytes to show. */
  echo(bytes: Uint8Array): void;
  signal(name: 'INT' | 'QUIT' | 'TSTP'): void;
  /** Something may be readable or writable now. */
  changed(): void;
}

/** N_TTY_BUF_SIZE: a line longer than this loses its end, except the newline. */
const bufferSize = 4096;
const newline = 10;
const carriageReturn = 13;
/** Marks an end-of-file in the ready queue: a line that ends without a newline. */
const endMark = -1;

export class LineDiscipline {
  termios: Termios = standardTermios();
  /** Ctrl-S was typed. */
  outputStopped = false;
  /** Bytes that reads may have; endMark ends a read. */
  private ready: number[] = [];
  /** The line being edited (canonical mode). */
  private line: number[] = [];
  private literalNext = false;

  constructor(private readonly host: LineDisciplineHost) {}

  get canonical(): boolean {
    return this.termios.flags.icanon === true;
  }

  /** Bytes ready outside canonical mode. */
  get buffered(): number {
    return this.ready.length;
  }

  readable(): boolean {
    if (this.canonical) return this.ready.length > 0;
    return this.ready.length >= Math.max(1, this.termios.vtime > 0 ? 1 : this.termios.vmin) || this.pollsOnly();
  }

  /** MIN 0, TIME 0: a read never waits. */
  private pollsOnly(): boolean {
    return this.termios.vmin === 0 && this.termios.vtime === 0;
  }

  /** At most one line in canonical mode. */
  read(max: number): Uint8Array {
    if (!this.canonical) return Uint8Array.from(this.ready.splice(0, max));
    const out: number[] = [];
    while (out.length < max && this.ready.length > 0) {
      const byte = this.ready.shift()!;
      if (byte === endMark) return Uint8Array.from(out);
      out.push(byte);
      if (byte === newline || this.isExtraEnd(byte)) break;
    }
    return Uint8Array.from(out);
  }

  setTermios(termios: Termios): void {
    const wasCanonical = this.canonical;
    this.termios = termios;
    if (wasCanonical && !this.canonical) {
      // n_tty keeps an end-of-file as a NUL that a reader finds once lines are over.
      this.ready = [...this.ready.map((byte) => (byte === endMark ? 0 : byte)), ...this.line];
      this.line = [];
    }
    if (!termios.flags.ixon) this.outputStopped = false;
    this.host.changed();
  }

  /** TCSAFLUSH: typed bytes that nobody read are thrown away. */
  flushInput(): void {
    this.ready = [];
    this.line = [];
  }

  /** Takes typed bytes, as many as there is room for. */
  input(bytes: Uint8Array): number {
    let taken = 0;
    for (const byte of bytes) {
      if (!this.canonical && this.ready.length >= bufferSize) break;
      if (this.canonical && this.ready.length >= bufferSize * 4) break;
      this.inputByte(byte);
      taken++;
    }
    this.host.changed();
    return taken;
  }

  private inputByte(byte: number): void {
    const { flags, chars } = this.termios;
    if (flags.istrip) byte &= 0x7f;
    if (this.literalNext) {
      this.literalNext = false;
      this.accept(byte);
      return;
    }
    if (flags.isig && this.signalKey(byte)) return;
    if (flags.ixon && this.flowKey(byte)) return;
    if (byte === carriageReturn) {
      if (flags.igncr) return;
      if (flags.icrnl) byte = newline;
    } else if (byte === newline && flags.inlcr) byte = carriageReturn;
    if (flags.icanon && this.editKey(byte)) return;
    if (flags.iexten && flags.icanon && byte === chars.lnext && byte !== 0) {
      this.literalNext = true;
      if (flags.echo && flags.echoctl) this.host.echo(Uint8Array.of(0x5e, 8));
      return;
    }
    this.accept(byte);
  }

  private signalKey(byte: number): boolean {
    const { chars, flags } = this.termios;
    const name = this.matches(byte, chars.intr)
      ? 'INT'
      : this.matches(byte, chars.quit)
        ? 'QUIT'
        : this.matches(byte, chars.susp)
          ? 'TSTP'
          : undefined;
    if (!name) return false;
    if (!flags.noflsh) this.flushInput();
    this.outputStopped = false;
    if (flags.echo) this.echoByte(byte);
    this.host.signal(name);
    return true;
  }

  private flowKey(byte: number): boolean {
    const { chars } = this.termios;
    if (this.matches(byte, chars.stop)) {
      this.outputStopped = true;
      return true;
    }
    if (!this.matches(byte, chars.start)) return false;
    this.outputStopped = false;
    return true;
  }

  /** Keys that edit or end the line; true when the byte is used up. */
  private editKey(byte: number): boolean {
    const { chars, flags } = this.termios;
    if (this.matches(byte, chars.erase)) this.erase();
    else if (this.matches(byte, chars.kill)) this.killLine();
    else if (flags.iexten && this.matches(byte, chars.werase)) this.eraseWord();
    else if (flags.iexten && this.matches(byte, chars.rprnt)) this.reprint(byte);
    else if (this.matches(byte, chars.eof)) this.endLine(endMark);
    else if (byte === newline) {
      if (flags.echo || flags.echonl) this.echoByte(newline);
      this.endLine(newline);
    } else if (this.isExtraEnd(byte)) {
      if (flags.echo) this.echoByte(byte);
      this.endLine(byte);
    } else return false;
    return true;
  }

  private isExtraEnd(byte: number): boolean {
    return this.matches(byte, this.termios.chars.eol) || this.matches(byte, this.termios.chars.eol2);
  }

  private matches(byte: number, char: number | undefined): boolean {
    return char !== undefined && char !== 0 && byte === char;
  }

  /** An ordinary byte of input. */
  private accept(byte: number): void {
    if (this.canonical) {
      if (this.line.length >= bufferSize - 1) return;
      this.line.push(byte);
    } else this.ready.push(byte);
    if (this.termios.flags.echo) this.echoByte(byte);
  }

  private endLine(end: number): void {
    for (const byte of this.line) this.ready.push(byte);
    this.line = [];
    this.ready.push(end);
  }

  /** Takes away the last character: with UTF-8 input all its bytes. */
  private erase(): boolean {
    if (this.line.length === 0) return false;
    let byte = this.line.pop()!;
    while ((byte & 0xc0) === 0x80 && this.line.length > 0) byte = this.line.pop()!;
    this.echoErase(byte);
    return true;
  }

  private echoErase(byte: number): void {
    const { flags } = this.termios;
    if (!flags.echo) return;
    if (!flags.echoe) {
      this.host.echo(Uint8Array.of(this.termios.chars.erase ?? 127));
      return;
    }
    const width = byte < 32 || byte === 127 ? (flags.echoctl ? 2 : 0) : 1;
    for (let i = 0; i < width; i++) this.host.echo(Uint8Array.of(8, 32, 8));
  }

  private eraseWord(): void {
    const isWord = (byte: number | undefined): boolean =>
      byte !== undefined && (byte >= 0x80 || /[A-Za-z0-9_]/.test(String.fromCharCode(byte)));
    while (this.line.length > 0 && !isWord(this.line.at(-1))) this.erase();
    while (isWord(this.line.at(-1))) this.erase();
  }

  private killLine(): void {
    const { flags, chars } = this.termios;
    if (flags.echo && flags.echok && !(flags.echoke && flags.echoe)) {
      this.echoByte(chars.kill ?? 21);
      this.host.echo(Uint8Array.of(carriageReturn, newline));
      this.line = [];
      return;
    }
    while (this.erase());
  }

  private reprint(byte: number): void {
    if (!this.termios.flags.echo) return;
    this.echoByte(byte);
    this.echoByte(newline);
    for (const typed of this.line) this.echoByte(typed);
  }

  /** ECHOCTL: control characters show as ^X, except newline and tab. */
  private echoByte(byte: number): void {
    const { flags } = this.termios;
    const control = (byte < 32 && byte !== newline && byte !== 9) || byte === 127;
    if (control && flags.echoctl) this.host.echo(Uint8Array.of(0x5e, byte ^ 0x40));
    else this.host.echo(this.processOutput(Uint8Array.of(byte)));
  }

  /** OPOST: what a program's bytes become on their way to the screen. */
  processOutput(bytes: Uint8Array): Uint8Array {
    const { flags } = this.termios;
    if (!flags.opost || !(flags.onlcr || flags.ocrnl)) return bytes;
    const special = flags.onlcr ? newline : carriageReturn;
    if (!bytes.includes(special)) return bytes;
    const out = new Uint8Array(2 * bytes.length);
    let at = 0;
    for (const byte of bytes) {
      if (byte === newline && flags.onlcr) out[at++] = carriageReturn;
      out[at++] = byte === carriageReturn && flags.ocrnl ? newline : byte;
    }
    return out.subarray(0, at);
  }
}
