import type { LineRange } from './error.ts';
import type { Dockerfile } from './stages.ts';

/** One finding of `docker build --check`. */
export interface CheckWarning {
  rule: string;
  description: string;
  url: string;
  detail: string;
  lines: LineRange;
}

export interface CheckOptions {
  /** Values of --build-arg. */
  buildArgs?: Readonly<Record<string, string>>;
  /** Whether `.dockerignore` leaves a path out. */
  excluded?(path: string): boolean;
  /** Names of variables that a base image's config sets. */
  baseEnv?(image: string): readonly string[];
}

export const ruleInfo: Record<string, { description: string; url: string }> = {};

export function checkDockerfile(_file: Dockerfile, _options: CheckOptions = {}): CheckWarning[] {
  return [];
}
