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

const unsortedAt = (list: readonly string[]): number =>
  list.findIndex((line, i) => i > 0 && compare(list[i - 1]!, line) > 0);

export const comm: CommandSpec = {
  name: 'comm',
  suite: 'coreutils',
  applet: true,
  async run(c) {
    const o = c.options({
      gnu: '1 2 3 check-order nocheck-order output-delimiter= total z,zero-terminated',
      busybox: '1 2 3 z/zero-terminated total',
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
    for (let i = 0, j = 0; i < left.length || j < right.length; ) {
      const order = i >= left.length ? 1 : j >= right.length ? -1 : compare(left[i]!, right[j]!);
      if (order === 0) put(2, left[i]!);
      else put(order < 0 ? 0 : 1, order < 0 ? left[i]! : right[j]!);
      if (order <= 0) i++;
      if (order >= 0) j++;
    }
    if (o.has('total')) c.raw(`${totals.join(gap)}${gap}total${end}`);
    const unpaired = totals[0]! + totals[1]! > 0;
    if (!c.bb && (o.has('check-order') || (unpaired && !o.has('nocheck-order')))) reportOrder(c, left, right);
    return c.status;
  },
};

function reportOrder(c: Command, left: readonly string[], right: readonly string[]): void {
  const wrong = [unsortedAt(left) >= 0, unsortedAt(right) >= 0];
  wrong.forEach((bad, i) => {
    if (bad) c.error(`file ${i + 1} is not in sorted order`);
  });
  if (wrong.some(Boolean)) c.error('input is not in sorted order');
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
    const [left, right] = texts.map((text) => splitLines(text).map((line) => cells(line, rules.separator)));
    mergeRows(rules, left!, right!, (a, b) => {
      const alone = a && b ? undefined : a ? '1' : '2';
      if (alone ? shown.has(alone) : !o.has('v')) c.raw(joined(rules, [a, b]));
    });
    return c.status;
  },
};

function mergeRows(
  rules: JoinRules,
  left: readonly string[][],
  right: readonly string[][],
  emit: (a: string[] | undefined, b: string[] | undefined) => void,
): void {
  const key = (row: string[], file: 0 | 1) => {
    const text = row[rules.fields[file]] ?? '';
    return rules.ignoreCase ? text.toLowerCase() : text;
  };
  let j = 0;
  for (let i = 0; i < left.length; i++) {
    const now = key(left[i]!, 0);
    while (j < right.length && key(right[j]!, 1) < now) emit(undefined, right[j++]);
    let k = j;
    for (; k < right.length && key(right[k]!, 1) === now; k++) emit(left[i], right[k]);
    if (k === j) emit(left[i], undefined);
    const same = i + 1 < left.length && key(left[i + 1]!, 0) === now;
    if (!same) j = k;
  }
  for (; j < right.length; j++) emit(undefined, right[j]);
}
