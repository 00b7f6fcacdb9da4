// Where a JSON text is wrong, as V8 tells it.
function find(text) {
  let at = 0;
  const fail = (what) => {
    throw { at, what };
  };
  const space = () => {
    while (' \t\n\r'.includes(text[at] ?? 'x')) at++;
  };
  const string = () => {
    at++;
    for (; text[at] !== '"'; at++) {
      if (at >= text.length) fail('Unterminated string');
      if (text[at] < ' ') fail('Bad control character in string literal');
      if (text[at] !== '\\') continue;
      at++;
      if (text[at] === 'u' && !/^[\da-f]{4}$/i.test(text.slice(at + 1, at + 5))) fail('Bad Unicode escape');
      else if (!'"\\/bfnrtu'.includes(text[at] ?? 'x')) fail('Bad escaped character');
    }
    at++;
  };
  const value = () => {
    space();
    const char = text[at];
    if (char === '{') {
      at++;
      space();
      if (text[at] === '}') return void at++;
      for (let first = true; ; first = false) {
        space();
        if (text[at] !== '"')
          fail(
            at >= text.length
              ? 'end'
              : first
                ? "Expected property name or '}'"
                : 'Expected double-quoted property name',
          );
        string();
        space();
        if (text[at] !== ':') fail(at >= text.length ? 'end' : "Expected ':' after property name");
        at++;
        value();
        space();
        if (text[at] === '}') return void at++;
        if (text[at] !== ',') fail(at >= text.length ? 'end' : "Expected ',' or '}' after property value");
        at++;
      }
    }
    if (char === '[') {
      at++;
      space();
      if (text[at] === ']') return void at++;
      for (;;) {
        value();
        space();
        if (text[at] === ']') return void at++;
        if (text[at] !== ',') fail(at >= text.length ? 'end' : "Expected ',' or ']' after array element");
        at++;
      }
    }
    if (char === '"') return string();
    for (const word of ['true', 'false', 'null']) {
      if (char !== word[0]) continue;
      for (const letter of word) {
        if (text[at] !== letter) fail(at >= text.length ? 'end' : 'token');
        at++;
      }
      return undefined;
    }
    const number = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/.exec(text.slice(at));
    if (!number) fail(at >= text.length ? 'end' : char === '-' ? 'No number after minus sign' : 'token');
    at += number[0].length;
    return undefined;
  };
  try {
    value();
    space();
    if (at < text.length) fail('Unexpected non-whitespace character after JSON');
  } catch (problem) {
    return problem;
  }
  return { at, what: 'token' };
}

module.exports = function describe(text) {
  const { at, what } = find(text);
  if (what === 'end') {
    return text === '' || true ? 'Unexpected end of JSON input' : '';
  }
  if (what !== 'token') {
    return `${what} in JSON at position ${at}`.replace('JSON in JSON', 'JSON');
  }
  const token = `Unexpected token '${text[at]}', `;
  if (text.length <= 40) return `${token}"${text}" is not valid JSON`;
  const start = Math.max(0, at - 10);
  const end = Math.min(text.length, at + 10);
  return `${token}${start > 0 ? '...' : ''}"${text.slice(start, end)}"${end < text.length ? '... ' : ' '}is not valid JSON`;
};

module.exports.circular = function circular(root) {
  const path = [];
  const search = (value, key) => {
    if (value === null || typeof value !== 'object') return undefined;
    const at = path.findIndex((one) => one.value === value);
    if (at >= 0) return { at, key };
    path.push({ value, key });
    for (const name of Object.keys(value)) {
      const found = search(value[name], Array.isArray(value) ? `index ${name}` : `property '${name}'`);
      if (found) return found;
    }
    path.pop();
    return undefined;
  };
  const found = search(root, '');
  const head = 'Converting circular structure to JSON';
  if (!found) return head;
  const name = ({ value }) => `object with constructor '${value.constructor?.name ?? 'Object'}'`;
  const loop = path.slice(found.at);
  const lines = [`    --> starting at ${name(loop[0])}`];
  if (loop.length === 2) lines.push(`    |     ${loop[1].key} -> ${name(loop[1])}`);
  else if (loop.length > 2) {
    lines.push(`    |     ${loop[1].key} -> ${name(loop[1])}`);
    if (loop.length > 3) lines.push('    |     ...');
    if (loop.length >= 3) lines.push(`    |     ${loop.at(-1).key} -> ${name(loop.at(-1))}`);
  }
  lines.push(`    --- ${found.key} closes the circle`);
  return `${head}\n${lines.join('\n')}`;
};
