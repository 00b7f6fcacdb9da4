import { containerReached } from './check-container.ts';
import { cgroupReached, networkReached, processReached, volumeReached } from './check-host.ts';
import { imageReached } from './check-image.ts';
import { registryReached } from './check-registry.ts';
import type { Lesson, Step } from './format.ts';
import { type BuildGoal, type FileGoal, type Goal, type HttpGoal, isProbe } from './goals.ts';
import type { World } from './world.ts';

export async function reached(goal: Goal, world: World): Promise<boolean> {
  if ('all' in goal) return everyReached(goal.all, world);
  if ('any' in goal) return anyReached(goal.any, world);
  if ('not' in goal) return !(await reached(goal.not, world));
  if ('image' in goal) return imageReached(goal.image, world);
  if ('container' in goal) return containerReached(goal.container, world);
  if ('file' in goal) return fileReached(goal.file, world);
  if ('registry' in goal) return registryReached(goal.registry, world);
  if ('login' in goal) return goal.login.registry in world.inspection.logins;
  if ('network' in goal) return networkReached(goal.network, world.inspection);
  if ('volume' in goal) return volumeReached(goal.volume, world);
  if ('build' in goal) return buildReached(goal.build, world);
  if ('process' in goal) return processReached(goal.process, world.inspection);
  if ('cgroup' in goal) return cgroupReached(goal.cgroup, world.inspection);
  if ('http' in goal) return httpReached(goal.http, world);
  return (await world.exec(goal.exec.run)) === 0;
}

/** Whoever looks again and again: at what is not known to be reached, with probes for one step only. */
export interface Looked {
  known: readonly (readonly boolean[])[];
  step: number;
}

/** For each step, for each goal, whether it holds. */
export async function checkLesson(
  { steps }: Pick<Lesson, 'steps'>,
  world: World,
  looked?: Looked,
): Promise<boolean[][]> {
  const held: boolean[][] = [];
  for (const [index, { goals }] of steps.entries()) {
    const row: boolean[] = [];
    // One after the other: what a goal runs in the host is not mixed with what another runs.
    for (const [at, goal] of goals.entries()) {
      const known = looked?.known[index]?.[at] ?? false;
      const put = looked !== undefined && index !== looked.step && isProbe(goal);
      row.push(known || (!put && (await reached(goal, world))));
    }
    held.push(row);
  }
  return held;
}

/** Of a step's conditional hints, those whose condition holds now. */
export async function fittingHints({ hints }: Pick<Step, 'hints'>, world: World): Promise<number[]> {
  const fitting: number[] = [];
  for (const [index, { when }] of hints.entries()) if (await reached(when, world)) fitting.push(index);
  return fitting;
}

async function everyReached(goals: readonly Goal[], world: World): Promise<boolean> {
  for (const goal of goals) if (!(await reached(goal, world))) return false;
  return true;
}

async function anyReached(goals: readonly Goal[], world: World): Promise<boolean> {
  for (const goal of goals) if (await reached(goal, world)) return true;
  return false;
}

function fileReached(goal: FileGoal, world: World): boolean {
  const text = world.file(goal.path);
  if (goal.absent) return text === undefined;
  return text !== undefined && (goal.contains === undefined || text.includes(goal.contains));
}

async function httpReached(goal: HttpGoal, world: World): Promise<boolean> {
  const answer = await world.http(goal.port, goal.path ?? '/');
  if (goal.refused || !answer) return !!goal.refused && !answer;
  return answer.status === (goal.status ?? 200) && (goal.contains === undefined || answer.body.includes(goal.contains));
}

const silenced = (rule: string, rules: readonly string[]): boolean => rules.length === 0 || rules.includes(rule);

/** Of the last build. */
function buildReached(goal: BuildGoal, { builds }: World): boolean {
  const build = builds.at(-1);
  if (build?.succeeded === undefined) return false;
  if (goal.succeeded !== undefined && build.succeeded !== goal.succeeded) return false;
  const cached = (start: string, cache: 'hit' | 'miss'): boolean =>
    build.steps.some((step) => step.instruction.startsWith(start) && step.cache === cache);
  return (
    (goal.hit ?? []).every((start) => cached(start, 'hit')) &&
    (goal.miss ?? []).every((start) => cached(start, 'miss')) &&
    (goal.warns ?? []).every((rule) => build.findings.includes(rule)) &&
    (goal.silent === undefined || !build.findings.some((rule) => silenced(rule, goal.silent!))) &&
    (!goal.allHit || (build.steps.length > 0 && build.steps.every(({ cache }) => cache === 'hit'))) &&
    (goal.missFrom === undefined || missesFrom(build.steps, goal.missFrom))
  );
}

function missesFrom(steps: World['builds'][number]['steps'], start: string): boolean {
  const at = steps.findIndex(({ instruction }) => instruction.startsWith(start));
  return at >= 0 && steps.every(({ cache }, index) => cache === (index < at ? 'hit' : 'miss'));
}
