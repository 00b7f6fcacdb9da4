import { flag } from '../../flag/index.ts';
import type { Command } from '../command.ts';
import { composeRun } from './compose.ts';
import { createProject } from './create.ts';
import { startProject } from './start.ts';
import { watchProject } from './watch-project.ts';

export const watch: Command = {
  name: 'watch',
  use: '[SERVICE...]',
  short: 'Watch build context for service and rebuild/refresh containers when files are updated',
  flags: [
    flag('quiet', '', 'bool', 'hide build output'),
    flag('prune', '', 'bool', 'Prune dangling images on rebuild', { default: 'true' }),
    flag('no-up', '', 'bool', 'Do not build & start services before watching'),
  ],
  run: composeRun(async (compose, flags, services) => {
    const project = await compose.project(services);
    const build = { services, quiet: flags.bool('quiet') };
    if (!flags.bool('no-up')) {
      for (const service of Object.values(project.services))
        if (service.build && service.develop) service.pull_policy = 'build';
      await compose.progress('Running', async (writer) => {
        await createProject(compose, writer, project, {
          services,
          build,
          quietPull: flags.bool('quiet'),
          recreate: 'diverged',
          recreateDependencies: 'never',
          inherit: true,
        });
        await startProject(compose, writer, project.name, { project });
      });
    }
    const consumer = compose.logConsumer({ color: false, prefix: false });
    const stop = new AbortController();
    const release = compose.cli.host.onSignal((signal) => {
      if (signal !== 'SIGINT' && signal !== 'SIGTERM') return;
      consumer.mute();
      stop.abort();
    });
    try {
      await watchProject(compose, project, services, {
        build,
        consumer,
        signal: stop.signal,
        prune: flags.bool('prune'),
      });
    } finally {
      release();
      await consumer.flush();
    }
    return 130;
  }),
};
