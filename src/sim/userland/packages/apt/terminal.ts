/** What apt prints, by how quiet it was asked to be. */
import type { Sys } from '../../../kernel/sys.ts';

export class AptTerminal {
  /** 0 on a terminal, 1 otherwise or with -q, 2 with -qq. */
  readonly quiet: number;
  constructor(
    readonly sys: Sys,
    quiet: number,
  ) {
    this.quiet = Math.max(quiet, sys.isatty(1) ? 0 : 1);
  }

  /** What only -qq silences. */
  say(text: string): Promise<void> {
    return this.quiet >= 2 ? Promise.resolve() : this.sys.write(1, text);
  }
  print(text: string): Promise<void> {
    return this.sys.write(1, text);
  }
  error(text: string): Promise<void> {
    return this.sys.write(2, `E: ${text}\n`);
  }
  warn(text: string): Promise<void> {
    return this.sys.write(2, `W: ${text}\n`);
  }
  /** "Reading package lists... Done": the word only where the line can be written over. */
  progress(text: string): Promise<void> {
    return this.say(this.quiet === 0 ? `${text}... Done\n` : `${text}...\n`);
  }

  /** Names after two spaces, broken at the width of the terminal (80). */
  async names(title: string, names: readonly string[]): Promise<void> {
    if (names.length === 0) return;
    const width = 80 - 2;
    const lines: string[] = [];
    let line = '';
    for (const name of names) {
      if (line && line.length + name.length + 3 >= width) {
        lines.push(line);
        line = '';
      }
      line += ` ${name}`;
    }
    await this.say(`${title}\n${[...lines, line].map((one) => ` ${one}\n`).join('')}`);
  }

  /** True for yes; the default is yes. At the end of the input: no. */
  async confirm(question: string): Promise<boolean> {
    await this.sys.write(1, `${question} [Y/n] `);
    let answer = '';
    for (;;) {
      const bytes = await this.sys.read(0, 1);
      if (bytes.length === 0) {
        if (answer === '') {
          await this.sys.write(1, 'Abort.\n');
          return false;
        }
        break;
      }
      if (bytes[0] === 10) break;
      answer += String.fromCharCode(bytes[0]!);
    }
    const yes = answer.trim() === '' || /^y/i.test(answer.trim());
    if (!yes) await this.sys.write(1, 'Abort.\n');
    return yes;
  }
}

const units = ['', 'k', 'M', 'G', 'T'];

/** As apt's SizeToStr: four digits at most before the next unit; one decimal below 100. */
export function shortSize(bytes: number): string {
  let size = bytes;
  for (let i = 0; ; i++) {
    if (size < 100 && i > 0) return `${size.toFixed(1)} ${units[i]}`;
    if (size < 10_000 || i === units.length - 1) return `${size.toFixed(0)} ${units[i]}`;
    size /= 1000;
  }
}

/** As apt's TimeToStr: 65s is 1min 5s. */
export function shortTime(seconds: number): string {
  const s = Math.floor(seconds);
  if (s >= 3600) return `${Math.floor(s / 3600)}h ${Math.floor((s % 3600) / 60)}min ${s % 60}s`;
  return s >= 60 ? `${Math.floor(s / 60)}min ${s % 60}s` : `${s}s`;
}
