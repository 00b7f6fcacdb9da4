import { toBinary } from '../core/bytes.ts';
import type { Command, CommandSpec } from '../core/command.ts';
import { eachInput } from '../core/lines.ts';
import { quoteInMessage } from '../core/quote.ts';

interface Marks {
  number: boolean;
  nonblank: boolean;
  ends: boolean;
  tabs: boolean;
  visible: boolean;
  squeeze: boolean;
}

/** State that runs on from file to file. */
class Marker {
  private line = 0;
  private blanks = 0;
  private atStart = true;
  constructor(private readonly marks: Marks) {}

  text(input: string): string {
    let out = '';
    for (const piece of input.match(/[^\n]*\n|[^\n]+$/g) ?? []) out += this.piece(piece);
    return out;
  }

  private piece(piece: string): string {
    const { marks } = this;
    const newline = piece.endsWith('\n');
    const body = newline ? piece.slice(0, -1) : piece;
    if (this.atStart && body === '' && newline) {
      if (++this.blanks > 1 && marks.squeeze) return '';
    } else this.blanks = 0;
    let head = '';
    if (this.atStart && (marks.nonblank ? body !== '' : marks.number)) head = `${String(++this.line).padStart(6)}\t`;
    this.atStart = newline;
    return `${head}${this.visible(body)}${newline ? (marks.ends ? '$\n' : '\n') : ''}`;
  }

  private visible(text: string): string {
    const { visible, tabs } = this.marks;
    if (!visible && !tabs) return text;
    return text.replace(/[^ -~]/g, (character) => {
      if (character === '\t') return tabs ? '^I' : character;
      return visible ? caret(character.charCodeAt(0)) : character;
    });
  }
}

function caret(code: number): string {
  if (code >= 128) return `M-${code - 128 >= 32 && code !== 255 ? String.fromCharCode(code - 128) : caret(code - 128)}`;
  return code === 127 ? '^?' : `^${String.fromCharCode(code + 64)}`;
}

async function plain(c: Command, fd: number): Promise<void> {
  await c.flush();
  if (c.sys.sendContent(fd, 1)) return;
  for (;;) {
    const bytes = await c.sys.read(fd, 1 << 17);
    if (bytes.length === 0) return;
    await c.write(bytes);
  }
}

/** A directory opens, and then cannot be read. */
const busyboxReason = (name: string, reason: string): string =>
  reason === 'Is a directory' ? `read error: ${reason}` : `can't open '${name}': ${reason}`;

export const cat: CommandSpec = {
  name: 'cat',
  suite: 'coreutils',
  applet: true,
  async run(c) {
    const o = c.options({
      gnu: 'A,show-all b,number-nonblank e E,show-ends n,number s,squeeze-blank t T,show-tabs u v,show-nonprinting',
      busybox: 'A/show-all b/number-nonblank e n/number t u v/show-nonprinting',
    });
    const marks: Marks = {
      number: o.has('number'),
      nonblank: o.has('number-nonblank'),
      ends: o.has('show-all', 'e', 'show-ends'),
      tabs: o.has('show-all', 't', 'show-tabs'),
      visible: o.has('show-all', 'e', 't', 'show-nonprinting'),
      squeeze: o.has('squeeze-blank'),
    };
    const marker = Object.values(marks).some(Boolean) ? new Marker(marks) : undefined;
    await eachInput(
      c,
      o.operands,
      async (fd) => {
        if (!marker) return plain(c, fd);
        for (;;) {
          await c.flush();
          const bytes = await c.sys.read(fd, 1 << 17);
          if (bytes.length === 0) return;
          c.raw(marker.text(toBinary(bytes)));
        }
      },
      (name, reason) => c.error(c.bb ? busyboxReason(name, reason) : `${quoteInMessage(name)}: ${reason}`),
    );
    return c.status;
  },
};
