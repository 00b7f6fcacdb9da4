import { StatusError } from '../command.ts';
import type { ActiveProject } from './project.ts';

/**
 * Visits every service after those it depends on (`up`) or after those that depend on it (`down`), what is independent
 * at the same time (pkg/compose/dependencies.go). The first error stops what has not begun; what runs is waited for.
 */
export async function inDependencyOrder(
  project: ActiveProject,
  direction: 'up' | 'down',
  visit: (name: string) => Promise<void>,
): Promise<void> {
  const needs = dependencies(project);
  refuseCycles(needs);
  const before = direction === 'up' ? needs : reversed(needs);
  let failure: { error: unknown } | undefined;
  const visits = new Map<string, Promise<void>>();
  const of = (name: string): Promise<void> => {
    const known = visits.get(name);
    if (known) return known;
    const visited = Promise.all([...before.get(name)!].map(of)).then(async () => {
      if (failure) return;
      try {
        await visit(name);
      } catch (error) {
        failure ??= { error };
      }
    });
    visits.set(name, visited);
    return visited;
  };
  await Promise.all([...before.keys()].map(of));
  if (failure) throw failure.error;
}

type Graph = ReadonlyMap<string, ReadonlySet<string>>;

/** What each service depends on. An optional dependency that is not there is forgotten. */
function dependencies(project: ActiveProject): Graph {
  const graph = new Map<string, Set<string>>();
  for (const service of Object.values(project.services)) {
    const needs = new Set<string>();
    for (const [name, { required }] of Object.entries(service.depends_on ?? {})) {
      if (project.services[name]) needs.add(name);
      else if (required === false) delete service.depends_on![name];
      else if (project.disabled[name]) {
        throw new StatusError(
          1,
          `service ${name} is required by ${service.name} but is disabled. Can be enabled by profiles [${(project.disabled[name].profiles ?? []).join(' ')}]`,
        );
      } else throw new StatusError(1, `could not find ${name}: not found`);
    }
    graph.set(service.name, needs);
  }
  return graph;
}

function reversed(graph: Graph): Graph {
  const out = new Map([...graph.keys()].map((name) => [name, new Set<string>()]));
  for (const [name, needs] of graph) for (const need of needs) out.get(need)!.add(name);
  return out;
}

function refuseCycles(graph: Graph): void {
  const finished = new Set<string>();
  const visit = (name: string, path: readonly string[]): void => {
    if (finished.has(name)) return;
    for (const next of graph.get(name)!) {
      if (path.includes(next)) throw new StatusError(1, `cycle found: ${[...path, next].join(' -> ')}`);
      visit(next, [...path, next]);
    }
    finished.add(name);
  };
  for (const name of graph.keys()) visit(name, [name]);
}
