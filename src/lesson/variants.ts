/**
 * Variants of a lesson by seed: `variants: { port: ["8080", "8081"] }` in lesson.yaml, `{{port}}` anywhere in its files.
 * One seed gives one value of each, the same on every machine; two students need not have the same.
 */
import { parse as parseYaml } from 'yaml';

export type Variants = Readonly<Record<string, readonly string[]>>;

const placeholder = /\{\{([a-z][a-z0-9_-]*)\}\}/g;
/** Of Go's templates, which `docker --format` takes. */
const goWords = new Set(['end', 'else', 'break', 'continue']);

/** What `variants` says, read before the placeholders are filled; none when there is none, or it is no such map. */
export function variantsOf(yaml: string): Variants {
  if (!/^variants:/m.test(yaml)) return {};
  const raw = (parseYaml(yaml.replace(placeholder, '0')) as { variants?: unknown } | null)?.variants;
  if (typeof raw !== 'object' || raw === null) return {};
  return Object.fromEntries(
    Object.entries(raw).map(([name, values]) => [name, Array.isArray(values) ? values.map(String) : []]),
  );
}

/** The values of one seed. */
export const chosen = (lesson: string, variants: Variants, seed: number): Record<string, string> =>
  Object.fromEntries(
    Object.entries(variants).map(([name, values]) => [
      name,
      values[fnv(`${lesson}/${name}/${seed}`) % Math.max(1, values.length)] ?? '',
    ]),
  );

/** Names in a text that no variant has. */
export const unknownIn = (text: string, variants: Variants): string[] =>
  [...text.matchAll(placeholder)].map((found) => found[1]!).filter((name) => !(name in variants) && !goWords.has(name));

export const fill = (text: string, values: Readonly<Record<string, string>>): string =>
  text.replace(placeholder, (whole, name: string) => values[name] ?? whole);

/** FNV-1a, mixed once more: neighbouring seeds must not have neighbouring values. */
function fnv(text: string): number {
  let hash = 0x811c9dc5;
  for (const char of text) hash = Math.imul(hash ^ char.codePointAt(0)!, 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return (hash ^ (hash >>> 13)) >>> 0;
}
