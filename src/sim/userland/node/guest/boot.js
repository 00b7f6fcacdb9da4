// The first code of a node process: makes the global object node's, and gives the event loop its hooks.
(start) => {
  const call = globalThis.__call;
  const begin = globalThis.__start;
  const native = {
    compile: globalThis.__compile,
    evalScript: globalThis.__evalScript,
    evalModule: globalThis.__evalModule,
    promiseState: globalThis.__promiseState,
  };
  for (const name of ['__call', '__start', '__compile', '__evalScript', '__evalModule', '__promiseState']) {
    delete globalThis[name];
  }

  const pending = new Map();
  const host = {
    start,
    native,
    call,
    /** Starts a call of the system that takes its time. */
    async(name, args, callback, ref = true) {
      const id = begin(name, ...args);
      pending.set(id, { callback, ref });
      return id;
    },
    ref(id, on) {
      const entry = pending.get(id);
      if (entry) entry.ref = on;
    },
    bytes: (view) =>
      view.byteOffset === 0 && view.byteLength === view.buffer.byteLength
        ? view.buffer
        : view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength),
  };

  // Our own modules and the libraries they stand on; `require` of the program reaches those that are node's.
  const cache = new Map();
  const alias = {
    'process/': 'process',
    'string_decoder/': 'string_decoder',
    'safe-buffer': 'buffer',
    'abort-controller': 'web',
    'node:timers': 'timers',
  };
  const load = (id) => {
    const known = cache.get(id);
    if (known) return known.exports;
    const code = call('source', id);
    if (code === undefined) throw new Error(`no internal module ${id}`);
    const module = { exports: {}, id };
    cache.set(id, module);
    native.compile(code, `node:${id}`)(module.exports, (wanted) => load(resolve(id, wanted)), module, host);
    return module.exports;
  };
  const resolve = (from, wanted) => {
    if (alias[wanted]) return alias[wanted];
    if (!wanted.startsWith('.')) return from === 'buffer' && wanted === 'buffer' ? 'npm-buffer' : wanted;
    const parts = from.split('/').slice(0, -1);
    for (const part of wanted.replace(/\.js$/, '').split('/')) {
      if (part === '..') parts.pop();
      else if (part !== '.') parts.push(part);
    }
    return parts.join('/');
  };
  host.load = load;

  load('errors');
  load('globals');
  const timers = load('timers');
  const process = load('process');
  const { report } = load('uncaught');
  const guard = (run) => {
    try {
      return run();
    } catch (error) {
      report(error);
      return undefined;
    }
  };
  host.guard = guard;

  const alive = () => {
    if (timers.alive()) return true;
    for (const { ref } of pending.values()) if (ref) return true;
    return false;
  };

  return {
    main: () => guard(() => load('main').main()),
    /** Runs what process.nextTick was given; true when there was any. */
    ticks: () => timers.runTicks(guard),
    rejections: () => load('uncaught').rejections(),
    completed(id, error, value) {
      const entry = pending.get(id);
      pending.delete(id);
      if (entry) guard(() => entry.callback(error, value));
    },
    /** Timers and immediates that are due; how long to sleep (ms), 0: not at all, -1: without end, -2: nothing is left. */
    turn() {
      if (timers.runOne(guard)) return 0;
      if (!alive()) return -2;
      return timers.delay();
    },
    finish() {
      guard(() => process.emit('beforeExit', process.exitCode ?? 0));
      if (!alive() && !timers.hasTicks()) process.reallyExit(process.exitCode);
    },
    moduleSource: (name) => load('esm').source(name),
    moduleResolve: (from, to) => load('esm').resolve(from, to),
  };
};
