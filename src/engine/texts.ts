/** Texts that differ between engine versions, in one table by version. All other texts are those of every version imitated. */
export interface Profile {
  version: string;
  apiVersion: string;
  minApiVersion: string;
  gitCommit: string;
  goVersion: string;
  buildTime: string;
  containerd: { version: string; commit: string };
  runc: { version: string; commit: string };
  init: { version: string; commit: string };
  /** Before runc's own text, when a container cannot start. */
  createTaskFailed: string;
  cannotRemoveRunning: (id: string) => string;
  cannotRemovePaused: (id: string) => string;
}

export const profiles = {
  '20.10': {
    version: '20.10.24+dfsg1',
    apiVersion: '1.41',
    minApiVersion: '1.12',
    gitCommit: '5d6db84',
    goVersion: 'go1.19.8',
    buildTime: '2026-05-07T21:09:36.000000000+00:00',
    containerd: { version: '1.6.20~ds1', commit: '1.6.20~ds1-1+deb12u3' },
    runc: { version: '1.1.5+ds1', commit: '1.1.5+ds1-1+deb12u1' },
    init: { version: '0.19.0', commit: '' },
    createTaskFailed: 'failed to create shim task: OCI runtime create failed: ',
    cannotRemoveRunning: (id) =>
      `You cannot remove a running container ${id}. Stop the container before attempting removal or force remove`,
    cannotRemovePaused: (id) =>
      `You cannot remove a paused container ${id}. Unpause and then stop the container before attempting removal or force remove`,
  },
} satisfies Record<string, Profile>;

export const defaultProfile: Profile = profiles['20.10'];
