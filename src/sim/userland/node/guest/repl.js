// The prompt of node without a script, on a terminal.
const process = require('process');
const { inspect } = require('inspect');
const { fix } = require('errors');
const readline = require('readline');

const incomplete = (code) => host.call('syntax', code, false)?.message;

exports.startRepl = () => {
  const cjs = require('cjs');
  process.argv = [process.execPath];
  const module = new cjs.Module('<repl>');
  module.filename = `${process.cwd()}/<repl>`;
  Object.assign(globalThis, { require: cjs.makeRequire(module), module, exports: module.exports });
  for (const id of cjs.Module.builtinModules) {
    if (id.includes('/') || id in globalThis) continue;
    Object.defineProperty(globalThis, id, {
      configurable: true,
      get: () => cjs.loadBuiltin(id),
      set: (value) => Object.defineProperty(globalThis, id, { value, writable: true, configurable: true }),
    });
  }
  host.call('write', 1, `Welcome to Node.js ${process.version}.\nType ".help" for more information.\n`);
  const rl = readline.createInterface({ input: process.stdin, output: process.stdout, prompt: '> ' });
  let held = '';
  let interrupted = false;
  const print = (value) => host.call('write', 1, `${inspect(value, { colors: true })}\n`);
  const failed = (error) =>
    host.call(
      'write',
      1,
      `Uncaught ${error instanceof Error ? inspect(fix(error)).replace(/\n {4}at (Object\.<anonymous>.*|\[?node:)[^]*$/, '') : inspect(error)}\n`,
    );
  process.on('uncaughtException', (error) => {
    failed(error);
    rl.prompt();
  });
  process.on('SIGINT', () => {
    if (held !== '' || !interrupted) {
      host.call('write', 1, held !== '' ? '\n' : '\n(To exit, press Ctrl+C again or Ctrl+D or type .exit)\n');
      interrupted = held === '';
      held = '';
      rl.prompt();
    } else process.exit(0);
  });
  const evaluate = (code) => {
    // An object, not a block.
    const object = /^\s*\{/.test(code) && !/;\s*$/.test(code) && !incomplete(`(${code})`);
    const wrapped = object ? `(${code})` : code;
    const awaits = /\bawait\b/.test(code);
    const text = awaits
      ? `(async () => { ${/^\s*(const|let|var)\s/.test(code) ? code.replace(/^\s*(const|let|var)\s+(\w+)\s*=/, 'globalThis.$2 =') : `return (${code.replace(/;\s*$/, '')})`} })()`
      : wrapped;
    // Names declared at the prompt may be declared again.
    const value = host.native.evalScript(text.replace(/^(\s*)(?:const|let)(\s)/, '$1var$2'), 'REPL1');
    if (awaits)
      return value.then(
        (one) => {
          print(one);
          rl.prompt();
        },
        (error) => {
          failed(error);
          rl.prompt();
        },
      );
    globalThis._ = value;
    print(value);
    return undefined;
  };
  rl.on('line', (line) => {
    interrupted = false;
    if (held === '' && /^\s*\./.test(line)) {
      const word = line.trim().split(/\s+/)[0];
      if (word === '.exit') return process.exit(0);
      if (word === '.help')
        host.call(
          'write',
          1,
          '.break    Sometimes you get stuck, this gets you out\n.clear    Alias for .break\n.editor   Enter editor mode\n.exit     Exit the REPL\n.help     Print this help message\n.load     Load JS from a file into the REPL session\n.save     Save all evaluated commands in this REPL session to a file\n\nPress Ctrl+C to abort current expression, Ctrl+D to exit the REPL\n',
        );
      else if (word !== '.break' && word !== '.clear') host.call('write', 1, 'Invalid REPL keyword\n');
      return rl.prompt();
    }
    const code = held + line;
    if (code.trim() === '') return rl.prompt();
    const problem = incomplete(code);
    if (problem === 'Unexpected end of input' || problem === 'Unterminated template literal') {
      held = `${code}\n`;
      rl.setPrompt('... ');
      rl.prompt();
      rl.setPrompt('> ');
      return undefined;
    }
    held = '';
    try {
      const wait = evaluate(code);
      if (wait) return undefined;
    } catch (error) {
      if (error?.code === 'EXITING') throw error;
      failed(
        error instanceof Error && error.name === 'SyntaxError' && problem
          ? Object.assign(new SyntaxError(problem), { stack: `SyntaxError: ${problem}` })
          : error,
      );
    }
    return rl.prompt();
  });
  rl.on('close', () => {
    host.call('write', 1, '\n');
    process.exit(0);
  });
  rl.prompt();
};
exports.start = () => {
  throw new Error("drydock: node's repl.start is not simulated");
};
