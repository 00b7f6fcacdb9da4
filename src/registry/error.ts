/** Codes of distribution-spec "Error Codes", and what the Docker registry adds; with status and usual message. */
export const registryErrors = {
  BLOB_UNKNOWN: [404, 'blob unknown to registry'],
  BLOB_UPLOAD_INVALID: [404, 'blob upload invalid'],
  BLOB_UPLOAD_UNKNOWN: [404, 'blob upload unknown to registry'],
  DENIED: [403, 'requested access to the resource is denied'],
  DIGEST_INVALID: [400, 'provided digest did not match uploaded content'],
  MANIFEST_BLOB_UNKNOWN: [404, 'blob unknown to registry'],
  MANIFEST_INVALID: [400, 'manifest invalid'],
  MANIFEST_UNKNOWN: [404, 'manifest unknown'],
  NAME_INVALID: [400, 'invalid repository name'],
  NAME_UNKNOWN: [404, 'repository name not known to registry'],
  PAGINATION_NUMBER_INVALID: [400, 'invalid number of results requested'],
  RANGE_INVALID: [416, 'invalid content range'],
  SIZE_INVALID: [400, 'provided length did not match content length'],
  TAG_INVALID: [400, 'manifest tag did not match URI'],
  TOOMANYREQUESTS: [429, 'too many requests'],
  UNAUTHORIZED: [401, 'authentication required'],
  UNKNOWN: [500, 'unknown error'],
  UNSUPPORTED: [405, 'The operation is unsupported.'],
} as const satisfies Record<string, readonly [number, string]>;

export type RegistryErrorCode = keyof typeof registryErrors;

/** One item of an error body. */
export interface ErrorItem {
  code: string;
  message: string;
  detail?: unknown;
}

/**
 * A registry's refusal. `message` is what Docker prints of it: the code in words, then the registry's own message
 * (`denied: requested access to the resource is denied`); several items come as lines after `errors:`.
 */
export class RegistryError extends Error {
  override readonly name = 'RegistryError';
  readonly status: number;
  /** At least one. */
  readonly items: readonly ErrorItem[];

  constructor(items: readonly ErrorItem[], status: number) {
    super(items.length === 1 ? itemText(items[0]!) : `errors:\n${items.map((item) => `${itemText(item)}\n`).join('')}`);
    this.items = items;
    this.status = status;
  }

  /** The first item alone, which is all that `docker push` and `docker pull` tell. */
  get firstMessage(): string {
    return itemText(this.items[0]!);
  }

  /** Of the first item. */
  get code(): string {
    return this.items[0]!.code;
  }
}

const itemText = ({ code, message }: ErrorItem): string => `${code.toLowerCase().replaceAll('_', ' ')}: ${message}`;

/** A refusal by code, with its usual status and message. */
export function registryError(code: RegistryErrorCode, detail?: unknown, message?: string): RegistryError {
  const [status, usual] = registryErrors[code];
  return new RegistryError([{ code, message: message ?? usual, ...(detail !== undefined && { detail }) }], status);
}
