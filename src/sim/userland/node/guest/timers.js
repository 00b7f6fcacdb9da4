// Timers, immediates and ticks.
const { invalidType } = require('errors');

const queue = []; // by due time, then by age
const immediates = [];
const ticks = [];
let age = 0;
let batch = 0;

const now = () => host.call('monotonic');

class Timeout {
  constructor(callback, delay, args, repeat) {
    this._idleTimeout = delay;
    this._onTimeout = callback;
    this._repeat = repeat ? delay : null;
    this._destroyed = false;
    Object.defineProperties(this, {
      args: { value: args },
      due: { value: 0, writable: true },
      age: { value: 0, writable: true },
      refed: { value: true, writable: true },
      id: { value: ++age },
    });
    insert(this);
  }
  ref() {
    this.refed = true;
    return this;
  }
  unref() {
    this.refed = false;
    return this;
  }
  hasRef() {
    return this.refed;
  }
  refresh() {
    remove(this);
    insert(this);
    return this;
  }
  close() {
    clear(this);
    return this;
  }
  [Symbol.toPrimitive]() {
    return this.id;
  }
}

function insert(timer) {
  timer.due = Math.floor(now()) + timer._idleTimeout;
  timer.age = ++age;
  timer._destroyed = false;
  let at = queue.length;
  while (at > 0 && queue[at - 1].due > timer.due) at--;
  queue.splice(at, 0, timer);
}

function remove(timer) {
  const at = queue.indexOf(timer);
  if (at >= 0) queue.splice(at, 1);
}

function clear(timer) {
  if (typeof timer === 'number' || typeof timer === 'string') timer = queue.find(({ id }) => id === Number(timer));
  if (!(timer instanceof Timeout)) return;
  timer._destroyed = true;
  timer._repeat = null;
  remove(timer);
}

const milliseconds = (delay) => {
  delay = Number(delay);
  return delay >= 1 && delay <= 2147483647 ? Math.trunc(delay) : 1;
};

function check(callback) {
  if (typeof callback !== 'function') throw invalidType('callback', 'function', callback);
}

function setTimeout(callback, delay, ...args) {
  check(callback);
  return new Timeout(callback, milliseconds(delay), args, false);
}

function setInterval(callback, delay, ...args) {
  check(callback);
  return new Timeout(callback, milliseconds(delay), args, true);
}

class Immediate {
  constructor(callback, args) {
    this._onImmediate = callback;
    Object.defineProperties(this, {
      args: { value: args },
      refed: { value: true, writable: true },
      batch: { value: batch, writable: true },
    });
    immediates.push(this);
  }
  ref() {
    this.refed = true;
    return this;
  }
  unref() {
    this.refed = false;
    return this;
  }
  hasRef() {
    return this.refed;
  }
}

function setImmediate(callback, ...args) {
  check(callback);
  return new Immediate(callback, args);
}

function clearImmediate(immediate) {
  const at = immediates.indexOf(immediate);
  if (at >= 0) immediates.splice(at, 1);
}

/** Runs one thing that is due; true when there was one. */
function runOne(guard) {
  const timer = queue[0];
  // What timers of this turn add waits for the next.
  if (immediates.length > 0 && immediates[0].batch < batch) {
    const { _onImmediate, args } = immediates.shift();
    guard(() => _onImmediate(...args));
    return true;
  }
  if (timer && timer.due <= now()) {
    remove(timer);
    if (timer._repeat === null) timer._destroyed = true;
    guard(() => timer._onTimeout(...timer.args));
    if (timer._repeat !== null && !queue.includes(timer)) insert(timer);
    return true;
  }
  batch++;
  return immediates.length > 0;
}

module.exports = {
  setTimeout,
  setInterval,
  setImmediate,
  clearTimeout: clear,
  clearInterval: clear,
  clearImmediate,
  runOne,
  runTicks(guard) {
    let any = false;
    for (let tick = ticks.shift(); tick; tick = ticks.shift()) {
      any = true;
      guard(() => tick.callback(...tick.args));
      if (tick.micro) break;
    }
    return any;
  },
  hasTicks: () => ticks.length > 0,
  nextTick(callback, ...args) {
    check(callback);
    ticks.push({ callback, args });
  },
  alive: () => queue.some((timer) => timer.refed) || immediates.some((one) => one.refed),
  delay: () => (queue.length === 0 ? -1 : Math.max(0.01, queue[0].due - now())),
  Timeout,
};
