/** Codes of distribution-spec "Error Codes", and what the Docker registry adds; with status and usual message. */
export const registryErrors = {
  BLOB_UNKNOWN: [404, 'blob unknown to registry'],
  BLOB_UPLOAD_INVALID: [416, 'blob upload invalid'],
  BLOB_UPLOAD_UNKNOWN: [404, 'blob upload unknown to registry'],
  DENIED: [403, 'requested access to the resource is denied'],
  DIGEST_INVALID: [400, 'provided digest did not match uploaded content'],
  MANIFEST_BLOB_UNKNOWN: [404, 'blob unknown to registry'],
  MANIFEST_INVALID: [400, 'manifest invalid'],
  MANIFEST_UNKNOWN: [404, 'manifest unknown'],
  NAME_INVALID: [400, 'invalid repository name'],
  NAME_UNKNOWN: [404, 'repository name not known to registry'],
  PAGINATION_NUMBER_INVALID: [400, 'invalid number of results requested'],
  SIZE_INVALID: [400, 'provided length did not match content length'],
  TAG_INVALID: [400, 'manifest tag did not match URI'],
  TOOMANYREQUESTS: [429, 'too many requests'],
  UNAUTHORIZED: [401, 'authentication required'],
  UNKNOWN: [500, 'unknown error'],
  UNSUPPORTED: [405, 'The operation is unsupported.'],
} as const satisfies Record<string, readonly [number, string]>;

export type RegistryErrorCode = keyof typeof registryErrors;

/**
 * A registry's refusal. `message` is what Docker prints of it: the code in words, then the registry's own message
 * (`denied: requested access to the resource is denied`).
 */
export class RegistryError extends Error {
  override readonly name = 'RegistryError';
  readonly status: number;
  /** The message alone, as in the error body. */
  readonly text: string;
  constructor(
    /** One of {@link registryErrors}, or what another registry says. */
    readonly code: string,
    options: { message?: string; detail?: unknown; status?: number } = {},
  ) {
    const [status, message] = (registryErrors as Record<string, readonly [number, string]>)[code] ?? [500, 'unknown'];
    const text = options.message ?? message;
    super(`${code.toLowerCase().replaceAll('_', ' ')}: ${text}`);
    this.status = options.status ?? status;
    this.text = text;
    this.detail = options.detail;
  }
  readonly detail: unknown;
}
