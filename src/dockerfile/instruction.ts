import type { Healthcheck } from '../spec/index.ts';
import type { LineRange } from './error.ts';
import type { Heredoc, Pair } from './parse.ts';

interface Common {
  /** The keyword as typed ("run"). */
  typed: string;
  /** The instruction as the builders print it: continuations joined, heredoc bodies left out. */
  source: string;
  lines: LineRange;
  comments: string[];
}

/** `FROM [--platform=<platform>] <image> [AS <name>]` */
export interface From extends Common {
  keyword: 'FROM';
  image: string;
  /** Lower case. */
  name?: string;
  platform: string;
  /** The words as typed: image, "AS", name. */
  words: string[];
}

/** A command line: exec form, or shell form (one string, to be given to the shell). */
export interface CommandLine {
  args: string[];
  shellForm: boolean;
}

/** `RUN [flags] <command>` */
export interface Run extends Common, CommandLine {
  keyword: 'RUN';
  heredocs: Heredoc[];
  /** Values of --mount as typed; variables are expanded when it runs. */
  mounts: string[];
  network: string;
  security: string;
  /** `--device`, as written. */
  devices: string[];
  flags: string[];
}

/** `CMD <command>`, `ENTRYPOINT <command>` */
export interface Command extends Common, CommandLine {
  keyword: 'CMD' | 'ENTRYPOINT';
}

/** A source of COPY that stands in the Dockerfile itself. */
export interface InlineSource {
  name: string;
  content: string;
  expand: boolean;
}

/** `COPY [flags] <src>... <dest>`, `ADD [flags] <src>... <dest>` */
export interface Copy extends Common {
  keyword: 'COPY' | 'ADD';
  sources: string[];
  inline: InlineSource[];
  destination: string;
  from: string;
  chown: string;
  chmod: string;
  link: boolean;
  parents: boolean;
  exclude: string[];
  checksum: string;
  /** ADD --unpack; undefined: local archives are, remote ones are not. */
  unpack?: boolean;
}

/** `ENV <key>=<value> ...`, `LABEL <key>=<value> ...` */
export interface KeyValues extends Common {
  keyword: 'ENV' | 'LABEL';
  pairs: Pair[];
}

/** `ARG <name>[=<default>] ...` */
export interface Arg extends Common {
  keyword: 'ARG';
  args: { key: string; value?: string }[];
}

/** `EXPOSE <port>[/<protocol>] ...`, sorted. */
export interface Expose extends Common {
  keyword: 'EXPOSE';
  ports: string[];
}

/** `HEALTHCHECK [options] CMD command`, `HEALTHCHECK NONE` */
export interface HealthcheckInstruction extends Common {
  keyword: 'HEALTHCHECK';
  /** Test[1] is the command as typed in shell form. */
  health: Healthcheck & { StartInterval?: number };
}

/** `VOLUME <path>...` */
export interface Volume extends Common {
  keyword: 'VOLUME';
  volumes: string[];
}

/** `SHELL ["executable", "parameters"]` */
export interface Shell extends Common {
  keyword: 'SHELL';
  shell: string[];
}

/** `ONBUILD <instruction>` */
export interface Onbuild extends Common {
  keyword: 'ONBUILD';
  /** The instruction as it is kept in the image. */
  expression: string;
}

/** Instructions of one value: `WORKDIR <path>`, `USER <user>`, `STOPSIGNAL <signal>`, `MAINTAINER <name>` */
export interface Single extends Common {
  keyword: 'WORKDIR' | 'USER' | 'STOPSIGNAL' | 'MAINTAINER';
  value: string;
}

/** What may stand in a stage. */
export type Instruction =
  | Run
  | Command
  | Copy
  | KeyValues
  | Arg
  | Expose
  | HealthcheckInstruction
  | Volume
  | Shell
  | Onbuild
  | Single;

export type AnyInstruction = From | Instruction;
export type InstructionOf<K extends Instruction['keyword']> = Extract<Instruction, { keyword: K }>;
