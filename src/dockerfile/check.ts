import { cleanPath, goQuote } from '../spec/index.ts';
import { experimentalRules, type RuleName, ruleDescriptions, ruleUrl } from './check-rules.ts';
import { DockerfileError, type LineRange } from './error.ts';
import type { From, Instruction } from './instruction.ts';
import type { Dockerfile, Stage } from './stages.ts';
import { closest } from './suggest.ts';
import { expandWord } from './word.ts';

/** One finding of `docker build --check`. */
export interface CheckWarning {
  rule: RuleName;
  description: string;
  url: string;
  detail: string;
  lines: LineRange;
}

export interface CheckOptions {
  /** Values of --build-arg. */
  buildArgs?: Readonly<Record<string, string>>;
  /** Whether `.dockerignore` leaves a path out. */
  excluded?(path: string): boolean;
  /** Names of variables that a base image's config sets. */
  baseEnv?(image: string): readonly string[];
}

/** All findings, by line. What `# check=skip=…` names is left out. Never throws. */
export function checkDockerfile(file: Dockerfile, options: CheckOptions = {}): CheckWarning[] {
  const check = new Check(file, options);
  const wanted = selection(checkFields(file));
  return check
    .run()
    .filter(({ rule }) => wanted(rule))
    .map((found) => ({ ...found, description: ruleDescriptions[found.rule], url: ruleUrl(found.rule) }))
    .sort((a, b) => a.lines.start - b.lines.start);
}

/** Whether `# check=error=true` makes findings fail the build. */
export const checkIsError = (file: Dockerfile): boolean => /^(1|t|true)$/i.test(checkFields(file).get('error') ?? '');

/** `# check=skip=A,B;experimental=all;error=true` by key. */
function checkFields(file: Dockerfile): Map<string, string> {
  const text = file.file.directives.find(({ name }) => name === 'check')?.value ?? '';
  return new Map(text.split(';').map((field) => [field.split('=')[0]!.trim(), (field.split('=')[1] ?? '').trim()]));
}

function selection(fields: Map<string, string>): (rule: RuleName) => boolean {
  const names = (key: string) => (fields.get(key) ?? '').split(',').map((name) => name.trim());
  const [skip, experimental] = [names('skip'), names('experimental')];
  return (rule) =>
    experimentalRules.includes(rule)
      ? experimental.includes('all') || experimental.includes(rule)
      : !skip.includes('all') && !skip.includes(rule);
}

const predefined = [
  ...['BUILDPLATFORM', 'BUILDOS', 'BUILDOSVERSION', 'BUILDARCH', 'BUILDVARIANT'],
  ...['TARGETPLATFORM', 'TARGETOS', 'TARGETOSVERSION', 'TARGETARCH', 'TARGETVARIANT', 'TARGETSTAGE'],
];
const proxies = ['ALL_PROXY', 'FTP_PROXY', 'HTTPS_PROXY', 'HTTP_PROXY', 'NO_PROXY'].flatMap((name) => [
  name,
  name.toLowerCase(),
]);
const secret = /(?:_|^)(?:apikey|auth|credentials?|key|password|pword|passwd|secret|token)(?:_|$)/i;
const harmless = /(?:_|^)(?:public|file|version)(?:_|$)/i;

interface Found {
  rule: RuleName;
  detail: string;
  lines: LineRange;
}

class Check {
  private readonly found: Found[] = [];
  constructor(
    private readonly file: Dockerfile,
    private readonly options: CheckOptions,
  ) {}

  private add(rule: RuleName, lines: LineRange, detail: string): void {
    this.found.push({ rule, lines, detail });
  }

  run(): Found[] {
    for (const { line } of this.file.file.emptyContinuations) {
      this.add('NoEmptyContinuation', { start: line, end: line }, 'Empty continuation line');
    }
    this.casing();
    this.globalArgs();
    const variables = new Map<string, string[]>();
    for (const stage of this.file.stages) {
      this.from(stage);
      variables.set(stage.name ?? '', this.stage(stage, variables));
    }
    return this.found;
  }

  private casing(): void {
    const all = this.file.stages.flatMap((stage) => [stage.from, ...stage.instructions]);
    const lower = all.filter(({ typed }) => typed === typed.toLowerCase()).length;
    const upper = all.filter(({ typed }) => typed === typed.toUpperCase()).length;
    const [fold, name] =
      lower > upper ? [(t: string) => t.toLowerCase(), 'lowercase'] : [(t: string) => t.toUpperCase(), 'uppercase'];
    for (const { typed, lines } of all) {
      if (typed === fold(typed)) continue;
      this.add(
        'ConsistentInstructionCasing',
        lines,
        `Command '${typed}' should match the case of the command majority (${name})`,
      );
    }
  }

  private globalArgs(): void {
    for (const arg of this.file.globalArgs) {
      this.description(
        'ARG',
        arg.args.map(({ key }) => key),
        arg,
      );
    }
  }

  private description(
    keyword: string,
    names: string[],
    { comments, lines }: { comments: string[]; lines: LineRange },
  ): void {
    const last = comments.at(-1);
    if (last === undefined || names.length === 0 || names.includes(last.split(' ')[0]!)) return;
    const shown = names.length > 1 ? '<arg_key>' : names[0];
    this.add(
      'InvalidDefinitionDescription',
      lines,
      `Comment for ${keyword} should follow the format: \`# ${shown} <description>\``,
    );
  }

  private from(stage: Stage): void {
    const { from } = stage;
    const { words, lines } = from;
    this.stageName(stage);
    if (words.length === 3) {
      const [lower, upper] = [from.typed === from.typed.toLowerCase(), from.typed === from.typed.toUpperCase()];
      const as = words[1]!;
      const matches = lower ? as === as.toLowerCase() : !upper || as === as.toUpperCase();
      if (!matches) this.add('FromAsCasing', lines, `'${as}' and '${from.typed}' keywords' casing do not match`);
      this.description('FROM', [stage.name!], from);
    }
    this.fromWords(from);
  }

  private stageName({ from, name, index }: Stage): void {
    if (!name) return;
    const typed = from.words[2]!;
    if (typed !== name) this.add('StageNameCasing', from.lines, `Stage name '${typed}' should be lowercase`);
    if (name === 'context' || name === 'scratch') {
      this.add(
        'ReservedStageName',
        from.lines,
        `Stage name should not use the same name as reserved stage ${goQuote(name)}`,
      );
    }
    if (this.file.stages.slice(0, index).some((other) => other.name === name)) {
      this.add('DuplicateStageName', from.lines, `Duplicate stage name ${goQuote(name)}, stage names should be unique`);
    }
  }

  private fromWords(from: From): void {
    const args = new Map(this.file.globalArgs.flatMap(({ args }) => args).map(({ key, value }) => [key, value]));
    const known = [...args.keys(), ...predefined, ...proxies];
    const image = this.expand(from.image, (name) => this.options.buildArgs?.[name] ?? args.get(name));
    const platform = this.expand(from.platform, (name) => (predefined.includes(name) ? name : args.get(name)));
    for (const name of [...(image?.unmatched ?? []), ...(platform?.unmatched ?? [])]) {
      if (known.includes(name)) continue;
      const near = closest(name, known);
      this.add(
        'UndefinedArgInFrom',
        from.lines,
        `FROM argument '${name}' is not declared${near ? ` (did you mean ${near}?)` : ''}`,
      );
    }
    const plain = this.expand(from.image, (name) => args.get(name));
    if (plain && !/^[a-z0-9](?:[\w./:@-]*[\w])?$/i.test(plain.text)) {
      this.add(
        'InvalidDefaultArgInFrom',
        from.lines,
        `Default value for ARG ${from.image} results in empty or invalid base image name`,
      );
    }
    if (platform && from.platform) this.platform(from, platform);
  }

  private platform(from: From, { text, matched, unmatched }: ReturnType<typeof expandWord>): void {
    if (matched.size === 1 && unmatched.size === 0 && text === 'TARGETPLATFORM') {
      const detail = `Setting platform to predefined ${from.platform} in FROM is redundant as this is the default behavior`;
      this.add('RedundantTargetPlatform', from.lines, detail);
    }
    const [os = '', architecture = ''] = text.split('/');
    const named = from.name && [os, architecture].some((part) => part !== '' && from.name!.includes(part));
    if (matched.size > 0 || unmatched.size > 0 || named) return;
    this.add(
      'FromPlatformFlagConstDisallowed',
      from.lines,
      `FROM --platform flag should not use constant value ${goQuote(text)}`,
    );
  }

  /** Undefined when the word cannot be expanded: the build itself will say so. */
  private expand(word: string, lookup: (name: string) => string | undefined) {
    try {
      return expandWord(word, lookup, { escape: this.file.file.escape });
    } catch (error) {
      if (error instanceof DockerfileError) return undefined;
      throw error;
    }
  }

  /** Checks a stage's instructions; returns the names that are set at its end. */
  private stage(stage: Stage, earlier: ReadonlyMap<string, string[]>): string[] {
    const base = stage.from.image.toLowerCase();
    const inherited = earlier.get(base) ?? this.options.baseEnv?.(stage.from.image) ?? [];
    const names = new Set([...inherited, 'PATH', ...proxies]);
    const last = new Map<string, LineRange>();
    let workdirSet = false;
    const hasShell = stage.instructions.some(({ keyword }) => keyword === 'SHELL');
    for (const instruction of stage.instructions) {
      this.variables(instruction, names);
      this.once(instruction, last);
      this.single(instruction, { workdirSet, hasShell });
      workdirSet ||= instruction.keyword === 'WORKDIR';
    }
    return [...names];
  }

  private once({ keyword, lines }: Instruction, last: Map<string, LineRange>): void {
    if (keyword !== 'CMD' && keyword !== 'ENTRYPOINT' && keyword !== 'HEALTHCHECK') return;
    const before = last.get(keyword);
    last.set(keyword, lines);
    if (!before) return;
    const rest = 'instructions should not be used in the same stage because only the last one will be used';
    this.add('MultipleInstructionsDisallowed', before, `Multiple ${keyword} ${rest}`);
  }

  private single(instruction: Instruction, { workdirSet, hasShell }: { workdirSet: boolean; hasShell: boolean }): void {
    const { lines } = instruction;
    switch (instruction.keyword) {
      case 'MAINTAINER':
        this.add('MaintainerDeprecated', lines, 'Maintainer instruction is deprecated in favor of using label');
        return;
      case 'CMD':
      case 'ENTRYPOINT': {
        const detail = `JSON arguments recommended for ${instruction.keyword} to prevent unintended behavior related to OS signals`;
        if (instruction.shellForm && !hasShell) this.add('JSONArgsRecommended', lines, detail);
        return;
      }
      case 'WORKDIR':
        if (workdirSet || instruction.value.startsWith('/') || instruction.value.startsWith('$')) return;
        this.add(
          'WorkdirRelativePath',
          lines,
          `Relative workdir ${goQuote(instruction.value)} can have unexpected results if the base image changes`,
        );
        return;
      case 'ENV':
      case 'LABEL':
        this.pairs(instruction);
        return;
      case 'ARG':
        this.description(
          'ARG',
          instruction.args.map(({ key }) => key),
          instruction,
        );
        for (const { key } of instruction.args) this.secret('ARG', key, lines);
        return;
      case 'EXPOSE':
        this.ports(instruction.ports, lines);
        return;
      case 'COPY':
      case 'ADD':
        this.ignored(instruction);
        return;
    }
  }

  private pairs({ keyword, pairs, lines }: Extract<Instruction, { keyword: 'ENV' | 'LABEL' }>): void {
    for (const { key, legacy } of pairs) {
      const forms = `"${keyword} key=value" should be used instead of legacy "${keyword} key value" format`;
      if (legacy) this.add('LegacyKeyValueFormat', lines, forms);
      if (keyword === 'ENV') this.secret('ENV', key, lines);
    }
  }

  private secret(keyword: string, key: string, lines: LineRange): void {
    if (!secret.test(key) || harmless.test(key)) return;
    this.add(
      'SecretsUsedInArgOrEnv',
      lines,
      `Do not use ARG or ENV instructions for sensitive data (${keyword} ${goQuote(key)})`,
    );
  }

  private ports(ports: readonly string[], lines: LineRange): void {
    for (const port of ports) {
      const protocol = port.split('/')[1] ?? '';
      const cased = `Defined protocol '${port}' in EXPOSE instruction should be lowercase`;
      if (protocol !== protocol.toLowerCase()) this.add('ExposeProtoCasing', lines, cased);
      const mapped = `EXPOSE instruction should not define an IP address or host-port mapping, found '${port}'`;
      if (/^[^$]*:/.test(port)) this.add('ExposeInvalidFormat', lines, mapped);
    }
  }

  private ignored(copy: Extract<Instruction, { keyword: 'COPY' | 'ADD' }>): void {
    if (copy.from !== '') return;
    for (const source of copy.sources) {
      const path = cleanPath(source).replace(/^\//, '');
      if (/^https?:/.test(source) || path === '.' || path === '' || !this.options.excluded?.(path)) continue;
      const verb = copy.keyword === 'ADD' ? 'Add' : 'Copy';
      this.add(
        'CopyIgnoredFile',
        copy.lines,
        `Attempting to ${verb} file ${goQuote(path)} that is excluded by .dockerignore`,
      );
    }
  }

  /** Uses of names that are not set, then the names that the instruction sets. */
  private variables(instruction: Instruction, names: Set<string>): void {
    for (const word of wordsOf(instruction)) {
      const result = this.expand(word, (name) => (names.has(name) ? '' : undefined));
      for (const name of result?.unmatched ?? []) {
        const near = closest(name, [...names]);
        const detail = `Usage of undefined variable '$${name}'${near ? ` (did you mean $${near}?)` : ''}`;
        this.add('UndefinedVar', instruction.lines, detail);
      }
    }
    if (instruction.keyword === 'ENV') for (const { key } of instruction.pairs) names.add(key);
    if (instruction.keyword === 'ARG') for (const { key } of instruction.args) names.add(key);
  }
}

/** The words in which the builder itself expands variables. */
function wordsOf(instruction: Instruction): string[] {
  switch (instruction.keyword) {
    case 'ENV':
    case 'LABEL':
      return instruction.pairs.flatMap(({ key, value }) => [key, value]);
    case 'COPY':
    case 'ADD':
      return [...instruction.sources, instruction.destination, instruction.chown, instruction.chmod];
    case 'ARG':
      return instruction.args.flatMap(({ value }) => value ?? []);
    case 'EXPOSE':
      return instruction.ports;
    case 'VOLUME':
      return instruction.volumes;
    case 'WORKDIR':
    case 'USER':
    case 'STOPSIGNAL':
      return [instruction.value];
    default:
      return [];
  }
}
