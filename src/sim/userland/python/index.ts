/**
 * python: `python3`. The interpreter is CPython itself (Pyodide), which the world offers. What runs next to it is
 * `guest.js`; its edge to the kernel are the modules of `boot/`; what it asks for is in `calls.ts`.
 */
import type { Assets } from '../../../port/index.ts';
import type { LazyProgram } from '../../kernel/program.ts';
import { pythonVersions } from './versions.ts';

export { pythonProgramPaths } from './versions.ts';

/** Program name (`python/VERSION`) -> how it is loaded. `hold` stops the skipping of idle time: the interpreter computes. */
export function pythonPrograms(
  assets: Assets | undefined,
  hold: () => () => void = () => () => {},
): Map<string, LazyProgram> {
  return new Map(
    pythonVersions.map((version) => [
      `python/${version}`,
      { load: async () => (await import('./python.ts')).python(version, assets?.python, hold) },
    ]),
  );
}
