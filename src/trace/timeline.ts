/** The history of a machine as views draw it: one moment per command that changed something durable. Plain JSON. */

export interface TimelineMoment {
  /** Never used again, growing in order of time. */
  id: number;
  /** The moment it came after; undefined of the first, where the machine began. Two with the same parent are branches. */
  parent: number | undefined;
  /** The line as typed; '' of the first, and of a change that no command made (the editor pane, an upload). */
  line: string;
  /** Where it was typed: `pts/0`; '' when nowhere. */
  terminal: string;
  status: number;
  /** CLOCK_REALTIME of the machine at its end, in ms. */
  timeMs: number;
  /** How many of its trace events are kept, and how many were more than is kept. */
  events: number;
  eventsLeftOut: number;
  /** False when it was thinned out to save memory: it is still told, but cannot be returned to or looked at. */
  kept: boolean;
}

export interface TimelineState {
  /** In order of time; branches are told by `parent`. */
  moments: TimelineMoment[];
  /** The moment the machine is at. */
  current: number;
  /** Where undo and redo lead; undefined when there is nothing to undo or redo. */
  undo: number | undefined;
  redo: number | undefined;
}

/** What step mode waits at. */
export interface StepState {
  /** Whether commands stop at each significant event. */
  on: boolean;
  /** The event that has just happened, at which the machine waits; undefined while it runs. */
  event: import('./events.ts').TraceEvent | undefined;
  /** How many significant events the present command has had. */
  count: number;
}
