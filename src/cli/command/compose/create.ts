import { checkContainerNames } from '../../../compose/index.ts';
import { StatusError } from '../command.ts';
import { type BuildOptions, buildServices } from './build.ts';
import type { Compose } from './compose.ts';
import { canonicalName, listContainers, orphansOf } from './containers.ts';
import { Convergence, type ConvergenceOptions } from './convergence.ts';
import { pullRequired, serviceImages } from './images.ts';
import { label } from './labels.ts';
import { removeContainers } from './lifecycle.ts';
import type { ProgressWriter } from './progress.ts';
import { type ActiveProject, imageOf } from './project.ts';
import { ensureNetworks, ensureVolumes } from './resources.ts';

export interface CreateOptions extends ConvergenceOptions {
  /** Absent: nothing is built. */
  build?: BuildOptions;
  quietPull?: boolean;
  removeOrphans?: boolean;
  ignoreOrphans?: boolean;
  assumeYes?: boolean;
}

/** Images, networks, volumes, containers: all that a project needs before it starts (pkg/compose/create.go). */
export async function createProject(
  compose: Compose,
  writer: ProgressWriter,
  project: ActiveProject,
  options: CreateOptions,
): Promise<void> {
  const services = options.services.length ? options.services : Object.keys(project.services);
  checkContainerNames({ name: project.name, services: project.services });
  await ensureImages(compose, writer, project, options);
  const networks = await ensureNetworks(compose, writer, project);
  const volumes = await ensureVolumes(compose, writer, project, options.assumeYes ?? false);
  const containers = await listContainers(compose, project.name, { oneOff: 'include', all: true });
  const orphans = orphansOf(containers, project);
  if (orphans.length && !options.ignoreOrphans) {
    if (options.removeOrphans) await removeContainers(compose, writer, orphans);
    else {
      await compose.warn(
        `Found orphan containers ([${orphans.map(canonicalName).join(' ')}]) for this project. If you removed or renamed this service in your compose file, you can run this command with the --remove-orphans flag to clean it up.`,
      );
    }
  }
  const convergence = new Convergence(compose, writer, project, containers, { networks, volumes });
  await convergence.apply({ ...options, services });
}

/** Pulls and builds what is missing; every service learns its image's id. */
export async function ensureImages(
  compose: Compose,
  writer: ProgressWriter,
  project: ActiveProject,
  { build, quietPull = false }: Pick<CreateOptions, 'build' | 'quietPull'>,
): Promise<void> {
  for (const { name, image, build: own } of Object.values(project.services)) {
    if (image || own) continue;
    throw new StatusError(1, `invalid service ${JSON.stringify(name)}. Must specify either image or build`);
  }
  const images = await serviceImages(compose, project);
  await pullRequired(compose, project, images, quietPull);
  const built = build ? await buildServices(compose, writer, project, { ...build, local: images }) : new Map();
  for (const service of Object.values(project.services)) {
    const name = imageOf(service, project, compose.separator);
    const id = built.get(name) ?? images.get(name)?.id;
    if (id) service.customLabels[label.image] = id;
  }
}
