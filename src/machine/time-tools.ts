/** What keeps, hands out and replays work: not needed before the first prompt, so loaded when asked for. */
export { DataError } from './keep/content-code.ts';
export * from './keep/snapshot-store.ts';
export { readWorkspace, writeWorkspace } from './keep/workspace-file.ts';
export { Recorder, readRecording } from './recording.ts';
export { replay } from './replay.ts';
export { readShareFragment, shareFragment } from './share.ts';
