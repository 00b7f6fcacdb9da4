import * as gzipping from './archive/gzip.ts';
import { tar } from './archive/tar.ts';
import { awk } from './awk/awk.ts';
import type { CommandSpec } from './core/command.ts';
import * as attributes from './files/attributes.ts';
import { cp } from './files/cp.ts';
import * as directories from './files/directories.ts';
import * as links from './files/links.ts';
import { ls } from './files/ls.ts';
import { mv } from './files/mv.ts';
import { rm } from './files/rm.ts';
import { find } from './find/find.ts';
import { xargs } from './find/xargs.ts';
import { curl } from './net/curl.ts';
import { wget } from './net/wget.ts';
import * as killing from './process/kill.ts';
import * as mounting from './process/mounts.ts';
import { ps } from './process/ps.ts';
import * as simple from './process/simple.ts';
import * as testing from './process/test.ts';
import * as wrappers from './process/wrappers.ts';
import { sed } from './sed/sed.ts';
import { script } from './terminal/script.ts';
import { stty } from './terminal/stty.ts';
import { tput } from './terminal/tput.ts';
import { cat } from './text/cat.ts';
import { cut } from './text/cut.ts';
import * as digests from './text/digests.ts';
import { echo } from './text/echo.ts';
import { egrep, fgrep, grep } from './text/grep.ts';
import { head } from './text/head.ts';
import { printf } from './text/printf.ts';
import { seq } from './text/seq.ts';
import { sort } from './text/sort.ts';
import { tail } from './text/tail.ts';
import { tee } from './text/tee.ts';
import { tr } from './text/tr.ts';
import { uniq } from './text/uniq.ts';
import { wc } from './text/wc.ts';

const isSpec = (value: unknown): value is CommandSpec => typeof value === 'object' && value !== null && 'run' in value;

/** Every command that there is, of both families. */
export const commands: readonly CommandSpec[] = [
  attributes,
  gzipping,
  directories,
  links,
  digests,
  killing,
  mounting,
  simple,
  testing,
  wrappers,
  {
    awk,
    cat,
    cp,
    curl,
    cut,
    echo,
    egrep,
    fgrep,
    find,
    grep,
    head,
    ls,
    mv,
    printf,
    ps,
    rm,
    sed,
    script,
    seq,
    sort,
    stty,
    tail,
    tar,
    tee,
    tput,
    tr,
    uniq,
    wc,
    wget,
    xargs,
  },
].flatMap((group) => Object.values(group).filter(isSpec));
