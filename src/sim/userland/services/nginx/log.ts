/** nginx's error log and access logs: descriptors that the master opens and the workers inherit. */
import { isErrno } from '../../../../spec/index.ts';
import type { Sys } from '../../../kernel/sys.ts';
import { slashDate } from '../http/date.ts';
import { ConfigError } from './config.ts';

export const levels = ['debug', 'info', 'notice', 'warn', 'error', 'crit', 'alert', 'emerg'] as const;
export type Level = (typeof levels)[number];

export class Logs {
  private readonly fds = new Map<string, number>();
  constructor(private readonly sys: Sys) {}

  /** Opens for appending. Throws {@link ConfigError} with [emerg]'s text. */
  open(path: string): void {
    if (path === 'off' || this.fds.has(path)) return;
    if (path === 'stderr') {
      this.fds.set(path, 2);
      return;
    }
    try {
      this.fds.set(path, this.sys.openSync(path, { access: 'write', create: true, append: true }, 0o644));
    } catch (error) {
      if (!isErrno(error)) throw error;
      throw new ConfigError(`open() "${path}" failed (${error.errno}: ${error.message})`);
    }
  }

  reopen(): void {
    for (const [path, fd] of this.fds) {
      if (path === 'stderr') continue;
      const fresh = this.sys.openSync(path, { access: 'write', create: true, append: true }, 0o644);
      this.sys.dup2(fresh, fd);
      this.sys.close(fresh);
    }
  }

  async line(sys: Sys, path: string, text: string): Promise<void> {
    const fd = this.fds.get(path);
    if (fd === undefined) return;
    try {
      await sys.write(fd, `${text}\n`);
    } catch (error) {
      // A log that cannot be written stops no server.
      if (!isErrno(error)) throw error;
    }
  }
}

/** Where errors go, from which level on. */
export interface ErrorLog {
  path: string;
  level: Level;
}

export const errorLine = (sys: Sys, level: Level, text: string): string =>
  `${slashDate(sys.now())} [${level}] ${sys.pid}#${sys.pid}: ${text}`;

export const wants = (log: ErrorLog, level: Level): boolean => levels.indexOf(level) >= levels.indexOf(log.level);
