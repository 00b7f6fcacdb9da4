/**
 * spec: wire types and vocabulary. OCI descriptors, manifests and configs, the runtime-spec, Engine API shapes,
 * references, `Mount`, HTTP messages, errno, time, and `Content` (bytes as an immutable value).
 *
 * Bottom room: imports nothing, does no I/O, keeps no state. It does not know how anything is stored or drawn.
 */
export * from './base64.ts';
export * from './buildkit.ts';
export * from './content.ts';
export * from './engine-api.ts';
export * from './engine-options.ts';
export * from './errno.ts';
export * from './go-format.ts';
export * from './go-json.ts';
export * from './http.ts';
export * from './ignore.ts';
export * from './mount.ts';
export * from './oci.ts';
export * from './path-map.ts';
export * from './path-match.ts';
export * from './platform.ts';
export * from './program-file.ts';
export * from './reference.ts';
export * from './runtime-spec.ts';
export * from './scout.ts';
export * from './steps.ts';
export * from './time.ts';
