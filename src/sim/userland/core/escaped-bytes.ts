/**
 * Shell strings are JavaScript strings; bytes that are not UTF-8 travel in them as lone surrogates U+DC80..U+DCFF
 * (as Python's surrogateescape), so that any byte that comes in goes out again.
 */
const encoder = new TextEncoder();
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

const sequenceLength = (first: number): number =>
  first < 0x80 ? 1 : first >= 0xc2 && first < 0xe0 ? 2 : first >= 0xe0 && first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;

const tryDecode = (bytes: Uint8Array): string | undefined => {
  try {
    return strict.decode(bytes);
  } catch {
    return undefined;
  }
};

export const decodeBytes = (bytes: Uint8Array): string => {
  const whole = tryDecode(bytes);
  if (whole !== undefined) return whole;
  let text = '';
  for (let at = 0; at < bytes.length; ) {
    const length = sequenceLength(bytes[at]!);
    const part = length > 0 && at + length <= bytes.length ? tryDecode(bytes.subarray(at, at + length)) : undefined;
    text += part ?? String.fromCharCode(0xdc00 + bytes[at]!);
    at += part === undefined ? 1 : length;
  }
  return text;
};

/** A string of code units 0..255, one per byte. */
export const decodeLatin1 = (text: string): string => decodeBytes(Uint8Array.from(text, (c) => c.charCodeAt(0)));

export const encodeText = (text: string): Uint8Array => {
  if (!/[\udc80-\udcff]/.test(text)) return encoder.encode(text);
  const out: number[] = [];
  for (const char of text) {
    const code = char.charCodeAt(0);
    if (char.length === 1 && code >= 0xdc80 && code <= 0xdcff) out.push(code - 0xdc00);
    else out.push(...encoder.encode(char));
  }
  return Uint8Array.from(out);
};

export const byteLength = (text: string): number => encodeText(text).length;
