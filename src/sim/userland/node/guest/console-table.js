// The boxes of console.table.
const { inspect } = require('inspect');

const show = (value) =>
  inspect(value, {
    maxArrayLength: 3,
    breakLength: Infinity,
    depth:
      value !== null && typeof value === 'object' && !Array.isArray(value) && Object.keys(value).length > 2 ? -1 : 0,
  });
const wide = (text) => [...text].length;

function draw(columns, rows) {
  const widths = columns.map((name, i) => Math.max(wide(name), ...rows.map((row) => wide(row[i] ?? ''))) + 2);
  const cell = (text, width) => {
    const left = Math.floor((width - wide(text)) / 2);
    return ' '.repeat(left) + text + ' '.repeat(width - wide(text) - left);
  };
  const line = (texts) => `│${texts.map((text, i) => cell(text ?? '', widths[i])).join('│')}│`;
  const bars = widths.map((width) => '─'.repeat(width));
  return [`┌${bars.join('┬')}┐`, line(columns), `├${bars.join('┼')}┤`, ...rows.map(line), `└${bars.join('┴')}┘`].join(
    '\n',
  );
}

module.exports = function table(data, wanted) {
  const isMap = data instanceof Map;
  const index = isMap || data instanceof Set ? '(iteration index)' : '(index)';
  const entries = isMap
    ? [...data].map(([key, value], i) => [String(i), value, key])
    : data instanceof Set
      ? [...data].map((value, i) => [String(i), value])
      : Object.keys(data).map((key) => [key, data[key]]);
  const columns = [];
  let plain = false;
  for (const [, value] of entries) {
    if (value === null || (typeof value !== 'object' && typeof value !== 'function')) plain = true;
    else for (const key of wanted ?? Object.keys(value)) if (!columns.includes(key)) columns.push(key);
  }
  const heads = [index, ...(isMap ? ['Key'] : []), ...columns, ...(plain || isMap ? ['Values'] : [])];
  const rows = entries.map(([key, value, mapKey]) => {
    const primitive = value === null || (typeof value !== 'object' && typeof value !== 'function');
    return [
      key,
      ...(isMap ? [show(mapKey)] : []),
      ...columns.map((name) => (!primitive && Object.hasOwn(value, name) ? show(value[name]) : '')),
      ...(plain || isMap ? [primitive || isMap ? show(value) : ''] : []),
    ];
  });
  return draw(heads, rows);
};
