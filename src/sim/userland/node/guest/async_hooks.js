// async_hooks: only what needs no hooks into promises.
class AsyncResource {
  constructor(type) {
    this.type = type;
  }
  runInAsyncScope(fn, self, ...args) {
    return fn.apply(self, args);
  }
  emitDestroy() {
    return this;
  }
  asyncId() {
    return 1;
  }
  triggerAsyncId() {
    return 0;
  }
  bind(fn) {
    return fn.bind(this);
  }
  static bind(fn) {
    return fn;
  }
}
/** Differs from node: the store is known within run() and what it calls, not in what that leaves for later. */
class AsyncLocalStorage {
  run(store, fn, ...args) {
    const before = this.store;
    this.store = store;
    try {
      return fn(...args);
    } finally {
      this.store = before;
    }
  }
  getStore() {
    return this.store;
  }
  enterWith(store) {
    this.store = store;
  }
  exit(fn, ...args) {
    return this.run(undefined, fn, ...args);
  }
  disable() {
    this.store = undefined;
  }
}
module.exports = {
  AsyncResource,
  AsyncLocalStorage,
  executionAsyncId: () => 1,
  triggerAsyncId: () => 0,
  createHook: () => ({ enable() {}, disable() {} }),
};
