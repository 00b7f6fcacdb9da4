// Runs what the command line names.
const process = require('process');
const path = require('path');
const { start } = host;

function runEsm(file) {
  const esm = require('esm');
  let result;
  try {
    const code = esm.source(file);
    result = host.native.evalModule(code, file);
  } catch (error) {
    const own = esm.takeFailure();
    throw own ?? require('syntax')(error, file);
  }
  if (result instanceof Promise) {
    const { reportModule } = {
      reportModule: (error) =>
        host.guard(() => {
          throw esm.takeFailure() ?? error;
        }),
    };
    result.then(() => {}, reportModule);
  }
}

function runScript() {
  const cjs = require('cjs');
  const wanted = path.resolve(start.script);
  process.argv = [process.execPath, wanted, ...start.args];
  preload();
  let file;
  try {
    file = cjs.Module._resolveFilename(wanted, undefined, true);
  } catch (error) {
    if (error.code !== 'MODULE_NOT_FOUND') throw error;
    Object.defineProperty(error, Symbol.for('drydock.head'), { value: true });
    throw error;
  }
  process.argv[1] = file;
  if (start.check) {
    cjs.compileFunction(require('prepare')(host.call('fs.text', file), file), file);
    return;
  }
  if (cjs.isModule(file)) runEsm(file);
  else
    (function executeUserEntryPoint() {
      cjs.Module._load(file, null, true);
    })();
}

function preload() {
  const cjs = require('cjs');
  if (start.preload.length === 0) return;
  const module = new cjs.Module('internal/preload');
  module.filename = path.join(process.cwd(), 'internal/preload');
  for (const name of start.preload) module.require(name);
}

function runText(code, name) {
  const cjs = require('cjs');
  process.argv = [process.execPath, ...(name === '[stdin]' ? ['-'] : []), ...start.args];
  const module = new cjs.Module(name);
  module.filename = path.join(process.cwd(), name);
  module.paths = cjs.Module._nodeModulePaths(process.cwd());
  const file = path.join(process.cwd(), name);
  for (const [key, value] of Object.entries({
    require: cjs.makeRequire(module),
    module,
    exports: module.exports,
    __filename: name,
    __dirname: '.',
  })) {
    Object.defineProperty(globalThis, key, { value, writable: true, configurable: true });
  }
  const { builtinModules } = cjs.Module;
  for (const id of builtinModules) {
    if (id.includes('/') || id in globalThis) continue;
    Object.defineProperty(globalThis, id, {
      configurable: true,
      get: () => cjs.loadBuiltin(id),
      set: (value) =>
        Object.defineProperty(globalThis, id, { value, writable: true, configurable: true, enumerable: true }),
    });
  }
  preload();
  host.sources.set(name, code);
  host.sources.set(file, code);
  if (start.module || (/^\s*(import\s+[\w{*'"]|export\s)/m.test(code) && start.module)) {
    return void runModuleText(code, `${file}.mjs`);
  }
  let value;
  try {
    value = host.native.evalScript(host.call('prepare', code, false) ?? code, name);
  } catch (error) {
    throw require('syntax')(error, name);
  }
  if (start.print) require('console').console.log(value);
}

function runModuleText(code, file) {
  const { esModules } = require('errors');
  esModules.add(file);
  host.sources.set(file, code);
  const result = host.native.evalModule(code, file);
  if (result instanceof Promise)
    result.then(
      () => {},
      (error) =>
        host.guard(() => {
          throw require('esm').takeFailure() ?? error;
        }),
    );
}

exports.main = () => {
  require('cjs');
  if (process.env.NODE_CHANNEL_FD !== undefined) require('ipc').attachProcess();
  if (start.mode === 'script') runScript();
  else if (start.mode === 'eval') runText(start.code, '[eval]');
  else if (start.mode === 'stdin') runText(start.code, '[stdin]');
  else require('repl').startRepl();
};
