import type { Program } from '../../kernel/program.ts';
import type { Sys } from '../../kernel/sys.ts';
import { ashDialect, bashDialect, type Dialect, dashDialect } from './dialect.ts';

const start = async (_sys: Sys, _dialect: Dialect): Promise<number> => {
  throw new Error('not yet');
};

/** GNU bash 5.2. Invoked as `sh` or -sh it reads no bashrc. */
export const bash: Program = (sys) => start(sys, bashDialect);
/** dash 0.5.12, Debian's /bin/sh. */
export const dash: Program = (sys) => start(sys, dashDialect);
/** The shell of busybox 1.35; `busybox sh` and `busybox ash` start it. */
export const ash: Program = (sys) => start(sys, ashDialect);
