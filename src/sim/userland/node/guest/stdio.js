// process.stdin, stdout, stderr.
const { Readable, Writable } = require('stream');

function output(fd) {
  const stream = new Writable({
    decodeStrings: false,
    write(chunk, encoding, done) {
      const text = typeof chunk === 'string' && /^(utf-?8)$/i.test(encoding);
      host.call(
        'write',
        fd,
        text ? chunk : host.bytes(typeof chunk === 'string' ? Buffer.from(chunk, encoding) : chunk),
      );
      done();
    },
  });
  stream.fd = fd;
  stream._type = host.call('isatty', fd) ? 'tty' : 'pipe';
  stream.destroySoon = stream.destroy;
  stream._destroy = (error, callback) => callback(error);
  if (stream._type === 'tty') {
    const { columns, rows } = host.call('winsize', fd);
    Object.assign(stream, {
      isTTY: true,
      columns,
      rows,
      getColorDepth: () => 8,
      hasColors: () => true,
      getWindowSize: () => [columns, rows],
      cursorTo: (x, y, callback) => require('readline').cursorTo(stream, x, y, callback),
      clearLine: (way, callback) => require('readline').clearLine(stream, way, callback),
      moveCursor: (x, y, callback) => require('readline').moveCursor(stream, x, y, callback),
      clearScreenDown: (callback) => require('readline').clearScreenDown(stream, callback),
    });
  }
  return stream;
}

function input() {
  let reading;
  const stream = new Readable({
    highWaterMark: 65536,
    read() {
      if (reading !== undefined) return;
      reading = host.async('read', [0, 65536], (error, bytes) => {
        reading = undefined;
        if (error) stream.destroy(Object.assign(new Error(`${error.code}: ${error.text}, read`), { code: error.code }));
        else stream.push(bytes.byteLength === 0 ? null : Buffer.from(bytes));
      });
    },
  });
  // A terminal that nobody reads from any more does not keep the process.
  stream.on('pause', () => reading !== undefined && host.ref(reading, false));
  stream.on('resume', () => reading !== undefined && host.ref(reading, true));
  stream.fd = 0;
  stream.ref = () => {
    if (reading !== undefined) host.ref(reading, true);
    return stream;
  };
  stream.unref = () => {
    if (reading !== undefined) host.ref(reading, false);
    return stream;
  };
  if (host.call('isatty', 0)) {
    stream.isTTY = true;
    stream.isRaw = false;
    stream.setRawMode = (on) => {
      host.call('rawMode', 0, on);
      stream.isRaw = on;
      return stream;
    };
  }
  return stream;
}

module.exports = (fd) => (fd === 0 ? input() : output(fd));
