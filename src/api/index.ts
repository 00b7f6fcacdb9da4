/**
 * api: the Docker Engine API over HTTP messages. The server is a route table over the `Backend` that this room
 * declares; the client is what the CLI talks through; stream framing belongs to both.
 *
 * Sits above spec only. It does not know the engine (which satisfies Backend structurally), sockets, or the CLI.
 */
export * from './backend.ts';
export * from './client.ts';
export { duplexPair } from './duplex-pair.ts';
export * from './server.ts';
export * from './stdcopy.ts';
