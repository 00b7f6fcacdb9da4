/** `set` options: letter -> long name. */
export const optionLetters: Record<string, string> = {
  a: 'allexport',
  b: 'notify',
  C: 'noclobber',
  e: 'errexit',
  f: 'noglob',
  h: 'hashall',
  k: 'keyword',
  m: 'monitor',
  n: 'noexec',
  p: 'privileged',
  t: 'onecmd',
  u: 'nounset',
  v: 'verbose',
  x: 'xtrace',
  B: 'braceexpand',
  E: 'errtrace',
  H: 'histexpand',
  P: 'physical',
  T: 'functrace',
  I: 'ignoreeof',
  i: 'interactive',
  s: 'stdin',
  V: 'vi',
};

/** In the order in which `set -o` lists them. */
export const bashOptions = (
  'allexport braceexpand emacs errexit errtrace functrace hashall histexpand history ignoreeof interactive-comments ' +
  'keyword monitor noclobber noexec noglob nolog notify nounset onecmd physical pipefail posix privileged verbose vi xtrace'
).split(' ');
export const dashOptions =
  'errexit noglob ignoreeof interactive monitor noexec stdin xtrace verbose vi emacs noclobber allexport notify nounset nolog debug'.split(
    ' ',
  );
export const ashOptions =
  'errexit noglob ignoreeof interactive monitor noexec stdin xtrace verbose noclobber allexport notify nounset errtrace vi pipefail nolog debug'.split(
    ' ',
  );

/** `shopt` options with their defaults in a script. */
export const shoptDefaults: Record<string, boolean> = {
  autocd: false,
  assoc_expand_once: false,
  cdable_vars: false,
  cdspell: false,
  checkhash: false,
  checkjobs: false,
  checkwinsize: true,
  cmdhist: true,
  compat31: false,
  compat32: false,
  compat40: false,
  compat41: false,
  compat42: false,
  compat43: false,
  compat44: false,
  complete_fullquote: true,
  direxpand: false,
  dirspell: false,
  dotglob: false,
  execfail: false,
  expand_aliases: false,
  extdebug: false,
  extglob: false,
  extquote: true,
  failglob: false,
  force_fignore: true,
  globasciiranges: true,
  globskipdots: true,
  globstar: false,
  gnu_errfmt: false,
  histappend: false,
  histreedit: false,
  histverify: false,
  hostcomplete: true,
  huponexit: false,
  inherit_errexit: false,
  interactive_comments: true,
  lastpipe: false,
  lithist: false,
  localvar_inherit: false,
  localvar_unset: false,
  login_shell: false,
  mailwarn: false,
  no_empty_cmd_completion: false,
  nocaseglob: false,
  nocasematch: false,
  noexpand_translation: false,
  nullglob: false,
  patsub_replacement: true,
  progcomp: true,
  progcomp_alias: false,
  promptvars: true,
  restricted_shell: false,
  shift_verbose: false,
  sourcepath: true,
  varredir_close: false,
  xpg_echo: false,
};

/** All that bash's `shopt` knows, in the order of its table. */
export const shoptNames = Object.keys(shoptDefaults);
