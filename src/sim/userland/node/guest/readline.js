// readline: lines of a stream.
const EventEmitter = require('events');
const { StringDecoder } = require('string_decoder');

class Interface extends EventEmitter {
  constructor(input, output) {
    super();
    const options = input?.input ? input : { input, output };
    this.input = options.input;
    this.output = options.output;
    this.terminal = options.terminal ?? !!options.output?.isTTY;
    this._prompt = options.prompt ?? '> ';
    this.line = '';
    this.history = [];
    this.closed = false;
    this._questions = [];
    this._lines = [];
    const decoder = new StringDecoder('utf8');
    let rest = '';
    this._data = (bytes) => {
      const parts = (rest + (typeof bytes === 'string' ? bytes : decoder.write(bytes))).split(/\r\n|\n|\r/);
      rest = parts.pop();
      for (const line of parts) this._line(line);
    };
    this._end = () => {
      if (rest) this._line(rest);
      rest = '';
      this.close();
    };
    this.input.on('data', this._data);
    this.input.on('end', this._end);
    this.input.resume?.();
    options.signal?.addEventListener('abort', () => this.close(), { once: true });
  }
  _line(line) {
    if (this.closed) return;
    const question = this._questions.shift();
    if (question) question(line);
    else this.emit('line', line);
  }
  setPrompt(prompt) {
    this._prompt = prompt;
  }
  getPrompt() {
    return this._prompt;
  }
  prompt() {
    this.output?.write(this._prompt);
    this.resume();
  }
  question(text, options, callback = options) {
    if (this.closed) throw require('errors').coded(Error, 'ERR_USE_AFTER_CLOSE', 'readline was closed');
    this.output?.write(text);
    this._questions.push(callback);
    this.resume();
  }
  write(data) {
    this.output?.write(data);
  }
  pause() {
    if (!this.paused) {
      this.paused = true;
      this.input.pause?.();
      this.emit('pause');
    }
    return this;
  }
  resume() {
    if (this.paused) {
      this.paused = false;
      this.emit('resume');
    }
    this.input.resume?.();
    return this;
  }
  close() {
    if (this.closed) return;
    this.closed = true;
    this.input.removeListener('data', this._data);
    this.input.removeListener('end', this._end);
    this.pause();
    this.emit('close');
  }
  async *[Symbol.asyncIterator]() {
    const queue = [];
    let wake = () => {};
    let over = this.closed;
    this.on('line', (line) => {
      queue.push(line);
      wake();
    });
    this.on('close', () => {
      over = true;
      wake();
    });
    for (;;) {
      while (queue.length > 0) yield queue.shift();
      if (over) return;
      await new Promise((resolve) => {
        wake = resolve;
      });
    }
  }
}
const put = (stream, text, callback) => {
  stream.write(text, callback);
  return true;
};
class Promised extends Interface {
  question(text) {
    return new Promise((resolve) => super.question(text, resolve));
  }
}
module.exports = {
  Interface,
  createInterface: (input, output) => new Interface(input, output),
  clearLine: (stream, way, callback) =>
    put(stream, way < 0 ? '\u001b[1K' : way > 0 ? '\u001b[0K' : '\u001b[2K', callback),
  clearScreenDown: (stream, callback) => put(stream, '\u001b[0J', callback),
  cursorTo: (stream, x, y, callback) =>
    typeof y === 'number' ? put(stream, `\u001b[${y + 1};${x + 1}H`, callback) : put(stream, `\u001b[${x + 1}G`, y),
  moveCursor: (stream, dx, dy, callback) =>
    put(
      stream,
      `${dx > 0 ? `\u001b[${dx}C` : dx < 0 ? `\u001b[${-dx}D` : ''}${dy > 0 ? `\u001b[${dy}B` : dy < 0 ? `\u001b[${-dy}A` : ''}`,
      callback,
    ),
  emitKeypressEvents() {},
  promises: { Interface: Promised, createInterface: (input, output) => new Promised(input, output) },
};
