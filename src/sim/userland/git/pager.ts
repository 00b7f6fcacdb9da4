/** What is long goes through a pager when it is a person who reads it. */
import type { Git } from './git.ts';

const paged = new Set(['log', 'show', 'diff', 'reflog', 'shortlog', 'help', 'blame', 'grep']);
/** Only when they list. */
const sometimes: Readonly<Record<string, (args: readonly string[]) => boolean>> = {
  branch: (args) =>
    args.every((word) => word.startsWith('-')) &&
    !args.some((word) => /^(-[dDmMcCu]|--(delete|move|show-current|set-upstream|unset-upstream|edit))/.test(word)),
  tag: (args) => args.length === 0 || args.some((word) => /^(-l|--list|-n\d*)$/.test(word)),
  config: (args) => args.some((word) => /^(-l|--list|--get-regexp)$/.test(word)),
  stash: (args) => args[0] === 'list' || args[0] === 'show',
};

function pagerOf(git: Git): string | undefined {
  const { env } = git.sys;
  const chosen = env.GIT_PAGER ?? git.config.get('core.pager') ?? env.PAGER ?? 'less';
  return chosen === '' || chosen === 'cat' ? undefined : chosen;
}

export async function withPager(
  git: Git,
  name: string,
  args: readonly string[],
  wish: boolean | undefined,
  run: () => Promise<number>,
): Promise<number> {
  const own = git.config.get(`pager.${name}`);
  const usual = paged.has(name) || (sometimes[name]?.(args) ?? false);
  const wanted = wish ?? (own === undefined ? usual : own !== 'false');
  const pager = wanted && git.sys.isatty(1) ? pagerOf(git) : undefined;
  if (!pager) return run();
  const { sys } = git;
  const [read, write] = sys.pipe();
  const env = { ...sys.env, LESS: sys.env.LESS ?? 'FRX', LV: sys.env.LV ?? '-c' };
  let pid: number;
  try {
    // The simulated less does not read LESS: it is told by options.
    const flags = pager === 'less' && sys.env.LESS === undefined ? ['-FRX'] : [];
    const argv = /^[\w./-]+$/.test(pager) ? [pager, ...flags] : ['sh', '-c', pager];
    pid = await git.c.spawn(argv, { env, fds: new Map([[0, read]]), close: [read, write] });
  } catch {
    sys.close(read);
    sys.close(write);
    return run();
  }
  sys.close(read);
  git.paged = true;
  const out = sys.dup(1, 10);
  sys.dup2(write, 1);
  sys.close(write);
  try {
    const status = await run();
    await git.c.flush();
    return status;
  } finally {
    // The end of the pipe is what the pager waits for.
    sys.dup2(out, 1);
    sys.close(out);
    await sys.wait(pid);
  }
}
