// A SyntaxError of a file, in V8's form.
const { NativeError } = require('errors');

module.exports = function syntaxError(error, filename) {
  if (!(error instanceof NativeError) || error.name !== 'SyntaxError') return error;
  const line = Number(/:(\d+):(\d+)/.exec(error.stack ?? '')?.[1] ?? error.lineNumber ?? 1);
  const column = Number(/:(\d+):(\d+)/.exec(error.stack ?? '')?.[2] ?? 1);
  const better = host.call('syntax', host.sources.get(filename) ?? '', filename.endsWith('.mjs'));
  const out = new SyntaxError(better?.message ?? error.message);
  const place = better ?? { line, column };
  Object.defineProperty(out, Symbol.for('drydock.place'), { value: { file: filename, ...place } });
  return out;
};
