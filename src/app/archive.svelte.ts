/** The image archive that is looked at: it is not loaded into the engine. */
import * as comlink from 'comlink';
import type { ArchiveApi, ArchivedImage } from './archive-protocol.ts';

/** More is not loaded into the engine, which holds it in memory. */
export const mostLoaded = 256 << 20;

export class Archive {
  state: 'opening' | 'open' | 'failed' | 'closed' = $state('opening');
  done = $state(0);
  total = $state(0);
  problem = $state('');
  images: readonly ArchivedImage[] = $state.raw([]);
  /** The image that is shown. */
  at = $state(0);
  readonly api: comlink.Remote<ArchiveApi>;
  private readonly worker: Worker;

  constructor(
    readonly name: string,
    archive: Blob | { path: string; file: File }[],
  ) {
    this.worker = new Worker(new URL('./archive-worker.ts', import.meta.url), { type: 'module' });
    this.worker.onerror = (event) => this.fail(event.message);
    this.api = comlink.wrap<ArchiveApi>(this.worker);
    void this.open(archive);
  }

  /** Also ends the looking. */
  close(): void {
    this.worker.terminate();
    this.state = 'closed';
  }

  private async open(archive: Blob | { path: string; file: File }[]): Promise<void> {
    this.total = archive instanceof Blob ? archive.size : archive.reduce((sum, { file }) => sum + file.size, 0);
    const progress = (done: number, total: number) => {
      this.done = done;
      this.total = total;
    };
    try {
      this.images = await this.api.open(archive, comlink.proxy(progress));
      this.done = this.total;
      this.state = 'open';
    } catch (error) {
      this.fail((error as Error).message);
    }
  }

  private fail(problem: string): void {
    this.problem = problem;
    this.state = 'failed';
    this.worker.terminate();
  }
}
