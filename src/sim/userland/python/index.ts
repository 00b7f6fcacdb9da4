/**
 * python: `python3` and `pip`. The interpreter is CPython itself (Pyodide), which a world offers by a `PythonPort`: in a
 * thread of its own that may block (Node), or beside the kernel with its stack switched (JSPI). What runs next to it is
 * `guest.js`; its edge to the kernel is `bootstrap.py`; what it asks for is in `calls.ts`.
 */
import type { LazyProgram } from '../../kernel/program.ts';
import type { PythonPort } from './port.ts';
import { pythonVersions } from './versions.ts';

export type * from './port.ts';
export { pythonProgramPaths } from './versions.ts';

/** Program name (`python/VERSION`) -> how it is loaded. Without a port they say that there is no interpreter. */
export function pythonPrograms(port: PythonPort | undefined): Map<string, LazyProgram> {
  return new Map(
    pythonVersions.map((version) => [
      `python/${version}`,
      { load: async () => (await import('./python.ts')).python(version, port) },
    ]),
  );
}
