// querystring.
const escape = (text) => encodeURIComponent(String(text).toWellFormed());
const unescape = (text) => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text.replace(/%([\da-f]{2})/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
  }
};
const shown = (value) =>
  ['string', 'bigint', 'boolean'].includes(typeof value) || (typeof value === 'number' && Number.isFinite(value))
    ? escape(value)
    : '';
function stringify(object, separator = '&', equals = '=') {
  if (object === null || typeof object !== 'object') return '';
  return Object.keys(object)
    .flatMap((key) => [object[key]].flat().map((value) => `${escape(key)}${equals}${shown(value)}`))
    .join(separator);
}
function parse(text, separator = '&', equals = '=', { maxKeys = 1000, decodeURIComponent: decode = unescape } = {}) {
  const out = Object.create(null);
  if (typeof text !== 'string' || text === '') return out;
  let pairs = text.split(separator);
  if (maxKeys > 0) pairs = pairs.slice(0, maxKeys);
  for (const pair of pairs) {
    if (pair === '') continue;
    const at = pair.indexOf(equals);
    const [key, value] = (at < 0 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + equals.length)]).map((one) =>
      decode(one.replaceAll('+', ' ')),
    );
    if (!(key in out)) out[key] = value;
    else if (Array.isArray(out[key])) out[key].push(value);
    else out[key] = [out[key], value];
  }
  return out;
}
module.exports = { parse, stringify, escape, unescape, decode: parse, encode: stringify };
