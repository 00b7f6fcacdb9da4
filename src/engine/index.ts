/**
 * engine: the daemon. One operation per file, named as the Engine API names it; ports by constructor.
 *
 * It keeps images, layers, containers, networks, volumes and events; what a mount, a process or a packet is, only the
 * ports know. It never hears of HTTP (api declares what it needs of an engine; this satisfies it structurally), of
 * Dockerfiles (builder), of terminals or of the DOM.
 */
export { bodyContent } from './body-content.ts';
export { createEngine, createInspector, type Engine, type EngineOptions } from './engine.ts';
export type { EnginePorts, HostFacts } from './ports.ts';
export { defaultProfile, type Profile, profiles } from './texts.ts';
