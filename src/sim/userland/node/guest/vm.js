// vm: code in this context; a context of its own is not simulated.
const runInThisContext = (code, options) =>
  host.native.evalScript(
    code,
    (typeof options === 'string' ? options : options?.filename) ?? 'evalmachine.<anonymous>',
  );
class Script {
  constructor(code, options) {
    this.code = code;
    this.options = options;
  }
  runInThisContext() {
    return runInThisContext(this.code, this.options);
  }
  runInNewContext(sandbox) {
    return runInNewContext(this.code, sandbox);
  }
  runInContext(sandbox) {
    return runInNewContext(this.code, sandbox);
  }
}
/** Differs from node: the globals of the outside are seen as well. */
function runInNewContext(code, sandbox = {}) {
  const scope = new Proxy(sandbox, {
    has: () => true,
    get: (target, key) => (key in target ? target[key] : key === Symbol.unscopables ? undefined : globalThis[key]),
  });
  return new Function('scope', 'code', 'with (scope) { return eval(code); }')(scope, code);
}
module.exports = {
  Script,
  runInThisContext,
  runInNewContext,
  runInContext: runInNewContext,
  createContext: (sandbox = {}) => sandbox,
  isContext: () => true,
};
