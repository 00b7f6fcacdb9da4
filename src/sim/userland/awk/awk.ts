import { encodeText } from '../core/bytes.ts';
import type { Command, CommandSpec } from '../core/command.ts';
import { RegexpError } from '../core/regexp.ts';
import { Interpreter } from './interpreter.ts';
import { AwkRuntimeError } from './jump.ts';
import { AwkError } from './lexer.ts';
import { Parser } from './parser.ts';

async function runAwk(c: Command): Promise<number> {
  const o = c.options({ gnu: 'F: v: f: W: m:', busybox: 'F: v: f: e:', stopAtOperand: true });
  const operands = [...o.operands];
  const pieces: string[] = o.values('e').map(encodeText);
  for (const file of o.values('f')) {
    try {
      pieces.push(await c.readFile(file));
    } catch (error) {
      c.fail(
        c.bb ? `can't open '${file}': ${c.reason(error)}` : `cannot open ${file} (${c.reason(error)})`,
        c.bb ? 1 : 2,
      );
    }
  }
  if (pieces.length === 0) {
    if (operands.length === 0) {
      if (c.bb) c.usage();
      c.errorText(await c.texts.afterError(c));
      return 0;
    }
    pieces.push(encodeText(operands.shift()!));
  }
  let interpreter: Interpreter | undefined;
  try {
    interpreter = new Interpreter(c, new Parser(pieces.join('\n'), c.bb).parse(), operands);
    for (const text of o.values('v')) {
      const match = /^([A-Za-z_]\w*)=([\s\S]*)$/.exec(text);
      if (!match) c.fail(c.bb ? `bad -v: '${text}'` : `improper assignment: -v ${text}`, 2);
      interpreter.assignOperand(match![1]!, match![2]!);
    }
    const separator = o.value('F');
    if (separator !== undefined) interpreter.assignOperand('FS', separator);
    return await interpreter.run();
  } catch (error) {
    if (error instanceof AwkError)
      return c.fail(
        c.bb
          ? `cmd. ${error.message
              .replace(/^line (\d+): (?:syntax error|extra).*$/, 'line:$1: Unexpected token')
              .replace(/^line (\d+): missing.*$/, (_, n) => `line:${Number(n) - 1}: Unexpected token`)
              .replace(/^line (\d+): /, 'line:$1: ')}`
          : error.message,
        c.bb ? 1 : 2,
      );
    if (error instanceof AwkRuntimeError && !c.bb && interpreter)
      return c.fail(`run time error: ${error.message}\n\t${interpreter.place}`, 2);
    if (error instanceof AwkRuntimeError || error instanceof RegexpError)
      return c.fail(c.bb ? `cmd. line:1: ${error.message}` : error.message, c.bb ? 1 : 2);
    throw error;
  }
}

export const awk: CommandSpec = {
  name: 'awk',
  suite: 'mawk',
  applet: true,
  usageStatus: 2,
  usageHint: 'help',
  shortName: true,
  run: runAwk,
};
