import { tagged } from './check-image.ts';
import type { RegistryGoal } from './goals.ts';
import type { World } from './world.ts';

/** What a tag of a registry leads to. */
interface Held {
  digest: string;
  layers: string[];
}

export async function registryReached(goal: RegistryGoal, world: World): Promise<boolean> {
  const held = await find(goal.host, goal.repository, goal.tag ?? 'latest', world);
  if (goal.absent || !held) return !!goal.absent && !held;
  if (goal.sameAs !== undefined && !isHere(goal.sameAs, goal, held.digest, world)) return false;
  if (goal.sharesLayersWith === undefined) return true;
  const [name, tag = 'latest'] = goal.sharesLayersWith.split(':');
  const other = await find(goal.host, name!, tag, world);
  return !!other && other.layers.some((layer) => held.layers.includes(layer));
}

/** The local image of that name was pushed as, or pulled from, this digest. */
function isHere(reference: string, { host, repository }: RegistryGoal, digest: string, world: World): boolean {
  const image = world.inspection.images.find(({ references }) => references.includes(tagged(reference)));
  const name = host === undefined ? repository : `${host}/${repository}`;
  return image?.digests.includes(`${name}@${digest}`) ?? false;
}

async function find(host: string | undefined, name: string, tag: string, world: World): Promise<Held | undefined> {
  if (host !== undefined) return ask(host, name, tag, world);
  for (const { repositories, container } of world.inspection.registries) {
    if (container !== undefined) continue; // without a host the Hub is meant
    const found = repositories.find((repository) => repository.name === name);
    const digest = found && Object.hasOwn(found.tags, tag) ? found.tags[tag] : undefined;
    const manifest = found?.manifests.find((one) => one.digest === digest);
    if (digest && manifest) return { digest, layers: manifest.layers.map((layer) => layer.digest) };
  }
  return undefined;
}

const manifestTypes =
  'application/vnd.docker.distribution.manifest.v2+json, application/vnd.oci.image.manifest.v1+json';

/** Of a registry that is served on a port of this host. */
async function ask(host: string, name: string, tag: string, world: World): Promise<Held | undefined> {
  const answer = await world.http(Number(host.split(':')[1] ?? 80), `/v2/${name}/manifests/${tag}`, manifestTypes);
  if (answer?.status !== 200) return undefined;
  const digest = answer.headers.find(([header]) => header.toLowerCase() === 'docker-content-digest')?.[1] ?? '';
  try {
    const { layers = [] } = JSON.parse(answer.body) as { layers?: { digest: string }[] };
    return { digest, layers: layers.map((layer) => layer.digest) };
  } catch {
    return { digest, layers: [] };
  }
}
