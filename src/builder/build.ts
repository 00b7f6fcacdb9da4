import { DockerfileError } from '../dockerfile/index.ts';
import { paced } from '../spec/index.ts';
import {
  type Backend,
  BuildError,
  type BuildMessage,
  type BuildOptions,
  type BuildResult,
  type ContextUpload,
} from './backend.ts';
import { buildKit } from './buildkit/build.ts';
import { buildClassic } from './classic/build.ts';
import { BuildContext } from './copy/context.ts';
import { Output } from './output.ts';
import { prepare } from './prepare.ts';
import { familiar, normalizeTags } from './reference.ts';

/**
 * Builds as POST /build does. `emit` gets the answer's JSON lines in order. Rejects with {@link BuildError} only when
 * nothing was emitted; a later failure is the last line, and the result has no image.
 */
export async function build(
  options: BuildOptions,
  context: ContextUpload,
  backend: Backend,
  emit: (message: BuildMessage) => void,
): Promise<BuildResult> {
  if (options.version === '2') return buildKit(options, context, backend, emit);
  const output = new Output(emit, options.q);
  try {
    if (options.squash) throw new BuildError('squash is only supported with experimental mode');
    const tags = normalizeTags(options.t);
    const prepared = prepare(await paced(BuildContext.reading(context), backend.pause), options);
    const imageId = await buildClassic(prepared, options, backend, output);
    output.stdout(`Successfully built ${imageId.replace('sha256:', '').slice(0, 12)}\n`);
    for (const tag of tags) {
      await backend.tag(imageId, tag);
      output.stdout(`Successfully tagged ${familiar(tag)}\n`);
    }
    if (options.q) output.always({ stream: `${imageId}\n` });
    return { imageId };
  } catch (error) {
    return failed(error, output);
  }
}

function failed(error: unknown, output: Output): BuildResult {
  const known = error instanceof DockerfileError ? new BuildError(error.message) : (error as Error);
  output.release();
  if (!output.started) throw known;
  const code = known instanceof BuildError ? known.code : undefined;
  output.always({ errorDetail: { ...(code !== undefined && { code }), message: known.message }, error: known.message });
  return {};
}
