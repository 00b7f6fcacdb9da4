/** PostgreSQL itself, on one database of a data directory: messages of the protocol in, messages out. */
import type { PGlite } from '@electric-sql/pglite';
import type { Sys } from '../../../kernel/sys.ts';
import { DataDirectory } from './data-directory.ts';
import type { ServerCode } from './files.ts';
import { Surroundings } from './surroundings.ts';
import { joinBytes } from './wire.ts';

/**
 * Of the server: it is alone, and nothing works beside it. Differs from PostgreSQL: 16 MB of shared buffers, not 128 MB: it
 * clears them at each start.
 */
const alone = [
  ...['--single', '-F', '-O', '-j'],
  ...['exit_on_error=false', 'log_checkpoints=false', 'max_worker_processes=0', 'max_parallel_workers=0'].flatMap(
    setting,
  ),
  ...[
    'shared_buffers=16MB',
    'max_parallel_workers_per_gather=0',
    'max_parallel_maintenance_workers=0',
    'io_method=sync',
  ].flatMap(setting),
];

function setting(text: string): [string, string] {
  return ['-c', text];
}

/** An instance wants its code for initdb at once; it never runs, as there always is a cluster. */
const noInitdb = (): WebAssembly.Module => new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]));

export class Backend {
  private constructor(
    private readonly server: PGlite,
    private readonly files: DataDirectory,
    private readonly surroundings: Surroundings,
    private readonly sys: Sys,
    readonly database: string,
  ) {}

  /** Opens a database, with recovery if the last server did not shut down. `log` gets what it says, line by line. */
  static async start(
    sys: Sys,
    code: ServerCode,
    directory: string,
    database: string,
    settings: readonly string[],
    log: (line: string) => void,
    hold: () => () => void,
  ): Promise<Backend> {
    const surroundings = new Surroundings(sys);
    const files = new DataDirectory(sys, directory, surroundings, code.module);
    const release = hold();
    const server = await code
      .create({
        ...{ pgliteWasmModule: code.module, initdbWasmModule: noInitdb(), fsBundle: code.share, fs: files, database },
        startParams: [...alone, ...settings.flatMap(setting)],
        onStderr: (line) => {
          log(line);
          return false;
        },
      })
      .finally(release);
    await sys.sleep(surroundings.rested());
    return new Backend(server, files, surroundings, sys, database);
  }

  /**
   * Whole messages; a COPY's data must be among them. Differs from PostgreSQL: a statement runs in one go; what computes
   * for long holds the whole host meanwhile.
   */
  async run(messages: Uint8Array): Promise<Uint8Array> {
    const out: Uint8Array[] = [];
    const done = this.server.execProtocolRawStream(messages, {
      syncToFs: false,
      onRawData: (bytes) => void out.push(bytes.slice()),
    });
    await done;
    const rest = this.surroundings.rested();
    if (rest > 0) await this.sys.sleep(rest);
    return joinBytes(out);
  }

  /** A checkpoint, and the end. */
  async close(): Promise<void> {
    try {
      await this.server.close();
    } finally {
      this.files.closeAll();
    }
  }
}
