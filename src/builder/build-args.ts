/** Args that need no ARG and do not count in the cache unless one names them. */
const predefined = ['ALL_PROXY', 'FTP_PROXY', 'HTTPS_PROXY', 'HTTP_PROXY', 'NO_PROXY'].flatMap((name) => [
  name,
  name.toLowerCase(),
]);
export const isPredefined = (name: string): boolean => predefined.includes(name);

type Values = Readonly<Record<string, string | null>>;

/**
 * Build arguments in one scope, immutable. A value comes from --build-arg, else from the ARG's default, else from the
 * ARG of that name before the first FROM.
 */
export class BuildArgs {
  private constructor(
    private readonly given: Values,
    private readonly global: ReadonlyMap<string, string | undefined>,
    private readonly declared: ReadonlyMap<string, string | undefined>,
    private readonly referenced: ReadonlySet<string>,
  ) {}

  static from(given: Values = {}): BuildArgs {
    return new BuildArgs(given, new Map(), new Map(), new Set());
  }

  /** ARG before the first FROM. */
  withGlobal(key: string, value: string | undefined): BuildArgs {
    const global = new Map(this.global).set(key, value);
    return new BuildArgs(this.given, global, new Map(this.declared).set(key, value), this.mark(key));
  }

  /** ARG in a stage. */
  with(key: string, value: string | undefined): BuildArgs {
    return new BuildArgs(this.given, this.global, new Map(this.declared).set(key, value), this.mark(key));
  }

  /** What a new stage starts with: nothing is declared yet. */
  forStage(): BuildArgs {
    return new BuildArgs(this.given, this.global, new Map(), this.referenced);
  }

  /** This scope, knowing also what `other` referenced. */
  merge(other: BuildArgs): BuildArgs {
    return new BuildArgs(this.given, this.global, this.declared, new Set([...this.referenced, ...other.referenced]));
  }

  private mark(key: string): ReadonlySet<string> {
    return new Set([...this.referenced, key]);
  }

  private value(key: string, scope: ReadonlyMap<string, string | undefined>): string | undefined {
    // A --build-arg whose value is nowhere to be had counts as not given.
    if (Object.hasOwn(this.given, key) && this.given[key] !== null) return this.given[key] ?? undefined;
    return scope.get(key) ?? this.global.get(key);
  }

  private all(scope: ReadonlyMap<string, string | undefined>): Map<string, string> {
    const out = new Map<string, string>();
    for (const key of [...scope.keys(), ...predefined].sort()) {
      const value = this.value(key, scope);
      if (value !== undefined) out.set(key, value);
    }
    return out;
  }

  /** For FROM: only what stands before the first FROM. */
  globals(): Map<string, string> {
    return this.all(this.global);
  }

  /** Visible in the stage and not hidden by ENV, by name. */
  visible(env: readonly string[]): Map<string, string> {
    const hidden = new Set(env.map((entry) => entry.split('=', 1)[0]!));
    return new Map([...this.all(this.declared)].filter(([key]) => !hidden.has(key)));
  }

  isReferenced(key: string): boolean {
    return this.referenced.has(key);
  }

  /** Declared by an ARG of this stage. */
  isStageArg(key: string): boolean {
    return this.declared.has(key);
  }

  get(key: string): string | undefined {
    return this.value(key, this.declared);
  }

  /** --build-arg names that no ARG asked for, sorted. */
  unused(): string[] {
    return Object.keys(this.given)
      .filter((key) => !this.referenced.has(key) && !isPredefined(key))
      .sort();
  }
}
