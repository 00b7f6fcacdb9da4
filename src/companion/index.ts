/**
 * companion: the Node side. The `drydock` program: an in-memory host in your own terminal, scripts and transcripts, our
 * `docker` against any Engine API, the web app, a registry on disk, the engine on real Linux, lesson checks.
 *
 * The only room, with `linux`, that knows Node.
 */
export { main } from './main.ts';
