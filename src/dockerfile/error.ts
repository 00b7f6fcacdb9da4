/** First and last line, 1-based, inclusive. */
export interface LineRange {
  start: number;
  end: number;
}

/**
 * The only thing this room throws. `message` is the bare reason ("unknown instruction: RUNN"); the front ends put their
 * own words before it.
 *
 * `syntax`: the line could not be read (the classic builder says "failed to parse Dockerfile: …");
 * `instruction`: the instruction's arguments are wrong ("dockerfile parse error line 2: …");
 * `structure`: instructions are fine but not where they stand ("no build stage in current context");
 * `word`: an expansion failed.
 */
export class DockerfileError extends Error {
  override readonly name = 'DockerfileError';
  constructor(
    readonly kind: 'syntax' | 'instruction' | 'structure' | 'word',
    message: string,
    readonly lines?: LineRange,
  ) {
    super(message);
  }

  /** The same error, with the place where it happened if it has none yet. */
  at(lines: LineRange): DockerfileError {
    return this.lines ? this : new DockerfileError(this.kind, this.message, lines);
  }
}
