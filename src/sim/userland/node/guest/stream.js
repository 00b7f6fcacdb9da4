// stream: readable-stream, which is node's own.
module.exports = require('readable-stream/lib/stream');
