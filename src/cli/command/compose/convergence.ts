import { serviceHash } from '../../../compose/index.ts';
import type { ContainerInspect, ContainerSummary } from '../../../spec/index.ts';
import { StatusError } from '../command.ts';
import type { Compose } from './compose.ts';
import { type ContainerOptions, containerName, containerRequest, endpointSettings } from './container-request.ts';
import { byName, canonicalName, isNotOneOff, listContainers, numberOf, progressName, serviceOf } from './containers.ts';
import { inDependencyOrder } from './graph.ts';
import { settled } from './images.ts';
import { injectFiles } from './inject-files.ts';
import { label } from './labels.ts';
import { inspectContainer, stopAndRemove, stopProject } from './lifecycle.ts';
import { happens, type ProgressWriter } from './progress.ts';
import { type ActiveProject, type ActiveService, dependentsOf, networksByPriority, scaleOf } from './project.ts';

export type Recreate = 'diverged' | 'force' | 'never';

export interface ConvergenceOptions {
  /** Services that were named; the others are only needed by them. */
  services: readonly string[];
  recreate: Recreate;
  recreateDependencies: Recreate;
  /** Anonymous volumes go on in the container that replaces. */
  inherit: boolean;
  timeout?: number;
}

/** Makes the containers of a project what its file says (pkg/compose/convergence.go). */
export class Convergence {
  private readonly observed = new Map<string, ContainerSummary[]>();

  constructor(
    private readonly compose: Compose,
    private readonly writer: ProgressWriter,
    private readonly project: ActiveProject,
    containers: readonly ContainerSummary[],
    /** Ids of networks and names of volumes by their keys; absent: not looked at. */
    private readonly resources?: { networks: Record<string, string>; volumes: Record<string, string> },
  ) {
    for (const one of containers.filter(isNotOneOff)) {
      const service = serviceOf(one);
      this.observed.set(service, [...(this.observed.get(service) ?? []), one]);
    }
  }

  apply(options: ConvergenceOptions): Promise<void> {
    return inDependencyOrder(this.project, 'up', (name) =>
      this.ensureService(
        this.project.services[name]!,
        options.services.includes(name) ? options.recreate : options.recreateDependencies,
        options,
      ),
    );
  }

  private async ensureService(
    service: ActiveService,
    recreate: Recreate,
    options: Pick<ConvergenceOptions, 'inherit' | 'timeout'>,
  ): Promise<void> {
    const expected = scaleOf(service);
    if (expected > 1 && service.container_name) {
      throw new StatusError(
        1,
        `WARNING: The ${JSON.stringify(service.name)} service is using the custom container name ${JSON.stringify(service.container_name)}. Docker requires each container to have a unique name. Remove the custom name to scale the service`,
      );
    }
    this.resolveReferences(service);
    const work: Promise<void>[] = [];
    const updated: ContainerSummary[] = [];
    const { kept, surplus } = await this.sorted(service, recreate, expected);
    for (const container of surplus)
      work.push(stopAndRemove(this.compose, this.writer, container, { service, timeout: options.timeout }));
    for (const [index, { container, obsolete }] of kept.entries()) {
      updated[index] = container;
      if (obsolete) {
        await this.stopDependents(service);
        work.push(
          this.recreate(service, container, options).then((made) => {
            updated[index] = made;
          }),
        );
      } else {
        const started = this.showKept(container);
        if (started) work.push(started);
      }
    }
    const have = this.observed.get(service.name) ?? [];
    const next = Math.max(0, ...have.map(numberOf)) + 1;
    for (let index = 0; index < expected - have.length; index++) {
      const number = next + index;
      work.push(
        this.create(service, containerName(this.compose, this.project, service, number), {
          number,
          aliases: true,
        }).then((made) => {
          updated[have.length + index] = made;
        }),
      );
    }
    await settled(work);
    this.observed.set(service.name, updated.filter(Boolean));
  }

  /** Which containers stay, those that fit and have low numbers first; obsolete ones are the first to go. */
  private async sorted(service: ActiveService, recreate: Recreate, expected: number) {
    const all = await Promise.all(
      (this.observed.get(service.name) ?? []).map(async (container) => ({
        container,
        obsolete: await this.mustRecreate(service, container, recreate),
      })),
    );
    all.sort((a, b) => Number(a.obsolete) - Number(b.obsolete) || numberOf(a.container) - numberOf(b.container));
    return { kept: all.slice(0, expected), surplus: all.slice(expected).map(({ container }) => container) };
  }

  private showKept(container: ContainerSummary): Promise<void> | undefined {
    const id = progressName(container);
    switch (container.State) {
      case 'running':
        this.writer.event(happens(id, 'Running'));
        return undefined;
      case 'created':
      case 'restarting':
        return undefined;
      case 'exited':
        this.writer.event(happens(id, 'Created'));
        return undefined;
      default:
        return this.restart(container);
    }
  }

  private async restart(container: ContainerSummary): Promise<void> {
    const id = progressName(container);
    this.writer.event({ id, status: 'working', statusText: 'Restart' });
    await this.compose.client.done('POST', `/containers/${container.Id}/start`);
    this.writer.event(happens(id, 'Restarted'));
  }

  private async mustRecreate(service: ActiveService, actual: ContainerSummary, policy: Recreate): Promise<boolean> {
    if (policy !== 'diverged') return policy === 'force';
    const { [label.configHash]: hash, [label.image]: image } = actual.Labels;
    if (hash !== (await serviceHash(service)) || image !== service.customLabels[label.image]) return true;
    if (!this.resources) return false;
    const { networks, volumes } = this.resources;
    const connected = Object.values(actual.NetworkSettings.Networks).map(({ NetworkID }) => NetworkID);
    const missing = Object.keys(service.networks ?? {}).some((key) => !connected.includes(networks[key]!));
    if (actual.State === 'running' && missing) return true;
    const mounted = actual.Mounts.flatMap(({ Type, Name }) => (Type === 'volume' && Name ? [Name] : []));
    return (service.volumes ?? []).some(
      ({ type, source }) => type === 'volume' && source && !mounted.includes(volumes[source]!),
    );
  }

  /** Those that ask to be restarted with this service (`depends_on: {x: {restart: true}}`). */
  private async stopDependents(service: ActiveService): Promise<void> {
    const services = Object.entries(dependentsOf(this.project, service.name))
      .filter(([, { restart }]) => restart)
      .map(([name]) => name);
    if (services.length === 0) return;
    await stopProject(this.compose, this.writer, this.project.name, { project: this.project, services });
    for (const name of services) for (const one of this.observed.get(name) ?? []) one.State = 'exited';
  }

  /** `volumes_from`, and namespaces shared with a service: the container's id takes the place of its name. */
  resolveReferences(service: ActiveService): void {
    const containerOf = (name: string, what: string): string => {
      const [first] = byName(this.observed.get(name) ?? []);
      if (!first) throw new StatusError(1, `cannot share ${what} with service ${name}: container missing`);
      return first.Id;
    };
    service.volumes_from = service.volumes_from?.map((text) => {
      const [name, other] = text.split(':') as [string, string?];
      return name === 'container' ? other! : containerOf(name, 'volume');
    });
    for (const [key, what] of [
      ['network_mode', 'network namespace'],
      ['ipc', 'IPC namespace'],
      ['pid', 'PID namespace'],
    ] as const) {
      const name = /^service:(.*)$/.exec(service[key] ?? '')?.[1];
      if (name) service[key] = `container:${containerOf(name, what)}`;
    }
    if (!service.volumes_from) delete service.volumes_from;
  }

  private async recreate(
    service: ActiveService,
    replaced: ContainerSummary,
    { inherit, timeout }: Pick<ConvergenceOptions, 'inherit' | 'timeout'>,
  ): Promise<ContainerSummary> {
    const { client } = this.compose;
    const id = progressName(replaced);
    this.writer.event({ id, status: 'working', statusText: 'Recreate' });
    try {
      const number = numberOf(replaced);
      const name = containerName(this.compose, this.project, service, number);
      const made = await this.make(service, `${replaced.Id.slice(0, 12)}_${name}`, {
        number,
        aliases: true,
        inherit: inherit ? replaced : undefined,
        labels: { ...service.labels, ...service.customLabels, [label.replace]: replaced.Id },
      });
      await client.done('POST', `/containers/${replaced.Id}/stop`, { query: { t: timeout } });
      await client.done('DELETE', `/containers/${replaced.Id}`);
      await client.done('POST', `/containers/${made.Id}/rename`, { query: { name } });
      this.writer.event({ id, status: 'done', statusText: 'Recreated' });
      return { ...made, Names: [`/${name}`] };
    } catch (error) {
      this.writer.event({ id, status: 'error', statusText: (error as Error).message });
      throw error;
    }
  }

  /** Makes a container of a service, and shows it. */
  async create(
    service: ActiveService,
    name: string,
    options: Omit<ContainerOptions, 'labels' | 'links'>,
  ): Promise<ContainerSummary> {
    const id = `Container ${name}`;
    this.writer.event(happens(id, 'Creating'));
    try {
      const made = await this.make(service, name, {
        ...options,
        labels: { ...service.labels, ...service.customLabels },
      });
      this.writer.event(happens(id, 'Created'));
      return made;
    } catch (error) {
      this.writer.event({ id, status: 'error', statusText: (error as Error).message });
      throw error;
    }
  }

  private async make(
    service: ActiveService,
    name: string,
    options: Omit<ContainerOptions, 'links'>,
  ): Promise<ContainerSummary> {
    const { compose, project, writer } = this;
    const { client } = compose;
    const all = { ...options, links: await this.links(service, options.number) };
    const request = await containerRequest(compose, project, service, all);
    const { Id, Warnings } = await client.json<{ Id: string; Warnings: string[] | null }>(
      'POST',
      '/containers/create',
      {
        query: { name, platform: service.platform || project.environment.DOCKER_DEFAULT_PLATFORM },
        json: request,
      },
    );
    for (const text of Warnings ?? []) writer.event({ id: service.name, status: 'warning', text });
    if (!(await compose.apiAtLeast('1.44'))) {
      for (const key of service.network_mode ? [] : networksByPriority(service)) {
        const network = project.networks[key]!.name;
        if (request.HostConfig!.NetworkMode === network) continue;
        const EndpointConfig = endpointSettings(compose, project, service, key, all);
        await client.done('POST', `/networks/${network}/connect`, { json: { Container: Id, EndpointConfig } });
      }
    }
    await injectFiles(compose, project, service, Id);
    return summaryOf(await inspectContainer(compose, Id));
  }

  private async links(service: ActiveService, number: number): Promise<string[]> {
    const { compose, project } = this;
    const out: string[] = [];
    const containersOf = (name: string): Promise<ContainerSummary[]> =>
      listContainers(compose, project.name, { oneOff: 'exclude', all: true, services: [name] });
    for (const text of service.links ?? []) {
      const [name = '', alias = name] = text.split(':');
      for (const one of await containersOf(name)) {
        const parts = [name, number].join(compose.separator);
        for (const as of [alias, parts, `${project.name}${compose.separator}${parts}`])
          out.push(`${canonicalName(one)}:${as}`);
      }
    }
    for (const text of service.external_links ?? []) {
      const [name = '', alias = name] = text.split(':');
      out.push(`${name}:${alias}`);
    }
    return out;
  }
}

const summaryOf = ({
  Id,
  Name,
  Config,
  NetworkSettings,
  State,
  Mounts,
  Image,
}: ContainerInspect): ContainerSummary => ({
  Id,
  Names: [Name],
  Image: Config.Image,
  ImageID: Image,
  Command: '',
  Created: 0,
  Ports: [],
  Labels: Config.Labels ?? {},
  State: State.Status,
  Status: '',
  HostConfig: { NetworkMode: '' },
  NetworkSettings: { Networks: NetworkSettings.Networks },
  Mounts,
});
