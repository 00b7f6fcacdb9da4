import { StatusError } from '../command.ts';
import type { BuildOptions } from './build.ts';
import type { Compose } from './compose.ts';
import type { LogConsumer } from './log-consumer.ts';
import type { ActiveProject } from './project.ts';

export async function watchProject(
  _compose: Compose,
  _project: ActiveProject,
  _services: readonly string[],
  _options: { build?: BuildOptions; consumer: LogConsumer; signal: AbortSignal; prune: boolean },
): Promise<void> {
  throw new StatusError(1, 'drydock: compose watch is not simulated');
}
