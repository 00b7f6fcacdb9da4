import { isErrno } from '../../../../spec/index.ts';
import { encodeText } from '../../core/escaped-bytes.ts';
import { assignTo } from '../exec/assign.ts';
import type { Shell } from '../shell.ts';
import { type Builtin, invalidOption } from './builtin.ts';
import { unescapeText } from './escapes.ts';
import { formatPrintf } from './printf.ts';

/** The builtins that do not look whether what they printed was written. */
const unchecked = {
  bash: /^(alias|command|help|kill|ulimit)$/,
  dash: /^$/,
  ash: /^$/,
};

/** Writes a builtin's output; a failed write is the builtin's failure. */
export const output = async (shell: Shell, text: string): Promise<number> => {
  if (text === '') return 0;
  try {
    await shell.sys.write(1, encodeText(text));
    return 0;
  } catch (error) {
    if (!isErrno(error)) throw error;
    if (unchecked[shell.dialect.name].test(shell.running ?? '')) return 0;
    if (shell.dialect.bash) await shell.complain(`write error: ${error.message}`);
    else if (shell.dialect.name === 'dash') await shell.complain(`${shell.running ?? ''}: I/O error`);
    else await shell.write(2, `${shell.applet}: write error: ${error.message}\n`);
    return 1;
  }
};

/** bash and ash take -n -e -E; dash takes -n and always interprets escapes. */
export const echo: Builtin = (shell, args) => {
  let newline = true;
  let escapes = shell.dialect.name === 'dash' || Boolean(shell.shopts.xpg_echo);
  let i = 0;
  const options = shell.dialect.name === 'dash' ? /^-n$/ : /^-[neE]+$/;
  for (; i < args.length && options.test(args[i]!); i++) {
    if (args[i]!.includes('n')) newline = false;
    if (args[i]!.includes('e')) escapes = true;
    if (args[i]!.includes('E')) escapes = false;
    if (shell.dialect.name === 'dash') {
      i++;
      break;
    }
  }
  const text = args.slice(i).join(' ');
  if (!escapes) return output(shell, text + (newline ? '\n' : ''));
  const result = unescapeText(text, true, shell.dialect);
  return output(shell, result.text + (newline && !result.stop ? '\n' : ''));
};

export const printf: Builtin = async (shell, args) => {
  let variable: string | undefined;
  if (shell.dialect.bash && args[0] === '-v') {
    variable = args[1];
    args = args.slice(2);
  } else if (args[0] === '--') args = args.slice(1);
  else if (/^-./.test(args[0] ?? '') && shell.dialect.name !== 'ash')
    return invalidOption(shell, 'printf', args[0]![1]!, 'printf [-v var] format [arguments]');
  if (args.length === 0) {
    if (shell.dialect.bash) {
      await shell.write(2, 'printf: usage: printf [-v var] format [arguments]\n');
      return 2;
    }
    if (shell.dialect.name === 'ash') await shell.write(2, `${shell.applet}: usage: printf FORMAT [ARGUMENT...]\n`);
    else await shell.complain('usage: printf format [arg ...]');
    return 2;
  }
  const result = formatPrintf(shell, args[0]!, args.slice(1));
  for (const message of result.messages) await complainPrintf(shell, message);
  if (variable !== undefined) {
    const element = /^([A-Za-z_]\w*)\[(.+)\]$/.exec(variable);
    if (!element && !/^[A-Za-z_]\w*$/.test(variable)) {
      await shell.complain(`\`${variable}': not a valid identifier`);
      return 2;
    }
    await assignTo(shell, variable, result.text);
    return result.status;
  }
  return (await output(shell, result.text)) || result.status;
};

const complainPrintf = (shell: Shell, message: string): Promise<void> =>
  shell.dialect.name === 'ash' ? shell.write(2, `${shell.applet}: ${message}\n`) : shell.complain(message);
