import { contentText, createIgnore, type Ignore, parseIgnoreFile } from '../spec/index.ts';
import { BuildError, type BuildOptions } from './backend.ts';
import type { BuildContext } from './copy/context.ts';
import { clean } from './paths.ts';

/** The context as steps see it, and the Dockerfile's text. */
export interface Prepared {
  context: BuildContext;
  dockerfile: string;
  name: string;
  ignore: Ignore;
}

/**
 * Finds the Dockerfile in the context and takes it (and `.dockerignore`) out of it when `.dockerignore` says so: the
 * client must send them even then.
 */
export function prepare(uploaded: BuildContext, options: BuildOptions): Prepared {
  const name = options.dockerfile || 'Dockerfile';
  const path = [name, ...(options.dockerfile ? [] : ['dockerfile'])]
    .map((candidate) => uploaded.resolve(clean(`/${candidate}`).slice(1), true))
    .find((candidate) => uploaded.lstat(candidate)?.type === 'file');
  if (path === undefined) throw new BuildError(`Cannot locate specified Dockerfile: ${name}`, undefined, 500);
  const ignoreFile = ['.dockerignore'].find((file) => uploaded.lstat(file)?.type === 'file');
  const ignore = createIgnore(ignoreFile ? parseIgnoreFile(contentText(uploaded.content(ignoreFile))) : []);
  const hidden = [path, '.dockerignore'].filter((file) => ignore.excludes(file));
  const dockerfile = contentText(uploaded.content(path));
  return { context: hidden.length > 0 ? uploaded.without(hidden) : uploaded, dockerfile, name, ignore };
}
