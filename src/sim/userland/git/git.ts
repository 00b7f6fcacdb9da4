/** One run of git: what every subcommand has to work with. */

import type { Sys } from '../../kernel/sys.ts';
import type { Command } from '../core/command.ts';
import { colorOf } from './colors.ts';
import { formatPerson, identity } from './ident.ts';
import { Fatal } from './problem.ts';
import { checkOwner, discover, type Place, Repository } from './repository.ts';
import { Settings } from './settings.ts';

export class Git {
  readonly sys: Sys;
  private found: Place | undefined;
  private opened: Repository | undefined;
  private settings: Settings | undefined;
  private looked = false;

  constructor(
    readonly c: Command,
    readonly version: string,
    /** `-c NAME=VALUE`. */
    private readonly given: readonly (readonly [string, string | undefined])[] = [],
  ) {
    this.sys = c.sys;
  }

  out(text: string): void {
    this.c.out(text);
  }
  err(text: string): void {
    this.c.errorText(text);
  }
  warn(text: string): void {
    this.err(`warning: ${text}\n`);
  }
  hint(text: string): void {
    for (const line of text.split('\n')) this.err(`hint: ${line}\n`);
  }
  /** An error after which the command goes on; `status` is what it ends with. */
  error(text: string, status = 1): number {
    this.err(`error: ${text}\n`);
    return status;
  }

  get place(): Place | undefined {
    if (!this.looked) this.found = discover(this.sys);
    this.looked = true;
    return this.found;
  }

  get config(): Settings {
    const path = this.place && `${this.place.gitDir}/config`;
    this.settings ??= new Settings(this.sys, path, this.given);
    return this.settings;
  }

  /** Undefined outside of one. */
  get maybe(): Repository | undefined {
    const { place } = this;
    if (!place) return undefined;
    this.opened ??= this.open(place);
    return this.opened;
  }

  get repo(): Repository {
    if (this.maybe) return this.maybe;
    throw new Fatal('not a git repository (or any of the parent directories): .git');
  }

  open(place: Place): Repository {
    checkOwner(
      this.sys,
      place,
      this.config.all
        .filter(({ key, scope }) => key === 'safe.directory' && scope !== 'local')
        .map(({ value }) => value ?? ''),
    );
    const keeps = this.config.bool('core.logallrefupdates', !this.config.bool('core.bare', false));
    return new Repository(this.sys, place, { keeps, who: () => formatPerson(identity(this, 'committer', false)) });
  }

  /** After a configuration file was written. */
  reread(): void {
    this.settings = undefined;
  }

  /** After a repository was made or moved to. */
  reopen(): void {
    this.looked = false;
    this.opened = undefined;
    this.settings = undefined;
  }

  /** Text in the colour that a thing has by name, when colours are on. */
  paint(name: string, text: string, on = this.colored('ui')): string {
    const code = on && text !== '' ? colorOf(this, name) : '';
    return code ? `${code}${text}\x1b[m` : text;
  }

  /** Set while the pager reads what is printed. */
  paged = false;
  colorWish: boolean | undefined;

  colored(what: string): boolean {
    if (this.colorWish !== undefined) return this.colorWish;
    const wish = this.config.get(`color.${what}`) ?? this.config.get('color.ui') ?? 'auto';
    if (wish === 'always') return true;
    if (/^(never|false|no|off)$/.test(wish)) return false;
    return (this.paged || this.sys.isatty(1)) && this.sys.env.TERM !== 'dumb';
  }

  /** Runs a shell command line as git runs editors, aliases and pagers. */
  async shell(line: string, args: readonly string[], env: Record<string, string> = {}): Promise<number> {
    const plain = !/[|&;<>()$`\\"' \t\n*?[#~=%]/.test(line);
    const argv = plain ? [line, ...args] : ['sh', '-c', args.length ? `${line} "$@"` : line, line, ...args];
    return this.c.system(argv, { env: { ...this.sys.env, ...env } });
  }

  async drain(): Promise<void> {
    await this.c.drain();
  }
}
