import type { StandIn } from '../machine/index.ts';

/**
 * The Docker Hub that answers in scenarios that say `@hub`: one account, three search rows whatever is stored, and the
 * registry behind it open on a port of the host, where the scenario's set-up puts the images that the Hub holds.
 */
export const scenarioHub: StandIn = {
  accounts: { student: 'hunter2' },
  entries: [
    { name: 'busybox', description: 'Busybox base image.', is_official: true, is_automated: false, star_count: 3000 },
    {
      name: 'student/busybox',
      description: 'A very long description that goes on and on, well past the forty-five characters shown',
      is_official: false,
      is_automated: true,
      star_count: 7,
    },
    { name: 'other/busybox-curl', description: '', is_official: false, is_automated: false, star_count: 0 },
  ],
  fixedIndex: true,
  openPort: 5001,
};
