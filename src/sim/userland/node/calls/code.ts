/** The program's text: parsed before the engine sees it, for V8's syntax errors and for what is woven in. */
import { type AnyNode, type Options, parse } from 'acorn';
import type { Value } from '../engine.ts';
import type { Calls } from '../event-loop.ts';
import { guestCode } from '../guest-code.ts';

const options = (module: boolean): Options => ({
  ecmaVersion: 'latest',
  sourceType: module ? 'module' : 'script',
  allowReturnOutsideFunction: !module,
  allowHashBang: true,
  locations: true,
});

interface Insertion {
  at: number;
  text: string;
  /** Characters that it takes the place of. */
  instead?: number;
}

/**
 * Weaves in what the engine cannot tell us: caught errors pass `__fix`, and an async function's promise passes `__track`.
 * Lines stay where they are. Undefined when the text is no program.
 */
function prepare(code: string, module: boolean): string | undefined {
  let program: AnyNode;
  try {
    program = parse(code, options(module)) as AnyNode;
  } catch {
    return undefined;
  }
  const insertions: Insertion[] = [];
  visit(program, (node) => {
    if (node.type === 'CatchClause' && node.param?.type === 'Identifier') {
      insertions.push({ at: node.body.start + 1, text: `${node.param.name}=__fix(${node.param.name});` });
    } else if (isAsync(node)) watch(code, node, insertions);
  });
  insertions.sort((a, b) => a.at - b.at);
  let out = '';
  let from = 0;
  for (const { at, text, instead = 0 } of insertions) {
    out += code.slice(from, at) + text;
    from = at + instead;
  }
  return out + code.slice(from);
}

type AsyncFunctionNode = Extract<
  AnyNode,
  { type: 'FunctionDeclaration' | 'FunctionExpression' | 'ArrowFunctionExpression' }
>;

const isAsync = (node: AnyNode): node is AsyncFunctionNode =>
  (node.type === 'FunctionDeclaration' ||
    node.type === 'FunctionExpression' ||
    node.type === 'ArrowFunctionExpression') &&
  node.async &&
  !node.generator;

function watch(code: string, node: AsyncFunctionNode, insertions: Insertion[]): void {
  const { body } = node;
  const expression = body.type !== 'BlockStatement';
  // The word async of a method stands before its name, outside the function's own node.
  const head = code.slice(0, node.start);
  const before = /^async\b/.test(code.slice(node.start, node.start + 6))
    ? node.start
    : (/async(\s+(?:[\w$#]+|\[[^\]]*\]|'[^']*'|"[^"]*")\s*)$/.exec(head)?.index ?? -1);
  if (before < 0) return;
  insertions.push({ at: before, text: '     ', instead: 5 });
  if (expression) {
    insertions.push({ at: body.start, text: '__track(async()=>' }, { at: body.end, text: ')' });
    if (code.slice(body.start - 1, body.start) === '(')
      insertions.splice(
        -2,
        2,
        { at: parenthesis(code, body.start), text: '__track(async()=>' },
        { at: closing(code, body.end), text: ')' },
      );
  } else {
    // A directive keeps its place at the beginning.
    insertions.push({ at: body.start + 1, text: 'return __track(async()=>{' }, { at: body.end - 1, text: '})' });
  }
}

const parenthesis = (code: string, start: number): number => {
  let at = start;
  while (/[\s(]/.test(code[at - 1] ?? '')) at--;
  return at + (/^\s*/.exec(code.slice(at))?.[0].length ?? 0);
};
const closing = (code: string, end: number): number => {
  const match = /^\s*\)+/.exec(code.slice(end));
  return end + (match ? match[0].indexOf(')') + 1 : 0);
};

function visit(node: AnyNode, look: (node: AnyNode) => void): void {
  look(node);
  for (const value of Object.values(node)) {
    if (Array.isArray(value)) for (const one of value) if (isNode(one)) visit(one, look);
    if (isNode(value)) visit(value, look);
  }
}

const isNode = (value: unknown): value is AnyNode =>
  typeof value === 'object' && value !== null && typeof (value as AnyNode).type === 'string';

/** V8's words for what acorn finds. */
function syntax(code: string, module: boolean): Value {
  try {
    parse(code, options(module));
    return null;
  } catch (error) {
    const { loc, pos, message } = error as { loc?: { line: number; column: number }; pos: number; message: string };
    if (!loc) return null;
    const said = message.replace(/ \(\d+:\d+\)$/, '');
    const token =
      /^(?:[A-Za-z_$][\w$]*|\d[\w.]*|=>|\.\.\.|[=!]==?|&&|\|\||\?\?|\*\*|[<>]=?|`|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|.)/su.exec(
        code.slice(pos),
      )?.[0] ?? '';
    return {
      message: words(said, token, code.slice(0, pos)),
      line: loc.line,
      column: loc.column + 1,
      length: Math.max(1, token.length),
    };
  }
}

const keyword =
  /^(break|case|catch|class|const|continue|debugger|default|delete|do|else|export|extends|finally|for|function|if|import|in|instanceof|new|return|super|switch|this|throw|try|typeof|var|void|while|with|yield|null|true|false|enum)$/;

function words(said: string, token: string, before: string): string {
  const declared = /^Identifier '(.*)' has already been declared$/.exec(said);
  if (declared) return said;
  if (said === 'Unexpected token') {
    if (token === '') return 'Unexpected end of input';
    if (openCall(before)) return 'missing ) after argument list';
    if (/^['"]/.test(token)) return 'Unexpected string';
    if (/^\d/.test(token)) return 'Unexpected number';
    if (/^[A-Za-z_$]/.test(token) && !keyword.test(token)) return `Unexpected identifier '${token}'`;
    return `Unexpected token '${token}'`;
  }
  if (said === 'Unterminated string constant') return 'Invalid or unexpected token';
  if (said.startsWith('Unexpected character')) return 'Invalid or unexpected token';
  if (said === 'Unterminated template') return 'Unterminated template literal';
  if (said === "'import' and 'export' may appear only with 'sourceType: module'") {
    return token === 'export' ? "Unexpected token 'export'" : 'Cannot use import statement outside a module';
  }
  if (said === "Cannot use keyword 'await' outside an async function") {
    return 'await is only valid in async functions and the top level bodies of modules';
  }
  if (said === "'return' outside of function") return 'Illegal return statement';
  if (said.startsWith('Assigning to rvalue')) return 'Invalid left-hand side in assignment';
  return said;
}

/** Whether an argument list is open just before: `f(a b`. */
function openCall(before: string): boolean {
  let depth = 0;
  for (let at = before.length - 1; at >= 0; at--) {
    const char = before[at]!;
    if (char === ')' || char === ']' || char === '}') depth++;
    else if (char === '{' || char === '[') {
      if (depth-- === 0) return false;
    } else if (char === '(') {
      if (depth-- === 0)
        return (
          /[\w$\])]\s*$/.test(before.slice(0, at)) &&
          !/\b(if|for|while|switch|catch)\s*$/.test(before.slice(0, at)) &&
          /[\w$'")\]}]\s*$/.test(before)
        );
    }
  }
  return false;
}

export const codeCalls: Calls = {
  now: {
    source: (id) => guestCode[id as string],
    prepare: (code, module) => prepare(code as string, module === true),
    syntax: (code, module) => syntax(code as string, module === true),
  },
  later: { soon: async () => undefined },
};
