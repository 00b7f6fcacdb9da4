/** How control leaves a command other than by its end. None of these is an Error: they are no faults. */

export class LoopExit {
  constructor(
    readonly kind: 'break' | 'continue',
    public levels: number,
  ) {}
}

export class FunctionReturn {
  constructor(readonly status: number) {}
}

export class ShellExit {
  constructor(readonly status: number) {}
}

/**
 * An error whose message is out already. A non-interactive shell ends, unless `discard`: then only the rest of the
 * command read last is dropped (bash, on arithmetic errors). An interactive one always returns to its prompt.
 */
export class Abort {
  constructor(
    readonly status: number,
    readonly discard = false,
    /** Up to the script itself, out of every eval and source (and out of -c). */
    readonly toTop = false,
  ) {}
}

/** Ctrl-C at an interactive shell: back to the prompt. */
export class Interrupted {}

/** Values passed what the process may hold. */
export class OutOfMemory {
  constructor(readonly bytes: number) {}
}

export const isControl = (thrown: unknown): boolean =>
  thrown instanceof LoopExit ||
  thrown instanceof FunctionReturn ||
  thrown instanceof ShellExit ||
  thrown instanceof Abort ||
  thrown instanceof OutOfMemory ||
  thrown instanceof Interrupted;
