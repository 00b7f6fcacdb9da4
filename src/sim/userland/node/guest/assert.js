// assert.
const { inspect } = require('inspect');
const { coded, invalidType, printed, sourceLine } = require('errors');
const equal = require('deep-equal');

const shown = (value) =>
  inspect(value, {
    compact: false,
    customInspect: false,
    depth: 1000,
    maxArrayLength: Infinity,
    showHidden: false,
    breakLength: Infinity,
    sorted: true,
    getters: true,
  });

const heads = {
  deepStrictEqual: 'Expected values to be strictly deep-equal:',
  strictEqual: 'Expected values to be strictly equal:',
  deepEqual: 'Expected values to be loosely deep-equal:',
  notDeepStrictEqual: 'Expected "actual" not to be strictly deep-equal to:',
  notStrictEqual: 'Expected "actual" to be strictly unequal to:',
  notDeepEqual: 'Expected "actual" not to be loosely deep-equal to:',
};

/** Lines of two texts, with + and - before those that differ. */
function difference(actual, expected) {
  const a = actual.split('\n');
  const b = expected.split('\n');
  const table = Array.from({ length: a.length + 1 }, () => new Array(b.length + 1).fill(0));
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      table[i][j] = a[i] === b[j] ? table[i + 1][j + 1] + 1 : Math.max(table[i + 1][j], table[i][j + 1]);
  const out = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      out.push(`  ${a[i++]}`);
      j++;
    } else if (i < a.length && (j >= b.length || table[i + 1][j] >= table[i][j + 1])) out.push(`+ ${a[i++]}`);
    else out.push(`- ${b[j++]}`);
  }
  return out.join('\n');
}

function text(operator, actual, expected) {
  const [a, b] = [shown(actual), shown(expected)];
  if (operator === 'strictEqual' || operator === 'deepStrictEqual') {
    const primitive = (value) => value === null || (typeof value !== 'object' && typeof value !== 'function');
    if (
      primitive(actual) &&
      primitive(expected) &&
      !a.includes('\n') &&
      !b.includes('\n') &&
      a.length + b.length <= 56 &&
      (actual !== 0 || expected !== 0)
    ) {
      return `${heads[operator]}\n\n${a} !== ${b}\n`;
    }
    return `${heads[operator]}\n+ actual - expected\n\n${difference(a, b)}`;
  }
  if (operator === 'notStrictEqual' || operator === 'notDeepStrictEqual') {
    const one = a.split('\n').length === 1;
    return `${heads[operator]}${one ? ` ${a}` : `\n\n${a}\n`}`;
  }
  if (operator === 'deepEqual') return `${heads.deepEqual}\n\n${a}\n\nshould loosely deep-equal\n\n${b}`;
  if (operator === 'notDeepEqual') return `${heads.notDeepEqual}\n\n${a}`;
  return `${inspect(actual)} ${operator} ${inspect(expected)}`;
}

class AssertionError extends Error {
  constructor({ message, actual, expected, operator, stackStartFn }) {
    const generated = message === undefined || message === null;
    super(generated ? text(operator, actual, expected) : String(message));
    Object.defineProperty(this, 'name', {
      value: 'AssertionError',
      enumerable: false,
      writable: true,
      configurable: true,
    });
    this.generatedMessage = generated;
    this.code = 'ERR_ASSERTION';
    this.actual = actual;
    this.expected = expected;
    this.operator = operator;
    Error.captureStackTrace(this, stackStartFn);
    Object.defineProperty(this, 'stack', {
      value: this.stack.replace(/^AssertionError/, 'AssertionError [ERR_ASSERTION]'),
      writable: true,
      configurable: true,
      enumerable: false,
    });
  }
}

function fail(details) {
  if (details.message instanceof Error) throw details.message;
  throw new AssertionError(details);
}

function innerOk(fn, count, value, message) {
  if (value) return;
  let generated = false;
  if (count === 0) {
    generated = true;
    message = 'No value argument passed to `assert.ok()`';
  } else if (message === undefined) {
    generated = true;
    const probe = {};
    Error.captureStackTrace(probe, fn);
    const line = sourceLine(printed(probe.stack)[0]) ?? '';
    const call = /\bassert(?:\.ok|\.strict)?\s*\((.*)\)/.exec(line);
    message = call
      ? `The expression evaluated to a falsy value:\n\n  ${call[0]}\n`
      : 'The expression evaluated to a falsy value';
  } else if (message instanceof Error) throw message;
  const error = new AssertionError({ actual: value, expected: true, message, operator: '==', stackStartFn: fn });
  error.generatedMessage = generated;
  throw error;
}

function assert(...args) {
  innerOk(assert, args.length, ...args);
}
const compare = (name, test) => {
  assert[name] = {
    [name]: function (actual, expected, message) {
      if (arguments.length < 2)
        throw coded(TypeError, 'ERR_MISSING_ARGS', 'The "actual" and "expected" arguments must be specified');
      if (!test(actual, expected))
        fail({ actual, expected, message, operator: operators[name] ?? name, stackStartFn: assert[name] });
    },
  }[name];
};
const operators = { equal: '==', notEqual: '!=' };
compare('equal', (a, b) => a == b || (a !== a && b !== b));
compare('notEqual', (a, b) => !(a == b || (a !== a && b !== b)));
compare('strictEqual', Object.is);
compare('notStrictEqual', (a, b) => !Object.is(a, b));
compare('deepEqual', (a, b) => equal(a, b, false));
compare('notDeepEqual', (a, b) => !equal(a, b, false));
compare('deepStrictEqual', (a, b) => equal(a, b, true));
compare('notDeepStrictEqual', (a, b) => !equal(a, b, true));

assert.ok = function ok(...args) {
  innerOk(ok, args.length, ...args);
};
assert.fail = (message = 'Failed') => {
  if (message instanceof Error) throw message;
  throw new AssertionError({ message, operator: 'fail', stackStartFn: assert.fail });
};
assert.ifError = (value) => {
  if (value !== null && value !== undefined)
    throw Object.assign(
      new AssertionError({
        actual: value,
        expected: null,
        operator: 'ifError',
        message: `ifError got unwanted exception: ${value.message ?? inspect(value)}`,
      }),
    );
};
assert.match = (value, pattern, message) => {
  if (typeof value !== 'string' || !pattern.test(value))
    fail({
      actual: value,
      expected: pattern,
      message:
        message ?? `The input did not match the regular expression ${inspect(pattern)}. Input:\n\n${inspect(value)}\n`,
      operator: 'match',
      stackStartFn: assert.match,
    });
};
assert.doesNotMatch = (value, pattern, message) => {
  if (pattern.test(value))
    fail({
      actual: value,
      expected: pattern,
      message:
        message ??
        `The input was expected to not match the regular expression ${inspect(pattern)}. Input:\n\n${inspect(value)}\n`,
      operator: 'doesNotMatch',
      stackStartFn: assert.doesNotMatch,
    });
};

function expected(error, wanted, message) {
  if (wanted === undefined || typeof wanted === 'string') return;
  if (typeof wanted === 'function') {
    if (wanted.prototype !== undefined && error instanceof wanted) return;
    if (Error.isPrototypeOf.call(Error, wanted)) throw error;
    if (wanted.prototype === undefined || !(wanted.prototype instanceof Error)) {
      if (wanted.call({}, error) === true) return;
      throw new AssertionError({
        message:
          message ??
          `The ${wanted.name ? `"${wanted.name}" ` : ''}validation function is expected to return "true". Received ${inspect(wanted.call({}, error))}\n\nCaught error:\n\n${error}`,
        actual: error,
        expected: wanted,
        operator: 'throws',
      });
    }
    throw error;
  }
  if (wanted instanceof RegExp) {
    if (wanted.test(String(error))) return;
    throw new AssertionError({
      message:
        message ??
        `The input did not match the regular expression ${inspect(wanted)}. Input:\n\n${inspect(String(error))}\n`,
      actual: error,
      expected: wanted,
      operator: 'throws',
    });
  }
  const keys = wanted instanceof Error ? ['name', 'message', ...Object.keys(wanted)] : Object.keys(wanted);
  for (const key of keys) {
    if (wanted[key] instanceof RegExp && typeof error[key] === 'string' && wanted[key].test(error[key])) continue;
    if (!equal(error[key], wanted[key], true))
      throw new AssertionError({
        message:
          message ??
          `Expected values to be strictly deep-equal:\n+ actual - expected\n\n${difference(shown({ [key]: error[key] }), shown({ [key]: wanted[key] }))}`,
        actual: error,
        expected: wanted,
        operator: 'throws',
      });
  }
}
assert.throws = function throws(fn, wanted, message) {
  if (typeof fn !== 'function') throw invalidType('fn', 'function', fn);
  let caught;
  let any = false;
  try {
    fn();
  } catch (error) {
    any = true;
    caught = error;
  }
  if (typeof wanted === 'string') [wanted, message] = [undefined, wanted];
  if (!any)
    fail({
      message: `Missing expected exception${wanted?.name ? ` (${wanted.name})` : ''}${message ? `: ${message}` : '.'}`,
      expected: wanted,
      operator: 'throws',
      stackStartFn: throws,
    });
  expected(caught, wanted, message);
};
assert.rejects = async function rejects(promise, wanted, message) {
  let caught;
  let any = false;
  try {
    await (typeof promise === 'function' ? promise() : promise);
  } catch (error) {
    any = true;
    caught = error;
  }
  if (!any)
    fail({
      message: `Missing expected rejection${wanted?.name ? ` (${wanted.name})` : ''}${message ? `: ${message}` : '.'}`,
      expected: wanted,
      operator: 'rejects',
      stackStartFn: rejects,
    });
  expected(caught, wanted, message);
};
assert.doesNotThrow = function doesNotThrow(fn, _wanted, message) {
  try {
    fn();
  } catch (error) {
    fail({
      actual: error,
      message: `Got unwanted exception${message ? `: ${message}` : '.'}\nActual message: "${error?.message}"`,
      operator: 'doesNotThrow',
      stackStartFn: doesNotThrow,
    });
  }
};
assert.doesNotReject = async (promise) => void (await (typeof promise === 'function' ? promise() : promise));
assert.AssertionError = AssertionError;
assert.strict = Object.assign(
  function strict(...args) {
    innerOk(strict, args.length, ...args);
  },
  assert,
  {
    equal: assert.strictEqual,
    notEqual: assert.notStrictEqual,
    deepEqual: assert.deepStrictEqual,
    notDeepEqual: assert.notDeepStrictEqual,
  },
);
assert.strict.strict = assert.strict;
module.exports = assert;
