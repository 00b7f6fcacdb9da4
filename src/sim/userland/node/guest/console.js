// console.
const { formatWithOptions } = require('format');
const { inspect } = require('inspect');
const process = require('process');

class Console {
  constructor(out, err) {
    const options = out?.write ? { stdout: out, stderr: err } : (out ?? {});
    const { stdout, stderr = stdout } = options;
    const state = { indent: '', counts: new Map(), timers: new Map() };
    const colorsFor = (fd) => ({ colors: host.call('isatty', fd) });
    const write = (fd, stream, text) => {
      if (state.indent) text = state.indent + text.replaceAll('\n', `\n${state.indent}`);
      if (stream) stream.write(`${text}\n`);
      // A program may have put a function of its own there.
      else if (host.streams?.[fd] && Object.hasOwn(host.streams[fd], 'write')) host.streams[fd].write(`${text}\n`);
      else host.call('write', fd, `${text}\n`);
    };
    const log = (...args) => write(1, stdout, formatWithOptions(colorsFor(1), ...args));
    const warn = (...args) => write(2, stderr, formatWithOptions(colorsFor(2), ...args));
    const elapsed = (label) => {
      const ms = host.call('monotonic') - state.timers.get(label);
      return ms >= 1000 ? `${(ms / 1000).toFixed(3)}s` : `${Number(ms.toFixed(3))}ms`;
    };
    Object.assign(this, {
      log,
      warn,
      error: warn,
      info: log,
      debug: log,
      trace(...args) {
        const error = { name: 'Trace', message: formatWithOptions({}, ...args) };
        Error.captureStackTrace(error, this.trace);
        warn(error.stack.replace(/^[^\n]*/, error.message ? `Trace: ${error.message}` : 'Trace'));
      },
      dir: (value, options) => log(inspect(value, { customInspect: false, ...colorsFor(1), ...options })),
      dirxml: log,
      assert(value, ...args) {
        if (value) return;
        if (typeof args[0] === 'string') args[0] = `Assertion failed: ${args[0]}`;
        else args.unshift('Assertion failed');
        warn(...args);
      },
      clear() {
        if (host.call('isatty', 1)) host.call('write', 1, '\u001b[1;1H\u001b[0J');
      },
      count(label = 'default') {
        state.counts.set(`${label}`, (state.counts.get(`${label}`) ?? 0) + 1);
        log(`${label}: ${state.counts.get(`${label}`)}`);
      },
      countReset: (label = 'default') => void state.counts.delete(`${label}`),
      group(...args) {
        if (args.length > 0) log(...args);
        state.indent += '  ';
      },
      groupEnd() {
        state.indent = state.indent.slice(0, -2);
      },
      time: (label = 'default') => void state.timers.set(`${label}`, host.call('monotonic')),
      timeEnd(label = 'default') {
        if (!state.timers.has(`${label}`)) {
          process.emitWarning(`No such label '${label}' for console.timeEnd()`);
          return;
        }
        log(`${label}: ${elapsed(`${label}`)}`);
        state.timers.delete(`${label}`);
      },
      timeLog(label = 'default', ...args) {
        log(`${label}: ${elapsed(`${label}`)}`, ...args);
      },
      table: (data, columns) =>
        data === null || typeof data !== 'object' ? log(data) : log(require('console-table')(data, columns)),
    });
    this.groupCollapsed = this.group;
  }
}
Object.defineProperty(Console.prototype, 'constructor', { enumerable: false });
const console = new Console();
console.Console = Console;
Object.defineProperty(console, Symbol.toStringTag, { value: 'console', configurable: true });
console.console = undefined;
delete console.console;
module.exports = { ...console, Console, console };
