import { type Backend, BuildError, type BuildMessage, type BuildOptions, type BuildResult, type ContextUpload } from './backend.ts';

/**
 * Builds as POST /build does. `emit` gets the answer's JSON lines in order. Rejects with {@link BuildError} only when
 * nothing was emitted.
 */
export async function build(
  _options: BuildOptions,
  _context: ContextUpload,
  _backend: Backend,
  _emit: (message: BuildMessage) => void,
): Promise<BuildResult> {
  throw new BuildError('drydock: build is not there yet');
}
