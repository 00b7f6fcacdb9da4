// Messages between node processes: lines of JSON on a socket (NODE_CHANNEL_FD), as node's own.
const { coded } = require('errors');
const process = require('process');
const { Buffer } = require('buffer');
const { StringDecoder } = require('string_decoder');

/** Gives `owner` send, disconnect and connected; what it returns begins with the descriptor. */
function attach(owner) {
  let fd;
  let reading;
  let rest = '';
  const decoder = new StringDecoder();
  const queue = [];
  const write = (text, callback) =>
    host.async('writeAll', [fd, host.bytes(Buffer.from(text))], (failure) => {
      const error = failure ? Object.assign(new Error(`write ${failure.code}`), { code: failure.code }) : null;
      if (callback) callback(error);
      else if (error && owner.connected) owner.emit('error', error);
    });
  const ended = () => {
    if (!owner.connected) return;
    owner.connected = false;
    owner.channel = null;
    if (fd !== undefined) host.call('net.close', fd);
    owner.emit('disconnect');
  };
  const read = () => {
    reading = host.async('read', [fd, 65536], (failure, bytes) => {
      if (failure || bytes.byteLength === 0) return ended();
      rest += decoder.write(Buffer.from(bytes));
      for (let end = rest.indexOf('\n'); end >= 0; end = rest.indexOf('\n')) {
        const message = JSON.parse(rest.slice(0, end));
        rest = rest.slice(end + 1);
        owner.emit(String(message?.cmd ?? '').startsWith('NODE_') ? 'internalMessage' : 'message', message);
      }
      if (owner.connected) read();
    });
    host.ref(reading, owner.channel.refs);
  };
  owner.connected = true;
  owner.channel = {
    refs: true,
    ref() {
      owner.channel.refs = true;
      if (reading !== undefined) host.ref(reading, true);
    },
    unref() {
      owner.channel.refs = false;
      if (reading !== undefined) host.ref(reading, false);
    },
  };
  owner.send = (message, handle, options, callback) => {
    const done = [handle, options, callback].find((one) => typeof one === 'function');
    if (message === undefined) throw coded(TypeError, 'ERR_MISSING_ARGS', 'The "message" argument must be specified');
    if (!owner.connected) {
      const error = coded(Error, 'ERR_IPC_CHANNEL_CLOSED', 'Channel closed');
      if (done) process.nextTick(done, error);
      else process.nextTick(() => owner.emit('error', error));
      return false;
    }
    const text = `${JSON.stringify(message)}\n`;
    if (fd === undefined) queue.push([text, done]);
    else write(text, done);
    return true;
  };
  owner.disconnect = () => ended();
  return (real) => {
    fd = real;
    for (const one of queue.splice(0)) write(...one);
    read();
  };
}

/** What a parent gave this process; it keeps it alive only for who listens. */
function attachProcess() {
  const given = process.env.NODE_CHANNEL_FD;
  if (given === undefined) return;
  delete process.env.NODE_CHANNEL_FD;
  delete process.env.NODE_CHANNEL_SERIALIZATION_MODE;
  const begin = attach(process);
  process.channel.refs = false;
  begin(Number(given));
  const listens = (name) => name === 'message' || name === 'disconnect';
  const count = () => process.listenerCount('message') + process.listenerCount('disconnect');
  process.on('newListener', (name) => listens(name) && process.channel?.ref());
  process.on('removeListener', (name) => listens(name) && count() === 0 && process.channel?.unref());
}

exports.attach = attach;
exports.attachProcess = attachProcess;
