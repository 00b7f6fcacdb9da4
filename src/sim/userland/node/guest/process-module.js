exports.process = require('process');
