/** setpriv(1): a program with other ids, fewer capabilities, no new privileges. */
import { isErrno } from '../../../spec/index.ts';
import type { Command, CommandSpec } from '../core/command.ts';
import { quoteShell } from '../core/quote.ts';

export const setpriv: CommandSpec = {
  name: 'setpriv',
  suite: 'util-linux',
  usageStatus: 127,
  async run(c) {
    const o = c.options({
      gnu: 'd,dump nnp,no-new-privs no-new-privs ruid= euid= rgid= egid= reuid= regid= clear-groups keep-groups init-groups groups= inh-caps= ambient-caps= bounding-set= reset-env list-caps securebits= pdeathsig= selinux-label= apparmor-profile= ptracer=',
      stopAtOperand: true,
    });
    for (const name of [
      'dump',
      'list-caps',
      'securebits',
      'pdeathsig',
      'selinux-label',
      'apparmor-profile',
      'ruid',
      'euid',
      'rgid',
      'egid',
      'init-groups',
      'reset-env',
      'ptracer',
    ])
      if (o.has(name)) c.fail(`drydock: setpriv --${name} is not simulated`, 127);
    // No process here inherits capabilities but root's own: to drop what nobody has is to do nothing.
    for (const name of ['inh-caps', 'ambient-caps'])
      if (o.value(name)?.includes('+')) c.fail(`drydock: setpriv --${name} is not simulated`, 127);
    if (o.operands.length === 0) c.fail('No program specified', 127);
    const groups = o.has('clear-groups') ? [] : o.value('groups')?.split(',').map(Number);
    if (o.has('regid') && !groups && !o.has('keep-groups'))
      c.fail('--[re]gid requires --keep-groups, --clear-groups, --init-groups, or --groups', 127);
    if (o.has('no-new-privs')) c.sys.setNoNewPrivileges();
    attempt(c, 'setgroups failed', () => groups && c.sys.setgroups(groups));
    attempt(c, 'cap_apply failed', () => c.sys.dropBounding(dropped(o.value('bounding-set') ?? '')));
    attempt(c, 'setresgid failed', () => o.has('regid') && c.sys.setgid(Number(o.value('regid'))));
    attempt(c, 'setresuid failed', () => o.has('reuid') && c.sys.setuid(Number(o.value('reuid'))));
    try {
      return await c.exec(o.operands);
    } catch (error) {
      if (!isErrno(error)) throw error;
      return c.fail(`failed to execute ${quoteShell(o.operands[0]!).replace(/^'|'$/g, '')}: ${error.message}`, 127);
    }
  },
};

function attempt(c: Command, what: string, step: () => unknown): void {
  try {
    step();
  } catch (error) {
    if (!isErrno(error)) throw error;
    c.fail(`${what}: ${error.message}`, 127);
  }
}

/** "-all", "-net_raw,-chown": their names, or undefined for all. */
function dropped(text: string): readonly string[] | 'all' {
  const words = text.split(',').filter((word) => word.startsWith('-'));
  return words.includes('-all') ? 'all' : words.map((word) => `CAP_${word.slice(1).toUpperCase()}`);
}
