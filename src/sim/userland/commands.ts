import * as adding from './accounts/adduser.ts';
import * as passwords from './accounts/password.ts';
import * as switching from './accounts/su.ts';
import * as shadow from './accounts/useradd.ts';
import * as gzipping from './archive/gzip.ts';
import { tar } from './archive/tar.ts';
import { awk } from './awk/awk.ts';
import { cmp } from './compare/cmp.ts';
import { diff } from './compare/diff.ts';
import { patch } from './compare/patch.ts';
import type { CommandSpec } from './core/command.ts';
import * as hexdumping from './dump/hexdump.ts';
import { od } from './dump/od.ts';
import { xxd } from './dump/xxd.ts';
import * as attributes from './files/attributes.ts';
import { cp } from './files/cp.ts';
import { dd } from './files/dd.ts';
import * as directories from './files/directories.ts';
import { du } from './files/du.ts';
import { fallocate } from './files/fallocate.ts';
import { file } from './files/file.ts';
import { install } from './files/install.ts';
import * as links from './files/links.ts';
import * as listing from './files/ls.ts';
import { mv } from './files/mv.ts';
import * as nodes from './files/nodes.ts';
import { rm } from './files/rm.ts';
import { stat } from './files/stat.ts';
import { tree } from './files/tree.ts';
import { find } from './find/find.ts';
import { xargs } from './find/xargs.ts';
import * as roots from './namespaces/roots.ts';
import { setpriv } from './namespaces/setpriv.ts';
import * as unsharing from './namespaces/unshare.ts';
import { curl } from './net/curl.ts';
import { httpd } from './net/httpd.ts';
import { ip } from './net/ip.ts';
import { iptables } from './net/iptables.ts';
import * as naming from './net/names.ts';
import * as netTools from './net/net-tools.ts';
import * as netcats from './net/netcat.ts';
import { ping } from './net/ping.ts';
import { ss } from './net/ss.ts';
import { wget } from './net/wget.ts';
import { cal } from './process/cal.ts';
import { expr } from './process/expr.ts';
import * as options from './process/getopt.ts';
import * as killing from './process/kill.ts';
import * as mounting from './process/mounts.ts';
import { ps } from './process/ps.ts';
import * as settings from './process/settings.ts';
import * as simple from './process/simple.ts';
import * as system from './process/system.ts';
import * as testing from './process/test.ts';
import * as wrappers from './process/wrappers.ts';
import { sed } from './sed/sed.ts';
import * as machineDevices from './status/devices.ts';
import * as machineState from './status/memory.ts';
import { top } from './status/top.ts';
import { script } from './terminal/script.ts';
import { stty } from './terminal/stty.ts';
import { tput } from './terminal/tput.ts';
import { cat } from './text/cat.ts';
import * as checksums from './text/checksums.ts';
import { cut } from './text/cut.ts';
import * as digests from './text/digests.ts';
import { echo } from './text/echo.ts';
import * as encodings from './text/encodings.ts';
import { egrep, fgrep, grep } from './text/grep.ts';
import { head } from './text/head.ts';
import * as layout from './text/layout.ts';
import { nl } from './text/nl.ts';
import * as numbers from './text/numbers.ts';
import { openssl } from './text/openssl.ts';
import * as pagers from './text/pager.ts';
import { paste } from './text/paste.ts';
import { printf } from './text/printf.ts';
import * as reversing from './text/reverse.ts';
import { seq } from './text/seq.ts';
import { sort } from './text/sort.ts';
import * as sorted from './text/sorted.ts';
import * as splitting from './text/split.ts';
import { strings } from './text/strings.ts';
import * as tabs from './text/tabs.ts';
import { tail } from './text/tail.ts';
import { tee } from './text/tee.ts';
import { tr } from './text/tr.ts';
import { uniq } from './text/uniq.ts';
import { wc } from './text/wc.ts';

const isSpec = (value: unknown): value is CommandSpec => typeof value === 'object' && value !== null && 'run' in value;

/** Every command that there is, of both families. */
export const commands: readonly CommandSpec[] = [
  adding,
  passwords,
  naming,
  roots,
  unsharing,
  machineState,
  machineDevices,
  netTools,
  netcats,
  switching,
  shadow,
  attributes,
  gzipping,
  directories,
  links,
  digests,
  encodings,
  listing,
  options,
  settings,
  killing,
  mounting,
  simple,
  checksums,
  hexdumping,
  layout,
  nodes,
  numbers,
  pagers,
  reversing,
  sorted,
  splitting,
  system,
  tabs,
  testing,
  wrappers,
  {
    awk,
    cal,
    cat,
    cmp,
    cp,
    curl,
    cut,
    dd,
    diff,
    du,
    echo,
    egrep,
    expr,
    fallocate,
    fgrep,
    file,
    find,
    grep,
    head,
    install,
    ip,
    httpd,
    iptables,
    mv,
    nl,
    od,
    openssl,
    paste,
    patch,
    printf,
    ping,
    ps,
    rm,
    sed,
    script,
    seq,
    setpriv,
    sort,
    ss,
    stat,
    strings,
    stty,
    tail,
    tar,
    tee,
    tput,
    top,
    tr,
    tree,
    uniq,
    wc,
    wget,
    xargs,
    xxd,
  },
].flatMap((group) => Object.values(group).filter(isSpec));
