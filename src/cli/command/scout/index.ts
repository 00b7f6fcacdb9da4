/** `docker scout`: loaded when it is first typed. */
import { type Command, StatusError } from '../command.ts';
import { cves } from './cves.ts';
import { quickview } from './quickview.ts';
import { recommendations } from './recommendations.ts';
import { sbom } from './sbom.ts';
import { version } from './version.ts';

/** What is not made says so. */
const missing = (name: string, short: string): Command => ({
  name,
  use: '',
  short,
  run: async () => {
    throw new StatusError(1, `drydock: docker scout ${name} is not simulated`);
  },
});

export const scout: Command = {
  name: 'scout',
  use: 'COMMAND',
  short: 'Docker Scout',
  long: 'Command line tool for Docker Scout',
  plugin: true,
  interspersed: false,
  commands: [
    missing('attestation', 'Manage attestations on images'),
    missing('cache', 'Manage Docker Scout cache and temporary files'),
    missing('compare', 'Compare two images and display differences (experimental)'),
    missing('config', 'Manage Docker Scout configuration'),
    cves,
    missing('enroll', 'Enroll an organization with Docker Scout'),
    missing('environment', 'Manage environments (experimental)'),
    missing('integration', 'Commands to list, configure, and delete Docker Scout integrations'),
    missing('policy', 'Evaluate local Rego policies against an image and display the results (experimental)'),
    missing('push', 'Push an image or image index to Docker Scout'),
    quickview,
    recommendations,
    missing('repo', 'Commands to list, enable, and disable Docker Scout on repositories'),
    sbom,
    missing('stream', 'Manage streams (experimental)'),
    version,
    missing('vex', 'Manage VEX attestations on images'),
    missing('watch', 'Watch repositories in a registry and push images and indexes to Docker Scout'),
  ],
};
