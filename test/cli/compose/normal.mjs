/** What differs from run to run and says nothing: ids, times, the order of what happens at the same time. */

/** Progress lines and log lines by what they are about; each thing's own lines keep their order. */
const subject = (line) =>
  /^ (Container|Network|Volume|Service) \S+/.exec(line)?.[0] ?? /^\S+ +\|/.exec(line)?.[0] ?? '';

function grouped(lines) {
  const out = [];
  for (let at = 0; at < lines.length; ) {
    let end = at;
    while (end < lines.length && subject(lines[end])) end++;
    out.push(...lines.slice(at, end).sort((a, b) => (subject(a) < subject(b) ? -1 : subject(a) > subject(b) ? 1 : 0)));
    if (end < lines.length) out.push(lines[end]);
    at = end + 1;
  }
  return out;
}

export function normal(text) {
  const plain = text
    .replace(/\r?\x1b\[2?K/g, '')
    .replace(/^(\S+) +\| /gm, '$1 | ')
    .replace(/time="[^"]*"/g, 'time=T')
    .replace(/\b[0-9a-f]{64}\b/g, 'ID')
    .replace(/\b[0-9a-f]{12}\b/g, 'ID');
  return grouped(plain.split('\n')).join('\n');
}
