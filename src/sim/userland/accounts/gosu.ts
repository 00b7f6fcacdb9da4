/** gosu(1) and su-exec(8): becomes a user, then the program: `gosu USER[:GROUP] PROGRAM [ARGUMENT...]`. */
import { isErrno } from '../../../spec/index.ts';
import type { Program } from '../../kernel/program.ts';
import { findGroup, findUser, groupsOf } from '../core/accounts.ts';
import { baseName } from '../core/command.ts';
import { findProgram } from '../core/find-program.ts';

export const gosu: Program = async (sys) => {
  const name = baseName(sys.argv[0] ?? 'gosu');
  const [spec = '', ...command] = sys.argv.slice(1);
  if (command.length === 0) {
    await sys.write(2, `Usage: ${name} user-spec command [args]\n`);
    return 1;
  }
  const [userName = '', groupName] = spec.split(':');
  const user = findUser(sys, userName);
  const group = groupName === undefined ? undefined : findGroup(sys, groupName);
  if (!user || (groupName !== undefined && !group)) {
    await sys.write(
      2,
      `error: failed switching to "${spec}": unable to find ${user ? 'group' : 'user'} ${user ? groupName : userName}: no matching entries in ${user ? 'group' : 'passwd'} file\n`,
    );
    return 1;
  }
  const gid = group?.gid ?? user.gid;
  try {
    sys.setgroups(group ? [gid] : groupsOf(sys, user));
    sys.setgid(gid);
    sys.setuid(user.uid);
    sys.env.HOME = user.home;
    return await sys.exec(findProgram(sys, command[0]!), command);
  } catch (error) {
    if (!isErrno(error)) throw error;
    const text =
      error.code === 'ENOENT'
        ? `exec: "${command[0]}": executable file not found in $PATH`
        : `failed switching to "${spec}": ${error.message.toLowerCase()}`;
    await sys.write(2, `error: ${text}\n`);
    return 1;
  }
};
