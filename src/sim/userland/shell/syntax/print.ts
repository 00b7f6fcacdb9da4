/** Writes trees back as bash does: `declare -f`, `type`, `jobs`. The layout is that of its print_cmd.c. */
import type {
  Assignment,
  Case,
  CommandNode,
  CompoundList,
  FunctionNode,
  If,
  Redirection,
  Statement,
  TestExpression,
  Word,
} from './grammar.ts';

const step = 4;

class Printer {
  private out = '';
  private indent = 0;
  /** Here-document bodies that wait for the end of their line. */
  private waiting = '';

  constructor(
    private readonly source: string,
    /** Inside a function every command has its own line. */
    private inFunction: boolean,
  ) {}

  get text(): string {
    return this.out + this.waiting;
  }

  private line(text = ''): void {
    this.out += `\n${' '.repeat(this.indent)}${text}`;
  }

  private semicolon(): void {
    if (!/[&\n]$/.test(this.out)) this.out += ';';
  }

  private heredocs(): boolean {
    if (this.waiting === '') return false;
    this.out += this.waiting;
    this.waiting = '';
    return true;
  }

  function(name: string, body: FunctionNode['body'], keyword: boolean): void {
    const outer = this.inFunction;
    this.inFunction = true;
    this.out += `${keyword ? 'function ' : ''}${name} () `;
    const inner = body.type === 'Redirected' ? body.command : body;
    if (inner.type === 'BraceGroup' || inner.type === 'CompoundList') {
      this.line('{ ');
      this.block(inner.type === 'BraceGroup' ? inner.body : inner);
      this.line('}');
    } else {
      this.line('{ ');
      this.indent += step;
      this.line();
      this.command(inner);
      this.indent -= step;
      this.line('}');
    }
    if (body.type === 'Redirected') this.redirections(body.redirects, true);
    this.inFunction = outer;
  }

  private block(list: CompoundList): void {
    this.indent += step;
    this.line();
    this.list(list.commands);
    this.heredocs();
    this.indent -= step;
  }

  list(statements: readonly Statement[]): void {
    statements.forEach((statement, i) => {
      this.command(statement.command);
      const last = i === statements.length - 1;
      if (statement.background) this.out += last ? ' &' : ' & ';
      else if (last) return;
      else if (this.waiting !== '') {
        this.heredocs();
        if (this.inFunction) this.line();
      } else if (this.inFunction) {
        this.out += ';';
        this.line();
      } else this.out += '; ';
    });
  }

  command(node: Statement['command'] | CompoundList): void {
    switch (node.type) {
      case 'AndOr':
        node.commands.forEach((c, i) => {
          if (i > 0) this.out += ` ${node.operators[i - 1]} `;
          this.command(c);
        });
        return;
      case 'Pipeline':
        this.pipeline(node);
        return;
      case 'CompoundList':
        this.list(node.commands);
        return;
      case 'Command':
        this.simple(node);
        return;
      case 'Redirected':
        this.command(node.command);
        this.redirections(node.redirects, true);
        return;
      default:
        this.compound(node);
        return;
    }
  }

  private pipeline(node: Extract<CommandNode | Statement['command'], { type: 'Pipeline' }>): void {
    for (const prefix of node.prefixes) {
      this.out += prefix.type === 'Negation' ? '! ' : prefix.posix ? 'time -p ' : 'time ';
    }
    node.commands.forEach((c, i) => {
      if (i > 0) {
        this.out += node.operators[i - 1] === '|&' ? ' 2>&1 |' : ' |';
        this.out += this.heredocs() ? '  ' : ' ';
      }
      this.command(c);
    });
  }

  private simple(node: Extract<CommandNode, { type: 'Command' }>): void {
    const words = [...node.prefix, ...(node.name ? [node.name] : []), ...node.suffix];
    const isRedirection = (w: (typeof words)[number]): w is Redirection => /^(Redirect|Here)/.test(w.type);
    this.out += words
      .filter((w): w is Word | Assignment => !isRedirection(w))
      .map((w) => w.text)
      .join(' ');
    this.redirections(words.filter(isRedirection), this.out !== '' && words.some((w) => !isRedirection(w)));
  }

  private redirections(list: readonly Redirection[], spaced: boolean): void {
    list.forEach((one, i) => {
      if (spaced || i > 0) this.out += ' ';
      this.out += this.redirection(one);
    });
  }

  private redirection(one: Redirection): string {
    const d = one.descriptor;
    const head = !d ? '' : d.type === 'FileDescriptor' ? String(d.value) : `{${d.name}}`;
    if (one.type === 'HereString') return `${head}<<< ${one.target?.text ?? ''}`;
    if (one.type === 'HereDoc') {
      const strip = one.operator === '<<-';
      const body = strip ? one.body.text.replace(/^\t+/gm, '') : one.body.text;
      const delimiter =
        this.source
          .slice(one.pos, one.end)
          .split('\n')[0]!
          .match(/<<-?\s*(\S+)/)?.[1] ?? '';
      this.waiting += `\n${body}${delimiter.replace(/['"\\]/g, '')}\n`;
      return `${head}${one.operator}${delimiter}`;
    }
    const target = one.target?.text ?? '';
    const plain = (head === '1' && one.operator === '>') || (head === '0' && one.operator === '<') ? '' : head;
    if (one.operator === '>&' && !head && !/^(\d+-?|-)$/.test(target)) return `&> ${target}`;
    if (one.operator === '>&' || one.operator === '<&') {
      return `${head || (one.operator === '>&' ? '1' : '0')}${one.operator}${target}`;
    }
    return `${plain}${one.operator} ${target}`;
  }

  private compound(node: CommandNode): void {
    switch (node.type) {
      case 'BraceGroup':
        this.group(node.body);
        return;
      case 'Subshell':
        this.out += '( ';
        this.list(node.body.commands);
        this.heredocs();
        this.out += ' )';
        return;
      case 'If':
        this.if(node, 0);
        return;
      case 'While':
        this.out += `${node.kind} `;
        this.list(node.clause.commands);
        this.semicolon();
        this.out += ' do';
        this.body(node.body, 'done');
        return;
      case 'For':
      case 'Select': {
        const words = node.wordlist?.map((w) => w.text).join(' ') ?? '"$@"';
        this.out += `${node.type === 'For' ? 'for' : 'select'} ${node.name.text} in ${words};`;
        this.line('do');
        this.body(node.body, 'done');
        return;
      }
      case 'ArithmeticFor': {
        const part = (e: { pos: number; end: number } | undefined) => (e ? this.source.slice(e.pos, e.end) : '1');
        this.out += `for ((${part(node.initialize)}; ${part(node.test)}; ${part(node.update)}))`;
        this.line('do');
        this.body(node.body, 'done');
        return;
      }
      case 'Case':
        this.case(node);
        return;
      case 'ArithmeticCommand':
        this.out += `((${node.body}))`;
        return;
      case 'TestCommand':
        this.out += `[[ ${testText(node.expression)} ]]`;
        return;
      case 'Function':
        this.function(node.name.text, node.body, true);
        return;
      case 'Coproc':
        this.out += `coproc ${node.name?.text ?? 'COPROC'} `;
        this.command(node.body);
        return;
      default:
    }
  }

  private group(list: CompoundList): void {
    this.out += '{ ';
    if (this.inFunction) {
      this.block(list);
      this.line('}');
      return;
    }
    this.list(list.commands);
    this.semicolon();
    this.out += ' }';
  }

  private body(list: CompoundList, end: string): void {
    this.block(list);
    this.semicolon();
    this.line(end);
  }

  private if(node: If, branch: number): void {
    const { clause, then } = branch === 0 ? node : node.elif[branch - 1]!;
    this.out += 'if ';
    this.list(clause.commands);
    this.semicolon();
    this.out += ' then';
    this.block(then);
    this.semicolon();
    if (branch < node.elif.length) {
      this.line('else');
      this.indent += step;
      this.line();
      this.if(node, branch + 1);
      this.indent -= step;
      this.semicolon();
    } else if (node.else) {
      this.line('else');
      this.block(node.else);
      this.semicolon();
    }
    this.line('fi');
  }

  private case(node: Case): void {
    this.out += `case ${node.word.text} in `;
    this.indent += step;
    for (const item of node.items) {
      this.line(`${item.pattern.map((p) => p.text).join(' | ')})`);
      this.out += '\n';
      this.indent += step;
      if (item.body.commands.length > 0) {
        this.out += ' '.repeat(this.indent);
        this.list(item.body.commands);
        this.heredocs();
      }
      this.indent -= step;
      this.line(item.terminator ?? ';;');
    }
    this.indent -= step;
    this.line('esac');
  }
}

const testText = (e: TestExpression): string => {
  switch (e.type) {
    case 'TestGroup':
      return `( ${testText(e.expression)} )`;
    case 'TestNot':
      return `${'! '.repeat(e.negations.length)}${testText(e.operand)}`;
    case 'TestLogical':
      return e.operands.map(testText).join(` ${e.operator} `);
    case 'TestUnary':
      return `${e.operator} ${e.operand.text}`;
    case 'TestBinary':
      return `${e.left.text} ${e.operator} ${e.right.text}`;
  }
};

/** `name () { ... }` as `declare -f` writes it, without a newline at the end. */
export const printFunction = (source: string, node: FunctionNode): string => {
  const printer = new Printer(source, true);
  printer.function(node.name.text, node.body, false);
  return printer.text;
};

/** A command on as few lines as bash needs: `jobs`, BASH_COMMAND. */
export const printCommand = (source: string, node: Statement['command']): string => {
  const printer = new Printer(source, false);
  printer.command(node);
  return printer.text;
};
