/** The server's log: standard error, with the prefix that PostgreSQL gives by default (`%m [%p] `). */
import type { Sys } from '../../../kernel/sys.ts';

const two = (value: number, width = 2): string => String(value).padStart(width, '0');

/** `2025-07-01 09:00:00.000 UTC` */
export function logTime(seconds: number, milliseconds?: number): string {
  const date = new Date(seconds * 1000);
  const day = `${date.getUTCFullYear()}-${two(date.getUTCMonth() + 1)}-${two(date.getUTCDate())}`;
  const clock = [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()].map((value) => two(value)).join(':');
  return `${day} ${clock}${milliseconds === undefined ? '' : `.${two(milliseconds, 3)}`} UTC`;
}

export class ServerLog {
  private written: Promise<void> = Promise.resolve();

  constructor(private readonly sys: Sys) {}

  /** All that was said is written. */
  flushed(): Promise<void> {
    return this.written;
  }

  /** A line as it is. */
  line(text: string): Promise<void> {
    this.written = this.written.then(() => this.sys.write(2, `${text}\n`)).catch(() => undefined);
    return this.written;
  }

  say(text: string, level = 'LOG', pid = this.sys.pid): Promise<void> {
    const { sec, nsec } = this.sys.now();
    return this.line(`${logTime(sec, Math.floor(nsec / 1e6))} [${pid}] ${level}:  ${text}`);
  }
}
