/** getrlimit(2): names as in runtime-spec (RLIMIT_NOFILE); Infinity is RLIM_INFINITY. */
import type { Rlimit } from './sys.ts';

/** /proc/sys/fs/nr_open: no process may have more. */
export const maxOpenFiles = 1048576;

const both = (value: number): Rlimit => ({ soft: value, hard: value });

/** What Debian's init starts with on a machine of 2 GiB. */
export const defaultRlimits = (): Map<string, Rlimit> =>
  new Map<string, Rlimit>([
    ['RLIMIT_CPU', both(Infinity)],
    ['RLIMIT_FSIZE', both(Infinity)],
    ['RLIMIT_DATA', both(Infinity)],
    ['RLIMIT_STACK', { soft: 8 << 20, hard: Infinity }],
    ['RLIMIT_CORE', { soft: 0, hard: Infinity }],
    ['RLIMIT_RSS', both(Infinity)],
    ['RLIMIT_NPROC', both(7823)],
    ['RLIMIT_NOFILE', { soft: 1024, hard: maxOpenFiles }],
    ['RLIMIT_MEMLOCK', both(8 << 20)],
    ['RLIMIT_AS', both(Infinity)],
    ['RLIMIT_LOCKS', both(Infinity)],
    ['RLIMIT_SIGPENDING', both(7823)],
    ['RLIMIT_MSGQUEUE', both(819200)],
    ['RLIMIT_NICE', both(0)],
    ['RLIMIT_RTPRIO', both(0)],
    ['RLIMIT_RTTIME', both(Infinity)],
  ]);
