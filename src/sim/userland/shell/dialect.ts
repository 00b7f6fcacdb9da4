/**
 * The three personalities of the one interpreter. Features are those of bash 5.2, dash 0.5.12 and busybox 1.37 ash as
 * Debian builds them; texts that differ are chosen by `name` where they are printed.
 */
export interface Dialect {
  readonly name: 'bash' | 'dash' | 'ash';
  /** Arrays, brace expansion, `(( ))`, `for ((`, `select`, `time`, `coproc`, `|&`, `<<<`, `;&`, nameref, `{fd}>`. */
  readonly bash: boolean;
  /** What ash took over from bash: `[[`, `$'..'`, `${x:o:l}`, `${x/a/b}`, `function f`, `&>`, `<( )`, `source`, `let`. */
  readonly extended: boolean;
}

export const bashDialect: Dialect = { name: 'bash', bash: true, extended: true };
export const dashDialect: Dialect = { name: 'dash', bash: false, extended: false };
export const ashDialect: Dialect = { name: 'ash', bash: false, extended: true };
