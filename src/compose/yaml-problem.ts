import { type Mark, Scanner, type TokenType, YamlProblem } from './yaml-scanner.ts';

/** What yaml.v3 says of a text that is no YAML; undefined when it would read it. */
export function yamlProblem(text: string, depth?: number): string | undefined {
  try {
    new Grammar(new Scanner(text, depth)).stream();
    return undefined;
  } catch (error) {
    if (error instanceof YamlProblem) return `yaml: ${error.message}`;
    throw error;
  }
}

/** The grammar of libyaml's parser, which makes nothing of the tokens and only tells where they go wrong. */
class Grammar {
  constructor(private readonly tokens: Scanner) {}

  private is(...types: TokenType[]): boolean {
    return types.includes(this.tokens.peek().type);
  }

  private take(type: TokenType): boolean {
    if (!this.is(type)) return false;
    this.tokens.next();
    return true;
  }

  /** A parser's error is told by the line of what it is in, or of the token when that is the first line. */
  private fail(problem: string, context?: Mark): never {
    const line = context && context.line !== 0 ? context.line : this.tokens.peek().mark.line;
    throw new YamlProblem(problem, line);
  }

  stream(): void {
    for (let first = true; ; first = false) {
      if (!first) while (this.take('document-end'));
      if (this.is('stream-end')) return;
      if (!first || this.is('directive', 'document-start')) {
        while (this.take('directive'));
        if (!this.take('document-start')) this.fail('did not find expected <document start>');
      }
      if (!this.is('directive', 'document-start', 'document-end', 'stream-end')) this.node(true, false);
      this.take('document-end');
    }
  }

  private node(block: boolean, indentless: boolean): void {
    if (this.take('alias')) return;
    let named = false;
    while (this.is('anchor', 'tag')) {
      this.tokens.next();
      named = true;
    }
    const { mark } = this.tokens.peek();
    if (indentless && this.is('-')) this.indentless();
    else if (this.take('scalar')) return;
    else if (this.take('[')) this.flowSequence(mark);
    else if (this.take('{')) this.flowMapping(mark);
    else if (block && this.take('sequence')) this.sequence(mark);
    else if (block && this.take('mapping')) this.mapping(mark);
    else if (!named) this.fail('did not find expected node content', mark);
  }

  private sequence(start: Mark): void {
    while (this.take('-')) if (!this.is('-', 'block-end')) this.node(true, false);
    if (!this.take('block-end')) this.fail("did not find expected '-' indicator", start);
  }

  private indentless(): void {
    while (this.take('-')) if (!this.is('-', 'key', 'value', 'block-end')) this.node(true, false);
  }

  private mapping(start: Mark): void {
    while (this.take('key')) {
      if (!this.is('key', 'value', 'block-end')) this.node(true, true);
      if (this.take('value') && !this.is('key', 'value', 'block-end')) this.node(true, true);
    }
    if (!this.take('block-end')) this.fail('did not find expected key', start);
  }

  private flowSequence(start: Mark): void {
    for (let first = true; !this.is(']'); first = false) {
      if (!first && !this.take(',')) this.fail("did not find expected ',' or ']'", start);
      if (this.take('key')) this.pair(']');
      else if (!this.is(']')) this.node(false, false);
    }
    this.tokens.next();
  }

  private flowMapping(start: Mark): void {
    for (let first = true; !this.is('}'); first = false) {
      if (!first && !this.take(',')) this.fail("did not find expected ',' or '}'", start);
      if (this.take('key')) this.pair('}');
      else if (!this.is('}')) this.node(false, false);
    }
    this.tokens.next();
  }

  private pair(end: ']' | '}'): void {
    if (!this.is('value', ',', end)) this.node(false, false);
    if (this.take('value') && !this.is(',', end)) this.node(false, false);
  }
}
