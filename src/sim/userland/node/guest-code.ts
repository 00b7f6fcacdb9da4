/** The JavaScript that runs inside the engine: our layer (./guest), and libraries of npm that it is built of. */
const own = import.meta.glob<string>('./guest/*.js', { query: '?raw', import: 'default', eager: true });
const streams = import.meta.glob<string>('/node_modules/readable-stream/lib/**/*.js', {
  query: '?raw',
  import: 'default',
  eager: true,
});

import base64 from 'base64-js/index.js?raw';
import buffer from 'buffer/index.js?raw';
import ieee754 from 'ieee754/index.js?raw';
import path from 'path-browserify/index.js?raw';
import stringDecoder from 'string_decoder/lib/string_decoder.js?raw';

/** Module id -> source. */
export const guestCode: Readonly<Record<string, string>> = {
  ...Object.fromEntries(Object.entries(own).map(([file, code]) => [file.replace(/^\.\/guest\/|\.js$/g, ''), code])),
  ...Object.fromEntries(
    Object.entries(streams).map(([file, code]) => [file.replace('/node_modules/', '').replace(/\.js$/, ''), code]),
  ),
  'base64-js': base64,
  'npm-buffer': buffer,
  ieee754,
  path,
  string_decoder: stringDecoder,
};
