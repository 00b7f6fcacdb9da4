import { isErrno } from '../../../spec/index.ts';
import type { Sys } from '../../kernel/sys.ts';
import type { Builtin } from './builtins/builtin.ts';
import { Completions } from './completions.ts';
import { Abort } from './control.ts';
import type { Dialect } from './dialect.ts';
import { Keymaps } from './editor/keymaps.ts';
import { HistoryList } from './history/list.ts';
import { Jobs } from './jobs.ts';
import { optionLetters, shoptDefaults } from './options.ts';
import { type Assignment, Chunk, type CommandNode, type FunctionNode } from './syntax/grammar.ts';
import { inHashOrder, Variables } from './variables.ts';

export interface ShellFunction {
  node: FunctionNode;
  chunk: Chunk;
  /** declare -fx: children that are bash know it. */
  exported?: boolean;
  readonly?: boolean;
}

export interface Frame {
  name: string;
  /** The file the function is from. */
  source: string;
  callLine: number;
  /** A RETURN trap was set in this very call. */
  returnTrap?: boolean;
  /** What `local -` saved. */
  options?: Set<string>;
}

/** Everything a shell knows; a subshell works on a clone of it. */
export class Shell {
  vars = new Variables();
  functions = new Map<string, ShellFunction>();
  aliases = new Map<string, string>();
  options = new Set<string>();
  shopts: Record<string, boolean> = { ...shoptDefaults };
  /** $0. */
  name = 'sh';
  /** $1 ... */
  args: string[] = [];
  status = 0;
  /** $$: of the first shell, in subshells too. */
  rootPid: number;
  lastBackground: number | undefined;
  lastArgument = '';
  pipeStatus: string[] = [];
  /** Signal name (EXIT, INT, ERR ...) -> command; '' ignores. */
  traps = new Map<string, string>();
  /** The parent's, which `trap` in a subshell shows until one is set. */
  inheritedTraps: Map<string, string> | undefined;
  /** Signals that were ignored when the shell started: they cannot be trapped. */
  pendingSignals: string[] = [];
  jobs = new Jobs();
  hash = new Map<string, { path: string; hits: number }>();
  directories: string[] = [];
  interactive = false;
  login = false;
  /** 'command' for -c. */
  origin: 'command' | 'file' | 'stdin' = 'stdin';
  /** A script or sourced file that is being read; the name ash prints. */
  scriptName: string | undefined;
  chunk = new Chunk('', 1);
  line = 1;
  frames: Frame[] = [];
  sourceDepth = 0;
  loopDepth = 0;
  /** How many enclosing contexts exempt from set -e (conditions of if, while, && and !). */
  unchecked = 0;
  subshellDepth = 0;
  /** Descriptors that the shell keeps to itself (saved ones, the script, the tty). */
  privateFds = new Set<number>();
  history = new HistoryList();
  builtins: ReadonlyMap<string, Builtin>;
  /** Commands read so far: `\#` of the prompt. */
  commandNumber = 1;
  /** Builtins that `enable -n` switched off. */
  disabled = new Set<string>();
  completions = new Completions();
  keymaps = new Keymaps();
  getoptsOffset = 0;
  /** The traps whose commands run now: none runs inside itself. */
  trapsRunning = new Set<string>();
  /** $? when the trap that runs began: what dash and ash leave it with. */
  trapStatus: number | undefined;
  /** Signals that a job in the background, without job control, was started to ignore. */
  deaf: ReadonlySet<string> = new Set();
  /** `set --` begins getopts anew (dash, ash). */
  getoptsAgain = false;
  interrupted = false;
  /** This background child belongs to a shell with job control. */
  jobControl = false;
  /** Levels of $( ) and of eval: bash repeats the first character of PS4. */
  substitutionDepth = 0;
  /** Printed once before the first prompt. */
  greeting = '';
  /** Arguments of declare and its like that are `name=(...)`: index among the arguments -> the tree. */
  arrayArguments = new Map<number, Assignment>();
  /** BASH_COMMAND: its tree, and the text that belongs to it. */
  currentNode: CommandNode | undefined;
  currentChunk = new Chunk('', 1);
  /** Status of the command substitution that ran last in this command: an assignment alone takes it. */
  substituted: number | undefined;
  /** The next simple command is the last thing this process does: it may replace the shell by exec. */
  tail = false;
  /** Descriptors behind the /dev/fd paths of process substitutions. */
  processFds: number[] = [];
  /** The controlling terminal's descriptor, when there is job control. */
  terminal: number | undefined;
  /** The name of the builtin that runs, for messages. */
  running: string | undefined;

  constructor(
    public sys: Sys,
    readonly dialect: Dialect,
    builtins: ReadonlyMap<string, Builtin>,
  ) {
    this.rootPid = sys.pid;
    this.builtins = builtins;
  }

  /** The state that a forked child starts with. Traps are reset, except those that ignore. */
  clone(sys: Sys): Shell {
    const copy = Object.assign(new Shell(sys, this.dialect, this.builtins), this);
    copy.sys = sys;
    copy.vars = this.vars.clone();
    copy.functions = new Map(this.functions);
    copy.aliases = new Map(this.aliases);
    copy.options = new Set(this.options);
    copy.shopts = { ...this.shopts };
    copy.args = [...this.args];
    copy.traps = new Map([...this.traps].filter(([name, action]) => action === '' || this.inherits(name)));
    copy.trapsRunning = new Set(this.trapsRunning);
    if (this.dialect.bash) copy.inheritedTraps = new Map([...(this.inheritedTraps ?? []), ...this.traps]);
    copy.pendingSignals = [];
    copy.jobs = this.jobs.forked();
    copy.hash = new Map(this.hash);
    copy.directories = [...this.directories];
    copy.frames = [...this.frames];
    copy.disabled = new Set(this.disabled);
    copy.privateFds = new Set(this.privateFds);
    copy.history = this.history.copy();
    copy.subshellDepth = this.subshellDepth + 1;
    if (this.dialect.bash) copy.loopDepth = 0;
    copy.interactive = false;
    copy.options.delete('monitor');
    copy.interrupted = false;
    copy.processFds = [...this.processFds];
    copy.tail = false;
    copy.terminal = undefined;
    return copy;
  }

  /** set -E and -T: subshells keep these traps. */
  private inherits(trap: string): boolean {
    if (!this.dialect.bash) return false;
    if (trap === 'ERR') return this.has('errtrace');
    return (trap === 'DEBUG' || trap === 'RETURN') && this.has('functrace');
  }

  has(option: string): boolean {
    return this.options.has(option);
  }

  /** $- */
  optionString(): string {
    const order = this.dialect.bash ? 'abefhkmnpstuvxBCEHPTi' : 'efIimnsxvVECabu';
    let letters = [...order].filter((l) => l !== 'i' && this.has(optionLetters[l] ?? '')).join('');
    if (this.interactive) letters = this.dialect.bash ? letters.replace(/^([a-h]*)/, '$1i') : `${letters}i`;
    if (this.origin === 'command' && this.dialect.bash) letters += 'c';
    if (this.origin === 'command' && this.dialect.name === 'ash') letters = `c${letters}`;
    if (this.origin === 'stdin') letters += 's';
    return letters;
  }

  /** The beginning of every message on stderr. */
  prefix(builtin: string | undefined = this.running): string {
    const command = !builtin ? '' : `${builtin}: `;
    if (this.dialect.name === 'dash') return `${this.name}: ${this.line}: ${command}`;
    if (this.dialect.name === 'ash') return this.ashPrefix(builtin);
    if (this.interactive && this.sourceDepth === 0 && this.frames.length === 0)
      return `${this.mainProgram}: ${command}`;
    return `${this.chunk.name ?? this.mainName}: line ${this.line}: ${command}`;
  }

  /** What busybox calls itself. */
  get applet(): string {
    const [first, second] = this.sys.argv;
    const name = (first ?? 'sh').replace(/^.*\//, '').replace(/^-/, '');
    return name === 'busybox' ? (second ?? 'sh') : name;
  }

  /** The shell's own program, in messages before any script. */
  get mainProgram(): string {
    return this.name.replace(/^.*\//, '');
  }

  /** What bash calls the file of a function that came from no file. */
  private get mainName(): string {
    if (this.frames.length === 0 || this.origin === 'file') return this.name;
    return this.origin === 'command' ? 'environment' : 'main';
  }

  /** busybox counts the lines of -c from 0. */
  get ashLine(): number {
    return this.origin === 'command' && this.sourceDepth === 0 ? this.line - 1 : this.line;
  }

  private ashPrefix(builtin: string | undefined): string {
    const command = builtin || this.scriptName;
    const name = command !== undefined && command !== this.name ? `${command}: ` : '';
    const numbered = command !== undefined && (!this.interactive || this.sourceDepth > 0);
    return `${this.name}: ${name}${numbered ? `line ${this.ashLine}: ` : ''}`;
  }

  async complain(text: string, builtin?: string): Promise<void> {
    await this.write(2, `${this.prefix(builtin)}${text}\n`);
  }

  /** A message after which a script ends. */
  async fatal(text: string, status = this.dialect.bash ? 1 : 2): Promise<never> {
    await this.complain(text);
    throw new Abort(status);
  }

  /** Messages: one that cannot be written is lost. */
  async write(fd: number, text: string | Uint8Array): Promise<void> {
    try {
      await this.sys.write(fd, text);
    } catch (error) {
      if (!isErrno(error)) throw error;
    }
  }

  environment(): Record<string, string> {
    const env = this.vars.environment();
    return this.dialect.bash ? env : inHashOrder(env);
  }
}
