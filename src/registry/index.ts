/**
 * registry: one interface (`Registry`), then what implements, serves and guards it: memory over a content store, server
 * (HTTP handler), client, token service and accounts, the Docker Hub's face, webhooks.
 *
 * Speaks the OCI distribution protocol. Does not know what an image is beyond what manifests name, nor any engine.
 */
export * from './access.ts';
export * from './auth.ts';
export * from './challenge.ts';
export * from './client.ts';
export * from './error.ts';
export * from './hub.ts';
export type * from './inventory.ts';
export * from './manifest.ts';
export * from './notifications.ts';
export * from './registry.ts';
export * from './routes.ts';
export * from './server.ts';
export * from './stored.ts';
export { TransportError } from './transport.ts';
