// What is done to a program's code before the engine sees it: the first line of a script goes, errors that are caught get
// V8's words, and promises of async functions are watched for rejections that nobody handles.
module.exports = function prepare(code, filename) {
  if (code.startsWith('\ufeff')) code = code.slice(1);
  if (code.startsWith('#!')) code = `//${code.slice(2)}`;
  if (filename.includes('/node_modules/')) return code;
  return host.call('prepare', code, require('cjs').isModule(filename)) ?? code;
};
