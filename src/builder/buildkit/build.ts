import { type Backend, BuildError, type BuildMessage, type BuildOptions, type BuildResult, type ContextUpload } from '../backend.ts';

export async function buildKit(
  _options: BuildOptions,
  _context: ContextUpload,
  _backend: Backend,
  _emit: (message: BuildMessage) => void,
): Promise<BuildResult> {
  throw new BuildError('drydock: BuildKit is not there yet');
}
