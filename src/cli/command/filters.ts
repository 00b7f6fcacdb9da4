/** `--filter name=value` values as the API takes them: `{"name":{"value":true}}`; nothing when there are none. */
export function filterQuery(values: readonly string[]): string | undefined {
  const filters: Record<string, Record<string, true>> = {};
  for (const value of values) {
    const at = value.indexOf('=');
    if (at < 0) continue;
    (filters[value.slice(0, at)] ??= {})[value.slice(at + 1)] = true;
  }
  const names = Object.keys(filters).sort();
  return names.length ? JSON.stringify(Object.fromEntries(names.map((name) => [name, filters[name]]))) : undefined;
}
