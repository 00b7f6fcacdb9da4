import { byteLength } from '../../core/escaped-bytes.ts';
import { attributeLetters, declaration } from '../builtins/attributes.ts';
import { ansiUnescape } from '../builtins/escapes.ts';
import { Abort } from '../control.ts';
import { variableError } from '../exec/report.ts';
import { byBytes, countsCharacters, fromBytes, toBytes } from '../locale.ts';
import { renderPrompt } from '../prompt.ts';
import { quoteDeclare, quoteReusable } from '../quote.ts';
import type { Shell } from '../shell.ts';
import { parseWords, type Word } from '../syntax/grammar.ts';
import { operandParts, type ParameterOperation, type Part, wordParts } from '../syntax/parts.ts';
import { AssociativeArray, IndexedArray, VariableError } from '../variables.ts';
import { expandArithmetic, expandParts, expandSingle, textOf } from './expand.ts';
import { endOfField, type Run } from './fields.ts';
import { type PatternRun, patternRegExp, patternSource } from './pattern.ts';
import { elementsOf, joiner, keysOf, parameterValue } from './special.ts';
import { expandTilde } from './tilde.ts';

type Parameter = Extract<Part, { type: 'parameter' }>;

/** What a parameter stands for: one value, or a list ($@, $*, a[@]). */
interface Subject {
  name: string;
  value: string | undefined;
  list?: string[];
  /** `*`: joined when quoted. */
  star?: boolean;
  /** `~~`, not `~`. */
  all?: boolean;
  key?: string;
}

const badSubstitution = async (shell: Shell, part: Parameter): Promise<never> => {
  if (shell.dialect.bash) {
    await shell.complain(`${part.text}: bad substitution`);
    throw new Abort(1, true);
  }
  await shell.complain(shell.dialect.name === 'dash' ? 'Bad substitution' : 'syntax error: bad substitution');
  throw new Abort(2);
};

/** Operations that are not the dialect's own are "bad substitutions" there. */
const isForeign = (shell: Shell, part: Parameter): boolean => {
  const operation = part.operation;
  if (operation?.type === 'Unknown') return !shell.dialect.bash || !/~~?\}$/.test(part.text);
  if (shell.dialect.bash) return false;
  if (part.prefix === '!' || part.index) return true;
  if (!operation || operation.type === 'Default' || operation.type === 'Remove') return false;
  if (operation.type === 'Replace' || operation.type === 'Slice') return !shell.dialect.extended;
  return true;
};

export const expandParameter = async (shell: Shell, part: Parameter): Promise<Run[]> => {
  if (isForeign(shell, part) || part.name === '') return badSubstitution(shell, part);
  if (part.prefix === '!') {
    const found = await indirect(shell, part);
    if ('runs' in found) return found.runs;
    part = found.part;
  }
  const subject = await subjectOf(shell, part);
  if (part.prefix === '#' && isUnset(subject) && !subject.list && shell.has('nounset'))
    return unbound(shell, subject.name);
  if (part.prefix === '#') return [length(shell, subject, part)].map((text) => plain(text, part.quoted));
  if (part.operation?.type === 'Default') return applyDefault(shell, part, subject, part.operation);
  checkSet(shell, part, subject);
  if (isUnset(subject) && shell.has('nounset') && !subject.list) return unbound(shell, part.shown ?? subject.name);
  if (!part.operation) return runsOf(shell, subject, part.quoted);
  if (shell.dialect.bash && part.operation.type === 'Slice' && part.operation.offset.text === '')
    return badSubstitution(shell, part);
  const all = part.text.endsWith('~~}');
  if (!byBytes(shell)) return runsOf(shell, await transform(shell, { ...subject, all }, part.operation), part.quoted);
  const changed = await transform(shell, each({ ...subject, all }, toBytes), part.operation);
  return runsOf(shell, each(changed, fromBytes), part.quoted);
};

const checkSet = (_shell: Shell, _part: Parameter, _subject: Subject): void => {};

const plain = (text: string, quoted: boolean): Run => ({ text, quoted, split: true });

const isUnset = (subject: Subject): boolean => (subject.list ? subject.list.length === 0 : subject.value === undefined);

/** bash ends with 127 where it read the command itself, a subshell or `set -e` with 1. */
export const unsetStatus = (shell: Shell): number =>
  !shell.dialect.bash ? 2 : shell.subshellDepth > 0 || shell.has('errexit') || shell.origin !== 'command' ? 1 : 127;

const unbound = async (shell: Shell, name: string): Promise<never> => {
  const shown = shell.dialect.bash && /^\d+$/.test(name) ? `$${name}` : name;
  await shell.complain(`${shown}: ${shell.dialect.bash ? 'unbound variable' : 'parameter not set'}`, '');
  throw new Abort(unsetStatus(shell));
};

/** A nameref may stand for one element of an array. */
const dereferenced = (shell: Shell, part: Parameter): Parameter => {
  if (part.index || !shell.vars.table.get(part.name)?.nameref) return part;
  const [, name, key] = /^([A-Za-z_]\w*)\[(.+)\]$/s.exec(shell.vars.resolve(part.name)) ?? [];
  return name === undefined ? part : { ...part, name, index: subscriptWord(key!) };
};

const subjectOf = async (shell: Shell, given: Parameter): Promise<Subject> => {
  const part = dereferenced(shell, given);
  const { name } = part;
  if (name === '@' || name === '*') {
    return { name, value: parameterValue(shell, name), list: [...shell.args], star: name === '*' };
  }
  if (!part.index) return { name, value: parameterValue(shell, name) };
  const index = part.index.text;
  if (index === '@' || index === '*') {
    const list = elementsOf(shell, name);
    return { name: `${name}[${index}]`, value: list[0], list, star: index === '*' };
  }
  if (index === '') return badSubstitution(shell, part);
  const key = await elementKey(shell, name, part.index);
  const value = shell.vars.lookup(name)?.value;
  const subject = { name: `${name}[${index}]`, key };
  if (value instanceof AssociativeArray) return { ...subject, value: value.items.get(key) };
  if (value instanceof IndexedArray) {
    const at = Number(key) < 0 ? Number(key) + value.next() : Number(key);
    if (at < 0) await shell.complain(`${name}: bad array subscript`, '');
    return { ...subject, value: value.items.get(at) };
  }
  return { ...subject, value: key === '0' || key === '-1' ? shell.vars.get(name) : undefined };
};

/** The key in `name[word]`: text for associative arrays, a computed number else. */
export const elementKey = async (shell: Shell, name: string, word: Word): Promise<string> => {
  const variable = shell.vars.lookup(name);
  if (variable?.value instanceof AssociativeArray || variable?.array === 'associative')
    return expandSingle(shell, word);
  return String(await expandArithmetic(shell, word.text));
};

/** `${!x}`: names, keys, or what the parameter that x names stands for. */
const indirect = async (shell: Shell, part: Parameter): Promise<{ runs: Run[] } | { part: Parameter }> => {
  const listed = (list: string[], star: boolean, glue = ' ') =>
    star && !part.quoted && joiner(shell) === ''
      ? { runs: [plain(list.join(glue), false)] }
      : { runs: runsOf(shell, { name: part.name, value: list[0], list, star }, part.quoted) };
  if (part.operation?.type === 'Names') {
    const names = shell.vars.names().filter((n) => n.startsWith(part.name));
    return listed(names, part.operation.operator === '*', '');
  }
  const index = part.index?.text;
  if ((index === '@' || index === '*') && !part.operation) return listed(keysOf(shell, part.name), index === '*');
  const variable = shell.vars.table.get(part.name);
  if (variable?.nameref && typeof variable.value === 'string') return { runs: [plain(variable.value, part.quoted)] };
  const found = await subjectOf(shell, { ...part, prefix: undefined, operation: undefined });
  const target = found.list && found.list.length > 1 ? found.list.join(' ') : found.value;
  const isArray = variable?.value !== undefined && typeof variable.value !== 'string';
  if (target === undefined && isArray && !part.index) return { runs: [plain('', part.quoted)] };
  const named = /^(?:([A-Za-z_]\w*|\d+|[@*#?!$-])|([A-Za-z_]\w*)\[(.+)\])$/s.exec(target ?? '');
  if (!named) {
    if (target === undefined && part.operation?.type === 'Transform') return { runs: [plain('', part.quoted)] };
    await shell.complain(
      target === undefined
        ? `${part.name}${part.index ? `[${part.index.text}]` : ''}: invalid indirect expansion`
        : `${target}: invalid variable name`,
    );
    throw new Abort(1, true);
  }
  const word = named[3] === undefined ? undefined : subscriptWord(named[3]);
  const name = named[1] ?? named[2]!;
  return { part: { ...part, name, index: word, prefix: undefined, shown: `!${part.name}` } };
};

const subscriptWord = (text: string): Word =>
  parseWords(text)[0] ?? { type: 'Word', text, value: text, pos: 0, end: text.length };

const length = (shell: Shell, subject: Subject, part: Parameter): string => {
  if (subject.list) return String(subject.list.length);
  if (subject.value === undefined && part.name === '#') return '0';
  const value = subject.value ?? '';
  return String(byBytes(shell) && !countsCharacters(shell) ? byteLength(value) : [...value].length);
};

/** Runs of a value or a list as quoting asks: "$@" keeps its fields apart, "$*" joins them by IFS. */
const runsOf = (shell: Shell, subject: Subject, quoted: boolean): Run[] => {
  if (!subject.list) return [plain(subject.value ?? '', quoted)];
  const list = subject.list;
  if (quoted && subject.star) return [plain(list.join(joiner(shell)), true)];
  if (quoted && list.length === 0) return [{ text: '', quoted: false, split: true }];
  const separator = quoted || !shell.dialect.bash ? '' : joiner(shell);
  if (separator !== '' && !' \t\n'.includes(separator)) {
    // The elements are one text with IFS between them, so that empty ones count.
    if (subject.star) return [plain(list.join(separator), false)];
    const mark: Run = { text: separator, quoted: false, split: true, between: true };
    return list.flatMap((text, i) => (i === 0 ? [plain(text, false)] : [mark, plain(text, false)]));
  }
  const end = shell.dialect.bash ? endOfField : { ...endOfField, glue: joiner(shell) };
  return list.flatMap((text, i) => (i === 0 ? [plain(text, quoted)] : [end, plain(text, quoted)]));
};

type Operation<T extends string> = Extract<NonNullable<ParameterOperation>, { type: T }>;

const operandRuns = async (shell: Shell, word: Word, quoted: boolean): Promise<Run[]> => {
  const parts = quoted ? operandParts(word, shell.dialect) : expandTilde(shell, wordParts(word, shell.dialect), false);
  const runs = await expandParts(shell, parts);
  if (quoted && runs.length === 0) return [plain('', true)];
  return runs.map((r) => (r.quoted ? r : { ...r, split: true }));
};

const applyDefault = async (
  shell: Shell,
  part: Parameter,
  subject: Subject,
  operation: Operation<'Default'>,
): Promise<Run[]> => {
  const colon = operation.operator[0] === ':';
  const kind = operation.operator.at(-1);
  const current = subject.list ? subject.list.join(subject.star ? joiner(shell) : ' ') : subject.value;
  const missing = isUnset(subject) || (colon && current === '');
  const none = subject.list && !subject.star && part.quoted;
  if (kind === '+')
    return missing
      ? none
        ? [plain('', false)]
        : [plain('', part.quoted)]
      : operandRuns(shell, operation.operand, part.quoted);
  if (!missing) return runsOf(shell, subject, part.quoted);
  if (kind === '-') return operandRuns(shell, operation.operand, part.quoted);
  const text = textOf(await operandRuns(shell, operation.operand, part.quoted));
  if (kind === '=') return assignDefault(shell, part, subject, text);
  const message =
    text || (colon ? 'parameter null or not set' : shell.dialect.bash ? 'parameter not set' : 'parameter not set');
  const unset = colon && !shell.dialect.bash ? 'parameter not set or null' : message;
  await shell.complain(`${part.shown ?? subject.name}: ${text || (colon ? unset : message)}`, '');
  throw new Abort(unsetStatus(shell));
};

const assignDefault = async (shell: Shell, part: Parameter, subject: Subject, text: string): Promise<Run[]> => {
  if (!/^[A-Za-z_]\w*$/.test(part.name)) {
    await shell.complain(
      shell.dialect.bash ? `$${part.name}: cannot assign in this way` : `${part.name}: bad variable name`,
    );
    throw new Abort(shell.dialect.bash ? 1 : 2, shell.dialect.bash);
  }
  try {
    if (subject.key !== undefined) shell.vars.setElement(part.name, subject.key, text);
    else shell.vars.set(part.name, text);
  } catch (error) {
    if (error instanceof VariableError) return variableError(shell, error);
    throw error;
  }
  return [plain(text, part.quoted)];
};

const each = (subject: Subject, change: (value: string) => string): Subject =>
  subject.list
    ? { ...subject, list: subject.list.map(change) }
    : { ...subject, value: subject.value === undefined ? undefined : change(subject.value) };

const transform = async (
  shell: Shell,
  subject: Subject,
  operation: NonNullable<ParameterOperation>,
): Promise<Subject> => {
  switch (operation.type) {
    case 'Remove': {
      const pattern = await patternOf(shell, operation.operand);
      return each(subject, (v) => remove(v, pattern, operation.operator, extended(shell)));
    }
    case 'Replace':
      return replace(shell, subject, operation);
    case 'Slice':
      return slice(shell, subject, operation);
    case 'CaseModification':
      return modifyCase(shell, subject, operation);
    case 'Transform':
      return transformValue(shell, subject, operation.operand.text);
    default:
      return toggleCase(subject, operation.type === 'Unknown');
  }
};

const extended = (shell: Shell): boolean => shell.dialect.bash && Boolean(shell.shopts.extglob);

const patternOf = async (shell: Shell, word: Word): Promise<PatternRun[]> => {
  const runs = await expandParts(shell, expandTilde(shell, wordParts(word, shell.dialect), false));
  return byBytes(shell) ? runs.map((r) => ({ ...r, text: toBytes(r.text) })) : runs;
};

const remove = (value: string, pattern: PatternRun[], operator: string, isExtended: boolean): string => {
  const matcher = patternRegExp(pattern, { extended: isExtended });
  const chars = [...value];
  const lengths = chars.map((_, i) => i + 1);
  const order = operator.length === 2 ? [...lengths.reverse(), 0] : [0, ...lengths];
  for (const n of order) {
    if (operator[0] === '#') {
      if (matcher.test(chars.slice(0, n).join(''))) return chars.slice(n).join('');
    } else if (matcher.test(chars.slice(chars.length - n).join(''))) return chars.slice(0, chars.length - n).join('');
  }
  return value;
};

const replace = async (shell: Shell, subject: Subject, operation: Operation<'Replace'>): Promise<Subject> => {
  const pattern = await patternOf(shell, operation.pattern);
  if (pattern.every((r) => r.text === '') && !/[#%]$/.test(operation.operator)) return subject;
  const with_ = await expandParts(shell, expandTilde(shell, wordParts(operation.replacement, shell.dialect), false));
  const { operator } = operation;
  // busybox knows no anchors: # and % are characters of the pattern.
  if (!shell.dialect.bash && /^\/[#%]$/.test(operator)) pattern.unshift({ text: operator[1]!, quoted: true });
  const source = patternSource(pattern, { extended: extended(shell) });
  const anchored = !shell.dialect.bash
    ? `(?:${source})`
    : operator === '/#'
      ? `^(?:${source})`
      : operator === '/%'
        ? `(?:${source})$`
        : `(?:${source})`;
  const regexp = new RegExp(anchored, operator === '//' ? 'gu' : 'u');
  const ampersand = shell.dialect.bash && shell.shopts.patsub_replacement;
  const fill = (found: string) =>
    with_
      .map((r) => (r.quoted || !ampersand ? r.text : r.text.replace(/\\?&|\\\\/g, (m) => (m === '&' ? found : m[1]!))))
      .join('');
  return each(subject, (v) => v.replace(regexp, (found) => (found === '' && operator === '//' ? found : fill(found))));
};

const slice = async (shell: Shell, subject: Subject, operation: Operation<'Slice'>): Promise<Subject> => {
  // busybox cuts $@ as one text.
  if (subject.list && !shell.dialect.bash) subject = { name: subject.name, value: subject.list.join(' ') };
  const from = Number(await expandArithmetic(shell, operation.offset.text));
  const count = operation.length ? Number(await expandArithmetic(shell, operation.length.text)) : undefined;
  const positional = subject.name === '@' || subject.name === '*';
  if (count !== undefined && count < 0 && subject.list) return negativeLength(shell, operation);
  if (subject.list && !positional) return { ...subject, list: sliceElements(shell, subject, from, count) };
  const items = subject.list ? [shell.name, ...subject.list] : [...(subject.value ?? '')];
  const start = from < 0 ? items.length + from : from;
  if (start < 0) return subject.list ? { ...subject, list: [] } : { ...subject, value: '' };
  const end = count === undefined ? items.length : count < 0 ? items.length + count : start + count;
  if (end < start && count !== undefined && shell.dialect.bash) return negativeLength(shell, operation);
  // busybox takes a length that reaches before the start for one that reaches the end.
  const cut = items.slice(start, end < start ? items.length : end);
  return subject.list ? { ...subject, list: cut } : { ...subject, value: cut.join('') };
};

const negativeLength = async (shell: Shell, operation: Operation<'Slice'>): Promise<never> => {
  await shell.complain(`${operation.length!.text}: substring expression < 0`);
  throw new Abort(1, true);
};

/** `${a[@]:from:count}`: from is an index, count a number of elements. */
const sliceElements = (shell: Shell, subject: Subject, from: number, count: number | undefined): string[] => {
  const value = shell.vars.lookup(subject.name.replace(/\[.*/s, ''))?.value;
  const list = subject.list!;
  if (!(value instanceof IndexedArray)) {
    const start = from < 0 ? list.length + from : Math.max(0, from - 1);
    return start < 0 ? [] : list.slice(start, count === undefined ? undefined : start + count);
  }
  const start = from < 0 ? value.next() + from : from;
  if (start < 0) return [];
  const chosen = value.sorted().filter((i) => i >= start);
  return chosen.slice(0, count).map((i) => value.items.get(i)!);
};

/** towupper and towlower give one character for one. */
const singleCase = (c: string, up: boolean): string => {
  const changed = up ? c.toUpperCase() : c.toLowerCase();
  return [...changed].length === [...c].length ? changed : c;
};

const modifyCase = async (
  shell: Shell,
  subject: Subject,
  operation: Operation<'CaseModification'>,
): Promise<Subject> => {
  const matcher = operation.operand ? patternRegExp(await patternOf(shell, operation.operand)) : undefined;
  const up = operation.operator[0] === '^';
  const change = (c: string) => (matcher && !matcher.test(c) ? c : singleCase(c, up));
  const all = operation.operator.length === 2;
  return each(subject, (v) => [...v].map((c, i) => (all || i === 0 ? change(c) : c)).join(''));
};

/** `${x~~}` and `${x~}`: the only operation that unbash does not know. */
const toggleCase = (subject: Subject, toggles: boolean): Subject => {
  if (!toggles) return subject;
  const toggle = (c: string) => (c === c.toUpperCase() ? c.toLowerCase() : c.toUpperCase());
  return each(subject, (v) => [...v].map((c, i) => (subject.all || i === 0 ? toggle(c) : c)).join(''));
};

const prompts = async (shell: Shell, subject: Subject): Promise<Subject> => {
  const render = async (v: string) => (await renderPrompt(shell, v)).replace(/[\x01\x02]/g, '');
  if (!subject.list)
    return { ...subject, value: subject.value === undefined ? undefined : await render(subject.value) };
  const list: string[] = [];
  for (const v of subject.list) list.push(await render(v));
  return { ...subject, list };
};

/** `${a[@]@K}`: keys and values as words; @k as words of their own. */
const keysAndValues = (shell: Shell, subject: Subject, letter: string): Subject => {
  const name = subject.name.replace(/\[.*/, '');
  const keys = keysOf(shell, name);
  if (!subject.list) return each(subject, quoteReusable);
  const pairs = subject.list.map((v, i) => [keys[i] ?? '', v] as const);
  if (letter === 'k') return { ...subject, list: pairs.flat() };
  return { name, value: pairs.map(([k, v]) => `${quoteKey(k)} ${quoteDeclare(v)}`).join(' ') };
};

const quoteKey = (key: string): string => (/^[\w@%+=:,./-]+$/.test(key) ? key : quoteDeclare(key));

const attributesOf = (shell: Shell, name: string): string => {
  const v = shell.vars.lookup(name.replace(/\[.*/, ''));
  return v ? attributeLetters(v).replace(/^-+/, '') : '';
};

/** `${x@A}`: a command that makes the variable what it is. */
const assignmentText = (shell: Shell, subject: Subject): Subject => {
  const name = subject.name.replace(/\[.*/, '');
  const letters = attributesOf(shell, name);
  const v = shell.vars.lookup(name);
  if (subject.list) return { name, value: v && name !== '@' && name !== '*' ? declaration(name, v).trimEnd() : '' };
  if (subject.value === undefined) return { name, value: v && letters ? `declare -${letters} ${name}` : '' };
  const text = `${name}=${quoteReusable(subject.value)}`;
  return { name, value: letters ? `declare -${letters} ${text}` : text };
};

const transformValue = async (shell: Shell, subject: Subject, letter: string): Promise<Subject> => {
  switch (letter) {
    case 'P':
      return prompts(shell, subject);
    case 'E':
      return each(subject, ansiUnescape);
    case 'K':
    case 'k':
      return keysAndValues(shell, subject, letter);
    case 'Q':
      return each(subject, quoteReusable);
    case 'U':
      return each(subject, (v) => v.toUpperCase());
    case 'L':
      return each(subject, (v) => v.toLowerCase());
    case 'u':
      return each(subject, (v) => v.slice(0, 1).toUpperCase() + v.slice(1));
    case 'A':
      return assignmentText(shell, subject);
    case 'a': {
      const letters = attributesOf(shell, subject.name);
      if (subject.list) return { ...subject, list: subject.list.map(() => letters) };
      return { name: subject.name, value: letters };
    }
    default:
      return subject;
  }
};
