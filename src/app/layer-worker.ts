/** Looks through compressed layers of an archive beside other such workers: see archive-worker.ts. */
import * as comlink from 'comlink';
import { archiveTools } from '../machine/index.ts';
import type { LayerApi } from './archive-protocol.ts';

const api: LayerApi = {
  async index(archive, part, tell) {
    const { blobSource, partIndexer, surveyLimits } = await archiveTools();
    return partIndexer(blobSource(archive), surveyLimits)(part, tell);
  },
};

comlink.expose(api);
