/** Words and numbers as they stand in pictures. */

/** Decimal units as `docker images` prints them: 78.1 MB, 12 kB, 0 B. */
export function humanSize(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let unit = 0;
  let value = bytes;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 ? value : Number(value.toPrecision(3))} ${units[unit]}`;
}

/** The first 12 hex digits of a digest or id. */
export const shortDigest = (digest: string): string => digest.replace(/^sha256:/, '').slice(0, 12);

/** Widths in em of a proportional face, good to about 5%: enough to cut before a text leaves its slab. */
function charWidth(char: string): number {
  if (/[ᄀ-￯]/.test(char)) return 1;
  if (/[iljtfr.,:;'|!()[\] ]/.test(char)) return 0.34;
  if (/[mwMW@]/.test(char)) return 0.9;
  return /[A-Z0-9]/.test(char) ? 0.66 : 0.56;
}

/** `bold` is the words' face in semibold. */
export type Face = 'words' | 'bold' | 'mono';

/** Width of a text in pixels at a font size. */
export type Measure = (text: string, size: number, face: Face) => number;

/** An estimate without a screen: wide enough for the common system faces. */
export const textWidth: Measure = (text, size, face) => {
  const wide = (char: string) => charWidth(char) === 1;
  const one = (char: string) =>
    face === 'mono' ? (wide(char) ? 1.2 : 0.602) : charWidth(char) * (face === 'bold' && !wide(char) ? 1.1 : 1);
  return [...text].reduce((sum, char) => sum + one(char), 0) * size;
};

/** `text` cut with an ellipsis so that it fits in `width` pixels; '' when not even one letter fits. */
export function cut(text: string, width: number, size: number, face: Face, measure: Measure = textWidth): string {
  if (measure(text, size, face) <= width) return text;
  const chars = [...text];
  let low = 0;
  let high = chars.length;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (measure(`${chars.slice(0, middle).join('')}…`, size, face) <= width) low = middle;
    else high = middle - 1;
  }
  return low > 0 ? `${chars.slice(0, low).join('').trimEnd()}…` : '';
}

/**
 * A created_by line as a person would have written it: `/bin/sh -c #(nop)  CMD ["bash"]` -> `CMD ["bash"]`,
 * `/bin/sh -c apt-get update` -> `RUN apt-get update`, `RUN /bin/sh -c x # buildkit` -> `RUN x`. Undefined when it is
 * none: `docker commit` writes the bare command of the container there.
 */
export function instruction(createdBy: string): string | undefined {
  const text = createdBy.replace(/\s+/g, ' ').trim();
  const nop = /^\/bin\/sh -c #\(nop\) ?(.*)$/.exec(text);
  if (nop) return nop[1]!.trim().replace(/^(ADD|COPY) (?:file|dir|multi):(\w{6})\w* in (\S+).*$/, '$1 $2… $3');
  const classic = /^\/bin\/sh -c (.*)$/.exec(text);
  if (classic) return `RUN ${classic[1]}`;
  if (!/^[A-Z]+ /.test(text)) return undefined;
  return text.replace(/ ?# buildkit$/, '').replace(/^RUN (?:\|\d+ .*?)?\/bin\/sh -c /, 'RUN ');
}

/** Of what is not whole, be it by little: never 100%. */
export const percent = (share: number): string => `${Math.min(99.9, share * 100).toFixed(1)}%`;
