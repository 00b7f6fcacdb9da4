/** A body as a person reads it: JSON indented, a stream of JSON values a line each; anything else as it is. */
export function prettyBody(body: string): string {
  const whole = indented(body);
  if (whole !== undefined) return whole;
  return body.replaceAll('\r\n', '\n').trimEnd();
}

function indented(text: string): string | undefined {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return undefined; // not JSON, several values, or cut short
  }
}
