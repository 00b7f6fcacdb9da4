import type { ContainerInfo } from '../trace/index.ts';
import { hasEnv, hidesPath, holdsPath, someAsync, tagged } from './check-image.ts';
import type { ContainerGoal } from './goals.ts';
import type { World } from './world.ts';

export async function containerReached(goal: ContainerGoal, world: World): Promise<boolean> {
  const { containers, images } = world.inspection;
  const imageId = goal.image && images.find((image) => image.references.includes(tagged(goal.image!)))?.id;
  const found = containers.filter(
    (c) =>
      (goal.name === undefined || c.name === goal.name) &&
      (goal.image === undefined || tagged(c.image) === tagged(goal.image) || c.imageId === imageId) &&
      shownFits(c, goal),
  );
  if (goal.absent) return found.length === 0;
  return someAsync(found, async (c) => (await changesFit(c, goal, world)) && (await toldFits(c, goal, world)));
}

/** What the inspection shows of it. */
const shownFits = (c: ContainerInfo, goal: ContainerGoal): boolean =>
  (goal.status === undefined || c.status === goal.status) &&
  (goal.exitCode === undefined || (c.status === 'exited' && c.exitCode === goal.exitCode)) &&
  (goal.network === undefined || c.networks.some(({ name }) => name === goal.network)) &&
  portsFit(c, goal) &&
  mountsFit(c, goal);

const portsFit = ({ ports }: ContainerInfo, { port, hostPort }: ContainerGoal): boolean =>
  (port === undefined && hostPort === undefined) ||
  ports.some(
    ({ host, container }) =>
      (port === undefined || [container, container.split('/')[0]].includes(port)) &&
      (hostPort === undefined || host.endsWith(`:${hostPort}`)),
  );

const mountsFit = ({ mounts }: ContainerInfo, { volume, bind, mountedAt }: ContainerGoal): boolean =>
  (volume === undefined && bind === undefined && mountedAt === undefined) ||
  mounts.some(
    ({ type, source, destination }) =>
      (volume === undefined || (type === 'volume' && source.endsWith(`/volumes/${volume}/_data`))) &&
      (bind === undefined || (type === 'bind' && source === bind)) &&
      (mountedAt === undefined || destination === mountedAt),
  );

async function changesFit({ id }: ContainerInfo, { changed, deleted }: ContainerGoal, world: World): Promise<boolean> {
  if (changed === undefined && deleted === undefined) return true;
  const changes = await world.changes(id);
  return (
    (changed === undefined || holdsPath(changes, changed)) && (deleted === undefined || hidesPath(changes, deleted))
  );
}

/** The fields of `docker inspect` that goals ask for. */
interface Told {
  State: { OOMKilled: boolean; Health?: { Status: string } };
  HostConfig: { RestartPolicy: { Name: string }; Memory: number; PidsLimit: number | null; ReadonlyRootfs: boolean };
  Config: { User: string; Env: string[] | null };
}

async function toldFits({ id }: ContainerInfo, goal: ContainerGoal, world: World): Promise<boolean> {
  const { oomKilled, health, restart, memory, pidsLimit, readOnly, user, env, logs } = goal;
  if ([oomKilled, health, restart, memory, pidsLimit, readOnly, user, env].some((one) => one !== undefined)) {
    const text = await world.engine(`/containers/${id}/json`);
    if (!text || !inspectFits(JSON.parse(text) as Told, goal)) return false;
  }
  if (logs === undefined) return true;
  return (await world.engine(`/containers/${id}/logs?stdout=1&stderr=1`))?.includes(logs) ?? false;
}

const inspectFits = ({ State, HostConfig, Config }: Told, goal: ContainerGoal): boolean =>
  (goal.oomKilled === undefined || State.OOMKilled === goal.oomKilled) &&
  (goal.health === undefined || State.Health?.Status === goal.health) &&
  (goal.restart === undefined || (HostConfig.RestartPolicy.Name || 'no') === goal.restart) &&
  (goal.memory === undefined || HostConfig.Memory === goal.memory) &&
  (goal.pidsLimit === undefined || HostConfig.PidsLimit === goal.pidsLimit) &&
  (goal.readOnly === undefined || HostConfig.ReadonlyRootfs === goal.readOnly) &&
  (goal.user === undefined || Config.User === goal.user) &&
  (goal.env ?? []).every((one) => hasEnv(Config.Env ?? [], one));
