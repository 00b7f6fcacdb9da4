import { type Errno, isErrno } from '../../../../spec/index.ts';
import { Abort } from '../control.ts';
import { type ArithmeticFault, arithmeticText } from '../expand/arithmetic.ts';
import type { Shell } from '../shell.ts';
import type { VariableError } from '../variables.ts';

/** bash drops the command line it was reading; the others end. */
export const arithmeticError = async (shell: Shell, fault: ArithmeticFault): Promise<never> => {
  if (fault.reason === 'unset') {
    await shell.complain(`${fault.expression}: ${shell.dialect.bash ? 'unbound variable' : 'parameter not set'}`, '');
    throw new Abort(shell.dialect.bash ? (shell.subshellDepth > 0 || shell.origin !== 'command' ? 1 : 127) : 2);
  }
  await shell.complain(arithmeticText(fault, shell.dialect));
  throw new Abort(shell.dialect.bash ? 1 : 2, shell.dialect.bash);
};

/** `a: readonly variable`: ends a script, drops the line in bash. */
export const variableError = async (shell: Shell, error: VariableError): Promise<never> => {
  if (error.reason === 'circular') await shell.complain(`warning: ${error.variable}: circular name reference`);
  else if (error.reason === 'subscript') await shell.complain(`${error.variable}: bad array subscript`);
  else await shell.complain(`${error.variable}: ${shell.dialect.bash ? 'readonly variable' : 'is read only'}`);
  throw new Abort(shell.dialect.bash ? 1 : 2, shell.dialect.bash);
};

/** dash and ash keep their own words for why a redirection's file cannot be had. */
const almquistReason = (error: Errno, writing: boolean, ash: boolean): string => {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') {
    if (ash) return writing ? 'nonexistent directory' : 'no such file';
    return writing ? 'Directory nonexistent' : 'No such file';
  }
  return error.message;
};

export const redirectionText = (shell: Shell, error: Errno, target: string, writing: boolean): string => {
  if (shell.dialect.bash) return `${target}: ${error.message}`;
  const reason = almquistReason(error, writing, shell.dialect.name === 'ash');
  if (shell.dialect.name === 'ash') return `can't ${writing ? 'create' : 'open'} ${target}: ${reason}`;
  return `cannot ${writing ? 'create' : 'open'} ${target}: ${reason}`;
};

export { isErrno };
