/** Commands about a project's images. */
import type { ContainerSummary } from '../../../spec/index.ts';
import { type FlagSet, flag } from '../../flag/index.ts';
import { humanSize, shortId } from '../../format/index.ts';
import { type Command, StatusError } from '../command.ts';
import { buildServices } from './build.ts';
import { type Compose, composeRun } from './compose.ts';
import { canonicalName, labelFilters, serviceOf } from './containers.ts';
import { localImages, pullService, serviceImages, settled } from './images.ts';
import { label } from './labels.ts';
import { printSection } from './print-section.ts';
import type { ProgressWriter } from './progress.ts';
import { type ActiveProject, selectServices } from './project.ts';
import { pushImage } from './push-image.ts';

export const build: Command = {
  name: 'build',
  use: '[OPTIONS] [SERVICE...]',
  short: 'Build or rebuild services',
  flags: [
    flag('push', '', 'bool', 'Push service images'),
    flag('quiet', 'q', 'bool', "Don't print anything to STDOUT"),
    flag('pull', '', 'bool', 'Always attempt to pull a newer version of the image'),
    flag('build-arg', '', 'stringArray', 'Set build-time variables for services'),
    flag(
      'ssh',
      '',
      'string',
      "Set SSH authentications used when building service images. (use 'default' for using your default SSH Agent)",
    ),
    flag('builder', '', 'string', 'Set builder to use'),
    flag('with-dependencies', '', 'bool', 'Also build dependencies (transitively)'),
    flag('no-cache', '', 'bool', 'Do not use cache when building the image'),
    flag('memory', 'm', 'bytes', 'Set memory limit for the build container. Not supported by BuildKit.'),
    flag('print', '', 'bool', 'Print equivalent bake file'),
    flag('check', '', 'bool', 'Check build configuration'),
    ...(['parallel', 'compress', 'force-rm', 'no-rm'] as const).map((name) =>
      flag(name, '', 'bool', 'DEPRECATED', { hidden: true }),
    ),
    flag('progress', '', 'string', 'Set type of ui output (auto, tty, plain, json, quiet)', {
      hidden: true,
      default: '"auto"',
    }),
  ],
  run: composeRun(async (compose, flags, services) => {
    for (const name of ['ssh', 'print', 'check'])
      if (flags.changed(name)) throw new StatusError(1, `drydock: compose build --${name} is not simulated`);
    const builder = flags.string('builder');
    if (builder && builder !== 'default') throw new StatusError(1, `no builder ${JSON.stringify(builder)} found`);
    if (flags.bool('quiet')) compose.progressMode = 'quiet';
    const project = await compose.project();
    if (flags.bytes('memory'))
      await compose.cli.err('WARNING: --memory is not supported by BuildKit and will be ignored\n');
    await compose.progress('Building', (writer) =>
      buildServices(compose, writer, project, {
        services,
        args: flags.list('build-arg'),
        noCache: flags.bool('no-cache'),
        pull: flags.bool('pull'),
        push: flags.bool('push'),
        quiet: flags.bool('quiet'),
        withDependencies: flags.bool('with-dependencies'),
      }),
    );
  }),
};

export const pull: Command = {
  name: 'pull',
  use: '[OPTIONS] [SERVICE...]',
  short: 'Pull service images',
  flags: [
    flag('quiet', 'q', 'bool', 'Pull without printing progress information'),
    flag('include-deps', '', 'bool', 'Also pull services declared as dependencies'),
    flag('parallel', '', 'bool', 'DEPRECATED pull multiple images in parallel', { hidden: true, default: 'true' }),
    flag('no-parallel', '', 'bool', 'DEPRECATED disable parallel pulling', { hidden: true, default: 'true' }),
    flag('ignore-pull-failures', '', 'bool', 'Pull what it can and ignores images with pull failures'),
    flag('ignore-buildable', '', 'bool', 'Ignore images that can be built'),
    flag('policy', '', 'string', 'Apply pull policy ("missing"|"always")'),
  ],
  run: composeRun(async (compose, flags, services) => {
    for (const name of ['no-parallel', 'parallel'])
      if (flags.changed(name))
        await compose.cli.err(`\x1b[31moption '--${name}' is DEPRECATED and will be ignored.\n\x1b[0m`);
    const loaded = await compose.project(services);
    const project = flags.bool('include-deps') ? loaded : selectServices(loaded, services, 'alone');
    if (flags.string('policy'))
      for (const service of Object.values(project.services))
        if (service.image) service.pull_policy = flags.string('policy');
    await compose.progress('Pulling', (writer) => pullProject(compose, writer, project, flags));
  }),
};

async function pullProject(
  compose: Compose,
  writer: ProgressWriter,
  project: ActiveProject,
  flags: FlagSet,
): Promise<void> {
  const images = await serviceImages(compose, project);
  const pulling = new Map<string, string>();
  const mustBuild: string[] = [];
  const failures: string[] = [];
  const work: Promise<void>[] = [];
  for (const service of Object.values(project.services)) {
    const { name, image, pull_policy: policy } = service;
    const skip = (why: string): void => writer.event({ id: name, status: 'done', text: `Skipped${why}` });
    const here = image && images.has(image) && /[^/]:[^/]*$/.test(image) && !image.endsWith(':latest');
    if (!image) skip(' - No image to be pulled');
    else if (policy === 'never' || policy === 'build') skip('');
    else if ((policy === 'missing' || policy === 'if_not_present') && here) skip(' - Image is already present locally');
    else if (service.build && flags.bool('ignore-buildable')) skip(' - Image can be built');
    else if (pulling.has(image)) skip(` - Image is already being pulled by ${pulling.get(image)}`);
    else {
      pulling.set(image, name);
      const one = pullService(compose, project, service, writer, flags.bool('quiet')).catch((error: Error) => {
        failures.push(error.message);
        if (service.build) mustBuild.push(name);
        else if (!flags.bool('ignore-pull-failures')) throw error;
      });
      work.push(one.then(() => undefined));
    }
  }
  try {
    await settled(work);
  } finally {
    if (mustBuild.length) {
      writer.tail(
        `WARNING: Some service image(s) must be built from source by running:\n    docker compose build ${mustBuild.join(' ')}`,
      );
    }
  }
  if (flags.bool('ignore-pull-failures') || failures.length === 0) return;
  const [count, verb] = failures.length === 1 ? ['1 error', ''] : [`${failures.length} errors`, ''];
  throw new StatusError(1, `${count} occurred${verb}:\n${failures.map((text) => `\t* ${text}\n`).join('')}\n`);
}

export const push: Command = {
  name: 'push',
  use: '[OPTIONS] [SERVICE...]',
  short: 'Push service images',
  flags: [
    flag('ignore-push-failures', '', 'bool', 'Push what it can and ignores images with push failures'),
    flag('include-deps', '', 'bool', 'Also push images of services declared as dependencies'),
    flag('quiet', 'q', 'bool', 'Push without printing progress information'),
  ],
  run: composeRun(async (compose, flags, services) => {
    const loaded = await compose.project(services);
    const project = flags.bool('include-deps') ? loaded : selectServices(loaded, services, 'alone');
    await compose.progress('Pushing', async (writer) => {
      const each = Object.values(project.services).flatMap((service) => {
        if (service.build && service.image)
          return [service.image, ...(service.build.tags ?? [])].map((tag) => ({ name: service.name, tag }));
        writer.event({ id: service.name, status: 'done', text: 'Skipped' });
        return [];
      });
      await settled(
        each.map(async ({ name, tag }) => {
          try {
            await pushImage(compose, tag, writer, flags.bool('quiet'));
          } catch (error) {
            if (!flags.bool('ignore-push-failures')) throw error;
            writer.tail(`Pushing ${name}: ${(error as Error).message}`);
          }
        }),
      );
    });
  }),
};

export const images: Command = {
  name: 'images',
  use: '[OPTIONS] [SERVICE...]',
  short: 'List images used by the created containers',
  flags: [
    flag('format', '', 'string', 'Format the output. Values: [table | json]', { default: '"table"' }),
    flag('quiet', 'q', 'bool', 'Only display IDs'),
  ],
  run: composeRun(async (compose, flags, services) => {
    const name = await compose.projectName();
    const all = await compose.client.json<ContainerSummary[]>('GET', '/containers/json', {
      query: { all: true, filters: labelFilters(`${label.project}=${name}`) },
    });
    const containers = services.length ? all.filter((one) => services.includes(serviceOf(one))) : all;
    const found = await localImages(
      compose,
      containers.map(({ Image }) => Image),
    );
    const rows = containers.map((container) => {
      const image = found.get(container.Image);
      if (!image) throw new StatusError(1, `failed to retrieve image for container ${canonicalName(container)}`);
      return { container: canonicalName(container), image };
    });
    if (flags.bool('quiet')) {
      const ids = new Set(rows.map(({ image }) => image.id.replace(/^[^:]*:/, '')));
      return void (await compose.cli.out([...ids].map((id) => `${id}\n`).join('')));
    }
    rows.sort((a, b) => (a.container < b.container ? -1 : 1));
    await printSection(compose, flags.string('format'), {
      json: rows.map(({ container, image }) => ({
        ID: image.id,
        ContainerName: container,
        Repository: image.repository,
        Tag: image.tag,
        Platform: '',
        Size: image.size,
        LastTagTime: image.tagged ? new Date(image.tagged * 1000).toISOString() : '0001-01-01T00:00:00Z',
      })),
      headers: ['CONTAINER', 'REPOSITORY', 'TAG', 'IMAGE ID', 'SIZE'],
      rows: rows.map(({ container, image: { repository, tag, id, size } }) => [
        container,
        repository || '<none>',
        tag || '<none>',
        shortId(id),
        humanSize(size, 3),
      ]),
    });
  }),
};
