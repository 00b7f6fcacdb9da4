/**
 * Unwinds a program whose process ended (or became another program by exec) while its code was in a call. No program
 * may catch it: every further call of the same `Sys` throws it again. Not an Errno on purpose.
 */
export class Killed extends Error {
  override readonly name = 'Killed';
  constructor(readonly pid: number) {
    super(`process ${pid} has ended`);
  }
}
