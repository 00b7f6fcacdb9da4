/**
 * Unwinds a program whose process ended (or became another program by exec) while its code was in a call. No program
 * may catch it: every further call of the same `Sys` throws it again. Not an Errno on purpose; and only of the shape of
 * an Error, because capturing a stack for each process that is killed would cost more than the killing.
 */
export class Killed implements Error {
  readonly name = 'Killed';
  constructor(readonly pid: number) {}

  get message(): string {
    return `process ${this.pid} has ended`;
  }
}
