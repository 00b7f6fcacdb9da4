/** Stanzas of `Field: value` lines, as in control(5): dpkg's status, package indices, release files, *.sources. */

/** Field names keep their spelling and order; look-ups are by the usual spelling. */
export type Stanza = Map<string, string>;

export function parseStanza(text: string): Stanza {
  const stanza: Stanza = new Map();
  let field = '';
  for (const line of text.split('\n')) {
    if (line.startsWith('#')) continue;
    if (line.startsWith(' ') || line.startsWith('\t')) {
      if (field) stanza.set(field, `${stanza.get(field)}\n${line}`);
      continue;
    }
    const colon = line.indexOf(':');
    if (colon <= 0) continue;
    field = line.slice(0, colon);
    stanza.set(field, line.slice(colon + 1).trim());
  }
  return stanza;
}

export const parseStanzas = (text: string): Stanza[] =>
  text
    .split(/\n\s*\n/)
    .filter((part) => part.trim() !== '')
    .map(parseStanza);

export const formatStanza = (stanza: Stanza): string =>
  `${[...stanza].map(([name, value]) => (value === '' || value.startsWith('\n') ? `${name}:${value}` : `${name}: ${value}`)).join('\n')}\n`;
