/** comm and join: two sorted files side by side. */
import { encodeText } from '../core/bytes.ts';
import type { Command, CommandSpec } from '../core/command.ts';
import { readOrFail } from '../core/inputs.ts';
import { splitLines } from '../core/lines.ts';
import { quote } from '../core/quote.ts';

function needTwo(c: Command, operands: readonly string[]): void {
  if (operands.length === 2) return;
  if (c.bb) c.usage();
  if (operands.length === 0) c.usage('missing operand');
  if (operands.length === 1) c.usage(`missing operand after ${quote(operands[0]!)}`);
  c.usage(`extra operand ${quote(operands[2]!)}`);
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

export const comm: CommandSpec = {
  name: 'comm',
  suite: 'coreutils',
  applet: true,
  async run(c) {
    const o = c.options({
      gnu: '1 2 3 check-order nocheck-order output-delimiter= total z,zero-terminated',
      busybox: '1 2 3',
    });
    needTwo(c, o.operands);
    const end = o.has('zero-terminated') ? '\0' : '\n';
    const gap = encodeText(o.value('output-delimiter') ?? '\t');
    const [left, right] = [
      splitLines(await readOrFail(c, o.operands[0]!), end),
      splitLines(await readOrFail(c, o.operands[1]!), end),
    ];
    const totals = [0, 0, 0];
    const hidden = ['1', '2', '3'].map((name) => o.has(name));
    const put = (column: number, line: string) => {
      totals[column]!++;
      if (!hidden[column]) c.raw(gap.repeat(hidden.slice(0, column).filter((h) => !h).length) + line + end);
    };
    const order = new OrderCheck(c, c.bb || o.has('nocheck-order') ? 'no' : o.has('check-order') ? 'strict' : 'warn');
    for (let i = 0, j = 0; i < left.length || j < right.length; ) {
      const which = i >= left.length ? 1 : j >= right.length ? -1 : compare(left[i]!, right[j]!);
      if (which === 0) put(2, left[i]!);
      else put(which < 0 ? 0 : 1, which < 0 ? left[i]! : right[j]!);
      if (which !== 0) order.unpaired = true;
      if (which <= 0) order.step(1, left, i++);
      if (which >= 0) order.step(2, right, j++);
    }
    if (o.has('total')) c.raw(`${totals.join(gap)}${gap}total${end}`);
    order.end();
    return c.status;
  },
};

/** Complains of a file once, when a line that comes next is out of order and some line had no partner. */
class OrderCheck {
  unpaired = false;
  private readonly told = new Set<number>();
  constructor(
    private readonly c: Command,
    private readonly how: 'no' | 'warn' | 'strict',
  ) {}
  /** File `number` goes on from line `at`; at its end the last two lines are looked at once more. */
  step(number: number, lines: readonly string[], at: number): void {
    const first = at + 1 < lines.length ? at : at - 1;
    const wanted = this.how === 'strict' || (this.how === 'warn' && this.unpaired);
    if (!wanted || this.told.has(number) || first < 0 || compare(lines[first]!, lines[first + 1]!) <= 0) return;
    this.told.add(number);
    if (this.how === 'strict') this.c.fail(`file ${number} is not in sorted order`);
    this.c.error(`file ${number} is not in sorted order`);
  }
  end(): void {
    if (this.told.size) this.c.error('input is not in sorted order');
  }
}

interface JoinRules {
  fields: [number, number];
  separator: string | undefined;
  ignoreCase: boolean;
  empty: string;
  /** `0`, or file and field. */
  output: ('key' | [file: number, field: number])[] | undefined;
}

const cells = (line: string, separator: string | undefined): string[] =>
  separator === undefined ? line.replace(/^[ \t]+/, '').split(/[ \t]+/) : line.split(separator);

function joined(rules: JoinRules, rows: (string[] | undefined)[]): string {
  const key = rows[0]?.[rules.fields[0]] ?? rows[1]?.[rules.fields[1]] ?? '';
  const rest = (file: 0 | 1) => (rows[file] ?? []).filter((_, i) => i !== rules.fields[file]);
  const parts = rules.output
    ? rules.output.map((one) => (one === 'key' ? key : rows[one[0]]?.[one[1]]) || rules.empty)
    : [key, ...rest(0), ...rest(1)];
  return `${parts.join(rules.separator ?? ' ')}\n`;
}

function parseOutput(list: string[]): JoinRules['output'] {
  if (list.length === 0) return undefined;
  return list
    .flatMap((text) => text.split(/[,\s]+/))
    .filter(Boolean)
    .map((text) => (text === '0' ? 'key' : [Number(text[0]) - 1, Number(text.slice(2)) - 1]));
}

export const join: CommandSpec = {
  name: 'join',
  suite: 'coreutils',
  async run(c) {
    const o = c.options({
      gnu: 'a= e= 1= 2= j= i,ignore-case o= t= v= check-order nocheck-order header z,zero-terminated',
    });
    needTwo(c, o.operands);
    const field = (name: string) => Number(o.value(name) ?? o.value('j') ?? 1) - 1;
    const rules: JoinRules = {
      fields: [field('1'), field('2')],
      separator: o.value('t'),
      ignoreCase: o.has('ignore-case'),
      empty: o.value('e') ?? '',
      output: parseOutput(o.values('o')),
    };
    const shown = new Set([...o.values('a'), ...o.values('v')]);
    const texts = [await readOrFail(c, o.operands[0]!), await readOrFail(c, o.operands[1]!)];
    const lists = texts.map((text) => splitLines(text));
    const [left, right] = lists.map((list) => list.map((line) => cells(line, rules.separator)));
    // Lines that are read after one was found without a partner are looked at for their order.
    let checkedFrom: [number, number] | undefined = o.has('check-order') ? [1, 1] : undefined;
    mergeRows(rules, left!, right!, (a, b, [i, j]) => {
      const alone = a && b ? undefined : a ? '1' : '2';
      if (alone && i < left!.length && j < right!.length) checkedFrom ??= [i + (a ? 2 : 1), j + (b ? 2 : 1)];
      if (alone ? shown.has(alone) : !o.has('v')) c.raw(joined(rules, [a, b]));
    });
    if (checkedFrom && !o.has('nocheck-order'))
      reportUnsorted(c, rules, { names: o.operands, lists, from: checkedFrom }, o.has('check-order'));
    return c.status;
  },
};

function reportUnsorted(
  c: Command,
  rules: JoinRules,
  { names, lists, from }: { names: readonly string[]; lists: readonly (readonly string[])[]; from: [number, number] },
  strict: boolean,
): void {
  let any = false;
  for (const [file, list] of lists.entries()) {
    const keys = list.map((line) => keyOf(cells(line, rules.separator), file as 0 | 1, rules));
    const at = keys.findIndex((key, i) => i >= from[file]! && compare(keys[i - 1]!, key) > 0);
    if (at < 0) continue;
    any = true;
    const text = `${names[file]}:${at + 1}: is not sorted: ${list[at]}`;
    if (strict) c.fail(text);
    c.error(text);
  }
  if (any) c.error('input is not in sorted order');
}

function keyOf(row: string[], file: 0 | 1, rules: JoinRules): string {
  const text = row[rules.fields[file]] ?? '';
  return rules.ignoreCase ? text.toLowerCase() : text;
}

function mergeRows(
  rules: JoinRules,
  left: readonly string[][],
  right: readonly string[][],
  emit: (a: string[] | undefined, b: string[] | undefined, at: [left: number, right: number]) => void,
): void {
  const key = (row: string[], file: 0 | 1) => keyOf(row, file, rules);
  let j = 0;
  for (let i = 0; i < left.length; i++) {
    const now = key(left[i]!, 0);
    while (j < right.length && key(right[j]!, 1) < now) {
      emit(undefined, right[j], [i, j]);
      j++;
    }
    let k = j;
    for (; k < right.length && key(right[k]!, 1) === now; k++) emit(left[i], right[k], [i, k]);
    if (k === j) emit(left[i], undefined, [i, j]);
    const same = i + 1 < left.length && key(left[i + 1]!, 0) === now;
    if (!same) j = k;
  }
  for (; j < right.length; j++) emit(undefined, right[j], [left.length, j]);
}
