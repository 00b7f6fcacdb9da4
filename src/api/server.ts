import type { Handler } from '../spec/index.ts';
import type { Backend } from './backend.ts';

export interface ServerOptions {
  /** Header Api-Version and the newest version that is not refused. */
  apiVersion: string;
  /** As in `Server: Docker/20.10.24+dfsg1 (linux)`. */
  serverVersion: string;
}

/** The Docker Engine API over a backend. */
export function createServer(_backend: Backend, _options?: Partial<ServerOptions>): Handler {
  throw new Error('not yet');
}
