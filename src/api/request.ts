import {
  type AuthConfig,
  bodyText,
  EngineError,
  type Filters,
  fromBase64,
  fromUtf8,
  type HttpContext,
  type HttpRequest,
  header,
} from '../spec/index.ts';

/** A request as a route sees it: path parameters, query and body decoded the way moby's httputils does. */
export class ApiRequest {
  readonly query: URLSearchParams;
  constructor(
    readonly http: HttpRequest,
    readonly params: readonly string[],
    readonly context: HttpContext,
  ) {
    const at = http.target.indexOf('?');
    this.query = new URLSearchParams(at < 0 ? '' : http.target.slice(at + 1));
  }

  /** The route's first path parameter. */
  get name(): string {
    return this.params[0]!;
  }

  header(name: string): string | undefined {
    return header(this.http, name);
  }

  text(key: string, fallback = ''): string {
    return this.query.get(key) ?? fallback;
  }

  all(key: string): string[] {
    return this.query.getAll(key);
  }

  /** moby httputils.BoolValue: anything but '', 0, no, false, none is true. */
  bool(key: string, fallback = false): boolean {
    const value = this.query.get(key);
    if (value === null) return fallback;
    return !['', '0', 'no', 'false', 'none'].includes(value.trim().toLowerCase());
  }

  /** Undefined when absent; not a number is the 400 that Go's strconv gives. */
  integer(key: string): number | undefined {
    const value = this.query.get(key);
    if (value === null || value === '') return undefined;
    if (!/^[+-]?\d+$/.test(value))
      throw new EngineError(400, `strconv.Atoi: parsing ${JSON.stringify(value)}: invalid syntax`);
    return Number(value);
  }

  filters(): Filters {
    return parseFilters(this.text('filters'));
  }

  async json<T>(): Promise<T> {
    const type = this.header('content-type');
    const text = await bodyText(this.http.body);
    if (text.trim() === '') {
      if (type === undefined || type === '') return {} as T;
      throw new EngineError(400, 'EOF');
    }
    if (!/^application\/json\b/.test(type ?? '')) {
      throw new EngineError(400, `Content-Type specified (${type ?? ''}) must be 'application/json'`);
    }
    return parseJson<T>(text);
  }

  /** Header X-Registry-Auth; what cannot be decoded counts as absent, as in moby. */
  registryAuth(): AuthConfig | undefined {
    const value = this.header('x-registry-auth');
    return value ? decodeAuth<AuthConfig>(value) : undefined;
  }

  registryConfig(): Record<string, AuthConfig> {
    const value = this.header('x-registry-config');
    return (value && decodeAuth<Record<string, AuthConfig>>(value)) || {};
  }
}

export function parseJson<T>(text: string): T {
  try {
    return JSON.parse(text) as T;
  } catch {
    throw new EngineError(400, jsonError(text));
  }
}

// Go's encoding/json names the first character that cannot be.
function jsonError(text: string): string {
  const first = text.trimStart()[0]!;
  if ('{["tfn-0123456789'.includes(first)) return 'unexpected EOF';
  return `invalid character '${first}' looking for beginning of value`;
}

/** `{"name":{"x":true}}`, or the form before API 1.22, `{"name":["x"]}`. */
export function parseFilters(text: string): Filters {
  if (text === '') return {};
  const parsed = parseJson<Record<string, string[] | Record<string, boolean>> | null>(text);
  if (parsed === null) return {};
  if (typeof parsed !== 'object' || Array.isArray(parsed)) throw new EngineError(400, 'invalid filter');
  return Object.fromEntries(
    Object.entries(parsed).map(([key, values]) => [key, Array.isArray(values) ? values : Object.keys(values ?? {})]),
  );
}

function decodeAuth<T>(value: string): T | undefined {
  try {
    return JSON.parse(fromUtf8(fromBase64(value))) as T;
  } catch {
    return undefined;
  }
}
