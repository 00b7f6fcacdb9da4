import type { Shell } from '../shell.ts';

export interface Times {
  real: number;
  user: number;
  system: number;
}

export const startTimes = (shell: Shell): Times => {
  const t = shell.sys.times();
  return {
    real: shell.sys.monotonic(),
    user: t.userMs + t.childrenUserMs,
    system: t.systemMs + t.childrenSystemMs,
  };
};

const clock = (ms: number): string => `${Math.floor(ms / 60_000)}m${((ms % 60_000) / 1000).toFixed(3)}s`;

/** What the keyword `time` prints (TIMEFORMAT's default), or `time -p`. */
export const reportTimes = async (shell: Shell, before: Times, posix: boolean): Promise<void> => {
  const after = startTimes(shell);
  const show = (ms: number) => (posix ? (ms / 1000).toFixed(2) : clock(ms));
  const separator = posix ? ' ' : '\t';
  const lines = (['real', 'user', 'system'] as const).map(
    (k) => `${k === 'system' ? 'sys' : k}${separator}${show(after[k] - before[k])}\n`,
  );
  await shell.write(2, (posix ? '' : '\n') + lines.join(''));
};
