// What happens to an error that nobody catches.
const { fix, printed, sourceLine } = require('errors');

function inspected(error) {
  const util = require('util');
  return error instanceof Error ? util.inspect(error) : `Uncaught:\n${util.inspect(error)}`;
}

/** `file:line`, the line itself and a mark under the place. */
function excerpt(error) {
  if (error?.code === 'MODULE_NOT_FOUND') return 'node:internal/modules/cjs/loader:1210\n  throw err;\n  ^\n';
  const [frame] = error?.[Symbol.for('drydock.place')] ? [error[Symbol.for('drydock.place')]] : printed(error?.stack);
  const line = frame && sourceLine(frame);
  if (line === undefined) return '';
  const text = String(error.stack);
  const url = text.includes(`file://${frame.file}`) ? 'file://' : '';
  return `${url}${frame.file}:${frame.line}\n${line}\n${' '.repeat(Math.max(0, frame.column - 1))}^${'^'.repeat(Math.max(0, (frame.length ?? 1) - 1))}\n`;
}

function die(error, prefix = '') {
  const process = require('process');
  const version = `\nNode.js ${process.version}\n`;
  if (error instanceof Error || (error && typeof error === 'object' && typeof error.stack === 'string')) {
    const place = error.name === 'SyntaxError' || prefix === '' ? excerpt(error) : prefix;
    host.call('write', 2, `${place}${place ? '\n' : ''}${inspected(error)}\n${version}`);
  } else {
    const shown = typeof error === 'symbol' ? String(error) : require('util').inspect(error);
    host.call(
      'write',
      2,
      `${prefix || 'node:internal/process/execution:0\n\n'}Uncaught ${shown}\n(Use \`node --trace-uncaught ...\` to show where the exception was thrown)\n${version}`,
    );
  }
  process.exitCode = 1;
  finish(1);
}

/** 'exit' is emitted once, then the process ends. */
function finish(code) {
  const process = require('process');
  try {
    process.reallyExit(code);
  } catch (error) {
    if (error?.code !== 'EXITING') throw error;
  }
}

function report(error) {
  if (error?.code === 'EXITING' || error === 'killed') return;
  fix(error);
  const process = require('process');
  if (process.listenerCount('uncaughtException') > 0) {
    try {
      process.emit('uncaughtException', error, 'uncaughtException');
    } catch (again) {
      if (again?.code !== 'EXITING') die(fix(again));
    }
    return;
  }
  die(error);
}

// Promises that were rejected while nobody listened; looked at when everything else that is due has run.
const candidates = new Set();
const handled = new WeakSet();

Object.defineProperty(Promise.prototype, 'constructor', {
  configurable: true,
  // await, then, catch and finally all ask a promise for its constructor: whoever asks will handle it.
  get() {
    handled.add(this);
    return Promise;
  },
  set(value) {
    Object.defineProperty(this, 'constructor', { value, writable: true, configurable: true });
  },
});

function track(promise) {
  candidates.add(promise);
  return promise;
}
Object.defineProperty(globalThis, '__track', {
  value: function __track(run) {
    return track(run());
  },
});

const { reject } = Promise;
Object.defineProperty(Promise, 'reject', {
  value: function (reason) {
    return track(reject.call(this, reason));
  },
  writable: true,
  configurable: true,
});
const { then } = Promise.prototype;
Object.defineProperty(Promise.prototype, 'then', {
  value: function (done, failed) {
    const next = then.call(this, done, typeof failed === 'function' ? (error) => failed(fix(error)) : failed);
    if (next instanceof Promise) track(next);
    return next;
  },
  writable: true,
  configurable: true,
});

/** True when something was done. */
function rejections() {
  let any = false;
  for (const promise of [...candidates]) {
    if (handled.has(promise)) {
      candidates.delete(promise);
      continue;
    }
    const { type, reason } = host.native.promiseState(promise);
    if (type === 'pending') continue;
    candidates.delete(promise);
    if (type !== 'rejected') continue;
    any = true;
    unhandled(fix(reason), promise);
  }
  return any;
}

function unhandled(reason, promise) {
  const process = require('process');
  if (reason?.code === 'EXITING') return;
  if (process.listenerCount('unhandledRejection') > 0) {
    try {
      process.emit('unhandledRejection', reason, promise);
    } catch (error) {
      report(error);
    }
    return;
  }
  if (reason instanceof Error) {
    if (process.listenerCount('uncaughtException') > 0) {
      process.emit('uncaughtException', reason, 'unhandledRejection');
      return;
    }
    return die(reason);
  }
  const { coded } = require('errors');
  const error = coded(
    Error,
    'ERR_UNHANDLED_REJECTION',
    `This error originated either by throwing inside of an async function without a catch block, or by rejecting a promise which was not handled with .catch(). The promise rejected with the reason "${require('util').inspect(reason)}".`,
  );
  host.call(
    'write',
    2,
    `node:internal/process/promises:389\n      new UnhandledPromiseRejection(reason);\n      ^\n\nUnhandledPromiseRejection: ${error.message}\n    at throwUnhandledRejectionsMode (node:internal/process/promises:389:7)\n    at processPromiseRejections (node:internal/process/promises:470:17)\n    at process.processTicksAndRejections (node:internal/process/task_queues:96:32) {\n  code: 'ERR_UNHANDLED_REJECTION'\n}\n\nNode.js ${process.version}\n`,
  );
  finish(1);
}

module.exports = { report, rejections, track, candidates };
