import { goQuote } from '../spec/index.ts';
import { type Project, ProjectError, type Service } from './project.ts';

const invalid = (what: string): never => {
  throw new ProjectError(`${what}: invalid compose project`);
};

interface Whole {
  project: Project;
  disabled: Record<string, Service>;
}

/** What compose refuses in a project that the schema lets through. */
export function checkConsistency(whole: Whole): void {
  for (const [name, service] of Object.entries(whole.project.services))
    for (const check of checks) check(name, service, whole);
  for (const [name, secret] of Object.entries(whole.project.secrets ?? {}))
    if (!secret.external && !secret.file && !secret.environment)
      invalid(`secret ${goQuote(name)} must declare either \`file\` or \`environment\``);
  checkDependencies(whole);
}

type Check = (name: string, service: Service, whole: Whole) => void;

const checkBuild: Check = (name, service, { project, disabled }) => {
  const { build, image } = service;
  if (!build && !image && !('provider' in service))
    invalid(`service ${goQuote(name)} has neither an image nor a build context specified`);
  if (!build) return;
  if (build.dockerfile_inline && build.dockerfile)
    invalid(`service ${goQuote(name)} declares mutualy exclusive dockerfile and dockerfile_inline`);
  for (const [context, from] of Object.entries(build.additional_contexts ?? {})) {
    if (!from.startsWith('service:')) continue;
    const target = from.slice('service:'.length);
    const what = (kind: string) =>
      `service ${goQuote(name)} declares ${kind} service ${goQuote(target)} as additional contexts ${context}`;
    const other = project.services[target];
    if (!other || disabled[target]) throw new ProjectError(what('unknown'));
    if (!other.build) throw new ProjectError(what('non-buildable'));
  }
  if (build.platforms && service.platform && !build.platforms.includes(service.platform))
    invalid(`service.build.platforms MUST include service.platform ${goQuote(service.platform)}`);
};

const checkNetworks: Check = (name, service, { project }) => {
  const used = Object.keys(service.networks ?? {});
  if (service.network_mode && used.length > 0)
    invalid(`service ${name} declares mutually exclusive \`network_mode\` and \`networks\``);
  for (const network of used)
    if (!project.networks?.[network]) invalid(`service ${goQuote(name)} refers to undefined network ${network}`);
};

const checkHealth: Check = (_, { healthcheck }) => {
  const first = healthcheck?.test?.[0];
  if (first !== undefined && !['CMD', 'CMD-SHELL', 'NONE'].includes(first))
    throw new ProjectError('healthcheck.test must start either by "CMD", "CMD-SHELL" or "NONE"');
};

const checkNeeds: Check = (name, service, { project, disabled }) => {
  for (const [other, { required }] of Object.entries(service.depends_on ?? {}))
    if (!project.services[other] && !(disabled[other] && !required))
      invalid(`service ${goQuote(name)} depends on undefined service ${goQuote(other)}`);
  const shared = service.network_mode?.startsWith('service:') ? service.network_mode.slice('service:'.length) : '';
  if (shared && !project.services[shared])
    throw new ProjectError(`service ${goQuote(shared)} not found for network_mode 'service:${shared}'`);
};

const checkResources: Check = (name, service, { project }) => {
  const undefinedOne = (kind: string, source = '') =>
    invalid(`service ${goQuote(name)} refers to undefined ${kind} ${source}`);
  for (const { type, source } of service.volumes ?? [])
    if (type === 'volume' && source && !project.volumes?.[source]) undefinedOne('volume', source);
  for (const { source } of service.build?.secrets ?? [])
    if (!project.secrets?.[source]) undefinedOne('build secret', source);
  for (const { source } of service.configs ?? []) if (!project.configs?.[source]) undefinedOne('config', source);
  for (const { source } of service.secrets ?? []) if (!project.secrets?.[source]) undefinedOne('secret', source);
};

const checkLimits: Check = (name, service) => {
  const { deploy, scale, cpus, mem_limit, mem_reservation, pids_limit } = service;
  const replicas = deploy?.replicas;
  const distinct = (key: string, other: string) =>
    invalid(`services.${name}: can't set distinct values on '${key}' and '${other}'`);
  if (scale !== undefined && replicas !== undefined && scale !== replicas) distinct('scale', 'deploy.replicas');
  if (scale !== undefined && scale < 0)
    throw new ProjectError(`services.${name}.scale: must be greater than or equal to 0`);
  if (replicas !== undefined && replicas < 0)
    throw new ProjectError(`services.${name}.deploy.replicas: must be greater than or equal to 0`);
  if (scale !== undefined && deploy) deploy.replicas = scale;
  const { limits, reservations } = deploy?.resources ?? {};
  if (cpus && limits && (limits.cpus ?? 0) !== cpus) distinct('cpus', 'deploy.resources.limits.cpus');
  if (mem_limit && limits && limits.memory !== mem_limit) distinct('mem_limit', 'deploy.resources.limits.memory');
  if (mem_reservation && reservations && reservations.memory !== mem_reservation)
    distinct('mem_reservation', 'deploy.resources.reservations.memory');
  if (pids_limit && limits && limits.pids !== pids_limit) distinct('pids_limit', 'deploy.resources.limits.pids');
  const attribute = scale === undefined ? 'deploy.replicas' : 'scale';
  if ((scale ?? replicas ?? 1) > 1 && service.container_name)
    // The two are the wrong way round in compose-go too.
    invalid(`services.${attribute}: can't set container_name and ${name} as container name must be unique`);
};

const checkMounts: Check = (name, service) => {
  for (const { target, action } of service.develop?.watch ?? [])
    if (!target && action !== 'rebuild' && action !== 'restart')
      invalid(`services.${name}.develop.watch: target is required for non-rebuild actions`);
  const mounts = new Map<string, string>();
  const mount = (target: string, place: string) => {
    const before = mounts.get(target);
    if (before) throw new ProjectError(`${place}: target ${target} already mounted as ${before}`);
    mounts.set(target, place);
  };
  service.tmpfs?.forEach((tmpfs, i) => {
    mount(tmpfs.split(':', 1)[0]!, `services.${name}.tmpfs[${i}]`);
  });
  service.volumes?.forEach(({ target }, i) => {
    mount(target, `services.${name}.volumes[${i}]`);
  });
};

const checks: Check[] = [checkBuild, checkNetworks, checkHealth, checkNeeds, checkResources, checkLimits, checkMounts];

/** Dependencies that are disabled, and those that go in a circle. */
function checkDependencies({ project, disabled }: Whole): void {
  const needs = new Map<string, string[]>();
  for (const [name, service] of Object.entries(project.services)) {
    const others = Object.entries(service.depends_on ?? {});
    for (const [other, { required }] of others) {
      if (project.services[other] || !required) continue;
      const profiles = disabled[other]?.profiles ?? [];
      throw new ProjectError(
        disabled[other]
          ? `service ${goQuote(other)} is required by ${goQuote(name)} but is disabled. Can be enabled by profiles [${profiles.join(' ')}]`
          : `service ${goQuote(name)} depends on unknown service ${goQuote(other)}`,
      );
    }
    needs.set(
      name,
      others
        .map(([other]) => other)
        .filter((other) => project.services[other])
        .sort(),
    );
  }
  const done = new Set<string>();
  for (const name of [...needs.keys()].sort()) searchCycle([name], needs, done);
}

function searchCycle(path: string[], needs: Map<string, string[]>, done: Set<string>): void {
  const name = path.at(-1)!;
  if (done.has(name)) return;
  for (const next of needs.get(name) ?? []) {
    const at = path.indexOf(next);
    if (at >= 0) throw new ProjectError(`dependency cycle detected: ${[...path.slice(at), next].join(' -> ')}`);
    searchCycle([...path, next], needs, done);
  }
  done.add(name);
}

/** Of `config` alone: two services of one container name. */
export function checkContainerNames(project: Project): void {
  const names = new Map<string, string>();
  for (const [name, { container_name }] of Object.entries(project.services)) {
    if (!container_name) continue;
    // compose-go keeps no service beside the name: what it tells is the empty `{}`.
    if (names.has(container_name))
      throw new ProjectError(
        `services.${name}: container name ${goQuote(container_name)} is already in use by service {}"`,
      );
    names.set(container_name, name);
  }
}
