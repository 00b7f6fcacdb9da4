/** Looks through compressed layers of an archive beside other such workers: see archive-worker.ts. */
import * as comlink from 'comlink';
import { archiveTools } from '../machine/index.ts';
import type { LayerApi } from './archive-protocol.ts';

const api: LayerApi = {
  async index(archive, part, tell) {
    const { blobSource, partIndexer, surveyLimits } = await archiveTools();
    const index = await partIndexer(blobSource(archive), surveyLimits)(part, tell);
    const { names, facts } = index.entries;
    return comlink.transfer(index, [names.buffer, facts.buffer]);
  },
};

comlink.expose(api);
