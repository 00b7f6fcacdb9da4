import { Abort } from '../control.ts';
import { bashOptions, shoptDefaults } from '../options.ts';
import { type Builtin, invalidOption } from './builtin.ts';
import { output } from './output.ts';
import { setOption } from './variables.ts';

const symbolic = (mask: number): string => {
  const part = (shift: number) => {
    const allowed = ~(mask >> shift) & 7;
    return `${allowed & 4 ? 'r' : ''}${allowed & 2 ? 'w' : ''}${allowed & 1 ? 'x' : ''}`;
  };
  return `u=${part(6)},g=${part(3)},o=${part(0)}`;
};

const shifts: Record<string, number> = { u: 6, g: 3, o: 0 };

/** `+rw`, `=u`, `-x` for some of user, group and others. */
const applyAction = (allowed: number, who: string, action: string): number => {
  const letters = action.slice(1);
  const copied = shifts[letters];
  const bits =
    copied !== undefined
      ? (allowed >> copied) & 7
      : (letters.includes('r') ? 4 : 0) |
        (letters.includes('w') ? 2 : 0) |
        (letters.includes('x') || (letters.includes('X') && allowed & 0o111) ? 1 : 0);
  let result = allowed;
  for (const one of who) {
    const shift = shifts[one]!;
    if (action[0] === '=') result &= ~(7 << shift);
    if (action[0] === '-') result &= ~(bits << shift);
    else result |= bits << shift;
  }
  return result;
};

/** The mask, or the character that makes no sense. */
const applySymbolic = (mask: number, text: string, bash: boolean): number | { operator: boolean; at: string } => {
  let allowed = ~mask & 0o777;
  let from = 0;
  for (const clause of text.split(',')) {
    const behind = text.slice(from);
    from += clause.length + 1;
    const match = (bash ? /^([ugoa]*)([-+=][rwx]*)$/ : /^([ugoa]*)((?:[-+=](?:[rwxXs]*|[ugo]))+)$/).exec(clause);
    if (!match || (bash && clause === '')) {
      const operator = !/^[ugoa]*[-+=]/.test(clause);
      return { operator, at: behind.replace(operator ? /^[ugoa]*/ : /^[ugoa]*[-+=][rwx]*/, '')[0] ?? '' };
    }
    const who = match[1] === '' || match[1]!.includes('a') ? 'ugo' : match[1]!;
    for (const action of match[2]!.match(/[-+=][^-+=]*/g)!) allowed = applyAction(allowed, who, action);
  }
  return ~allowed & 0o777;
};

const octalMask = (text: string): number | undefined => {
  const value = /^[0-7]+$/.test(text) ? Number.parseInt(text, 8) : Number.NaN;
  return value <= 0o7777 ? value & 0o777 : undefined;
};

export const umask: Builtin = async (shell, args) => {
  const mask = shell.sys.umask();
  if (args[0] === '-S' && args.length === 1) return output(shell, `${symbolic(mask)}\n`);
  if (args[0] === '-S') args = args.slice(1);
  if (args[0] === '-p' && !shell.dialect.bash) {
    await invalidOption(shell, 'umask', 'p', '');
    throw new Abort(2);
  }
  if (args[0] === '-p') return output(shell, `umask ${mask.toString(8).padStart(4, '0')}\n`);
  if (/^-[^-]/.test(args[0] ?? '')) return invalidOption(shell, 'umask', args[0]![1]!, 'umask [-p] [-S] [mode]');
  if (args.length === 0) return output(shell, `${mask.toString(8).padStart(4, '0')}\n`);
  const text = args[0]!;
  const octal = /^\d/.test(text);
  const value = octal ? octalMask(text) : applySymbolic(mask, text, shell.dialect.bash);
  if (text === '' && shell.dialect.name === 'dash') return 0;
  if (typeof value !== 'number') {
    if (shell.dialect.name === 'dash') return shell.fatal(octal ? `Illegal number: ${text}` : `Illegal mode: ${text}`);
    if (!shell.dialect.bash) return shell.fatal(`illegal mode: ${text}`);
    const what = value?.operator ? 'operator' : 'character';
    await shell.complain(
      value === undefined ? `${text}: octal number out of range` : `\`${value.at}': invalid symbolic mode ${what}`,
    );
    return 1;
  }
  shell.sys.umask(value);
  return 0;
};

const clock = (ms: number, digits: number): string =>
  `${Math.floor(ms / 60_000)}m${((ms % 60_000) / 1000).toFixed(digits)}s`;

export const times: Builtin = (shell) => {
  const t = shell.sys.times();
  const d = shell.dialect.bash ? 3 : 6;
  return output(
    shell,
    `${clock(t.userMs, d)} ${clock(t.systemMs, d)}\n${clock(t.childrenUserMs, d)} ${clock(t.childrenSystemMs, d)}\n`,
  );
};

export const shopt: Builtin = async (shell, args) => {
  let flags = '';
  let i = 0;
  for (; i < args.length && args[i]![0] === '-'; i++) flags += args[i]!.slice(1);
  const bad = [...flags].find((c) => !'psuqo'.includes(c));
  if (bad !== undefined) return invalidOption(shell, 'shopt', bad, 'shopt [-pqsu] [-o] [optname ...]');
  const names = args.slice(i);
  const isSet = flags.includes('o');
  const get = (n: string) => (isSet ? shell.has(n) : Boolean(shell.shopts[n]));
  const show = (n: string) =>
    isSet && flags.includes('p')
      ? `set ${get(n) ? '-' : '+'}o ${n}\n`
      : flags.includes('p')
        ? `shopt ${get(n) ? '-s' : '-u'} ${n}\n`
        : `${n.padEnd(15)}\t${get(n) ? 'on' : 'off'}\n`;
  if (names.length === 0) {
    const wanted = (isSet ? [...bashOptions] : Object.keys(shoptDefaults))
      .sort()
      .filter((n) => (flags.includes('s') ? get(n) : flags.includes('u') ? !get(n) : true));
    return output(shell, wanted.map(show).join(''));
  }
  let status = 0;
  for (const name of names) {
    if (isSet ? !bashOptions.includes(name) : !(name in shoptDefaults)) {
      await shell.complain(`${name}: invalid ${isSet ? '' : 'shell '}option name`);
      status = 1;
    } else if (/[su]/.test(flags)) {
      if (isSet) setOption(shell, name, flags.includes('s'));
      else shell.shopts[name] = flags.includes('s');
    } else {
      if (!flags.includes('q')) await output(shell, show(name));
      if (!get(name)) status = 1;
    }
  }
  return status;
};
