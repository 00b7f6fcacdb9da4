/**
 * trace: what can be observed. The closed union of events and the bus they travel on, and `Inspection`, the state at
 * one moment. The engine and the kernel emit; views, lessons, narration and time travel fold.
 *
 * Knows nothing of who emits or who listens.
 */
export * from './bus.ts';
export * from './events.ts';
export * from './inspection.ts';
export * from './look-through.ts';
export * from './timeline.ts';
