/** The worker's half of `TimeApi`: history, keeping, and handing out. */
import type { TimeApi } from './protocol.ts';

const missing = async (): Promise<never> => {
  throw new Error('drydock: time travel is not there yet');
};

export const timeApi = (): TimeApi => ({
  async watchTime(listener) {
    listener.timeline({ moments: [], current: 0, undo: undefined, redo: undefined });
    listener.step({ on: false, event: undefined, count: 0 });
    listener.keep({ state: 'off', reason: 'not-asked', text: '' });
  },
  timeline: async () => ({ moments: [], current: 0, undo: undefined, redo: undefined }),
  momentEvents: missing,
  undo: missing,
  redo: missing,
  jump: missing,
  inspectAt: async () => undefined,
  layerChangesAt: missing,
  layerFileAt: missing,
  stepMode: missing,
  step: missing,
  exportWorkspace: missing,
  importWorkspace: missing,
  shareLink: missing,
  readShareLink: missing,
  openShareLink: missing,
  cancelReplay: missing,
  exportCast: missing,
  startRecording: missing,
  stopRecording: missing,
  playRecording: missing,
  keeping: async () => ({ state: 'off', reason: 'not-asked', text: '' }),
  forgetWork: missing,
});
