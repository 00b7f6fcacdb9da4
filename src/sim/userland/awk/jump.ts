import type { Value } from './values.ts';

/** Thrown by the statements that leave others. */
export class Jump {
  constructor(
    readonly kind: 'next' | 'nextfile' | 'exit' | 'break' | 'continue' | 'return',
    readonly value?: Value,
  ) {}
}

export class AwkRuntimeError extends Error {}
