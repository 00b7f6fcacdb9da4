import type { JsonMessage } from '../../../spec/index.ts';
import { parseReference } from '../../../spec/index.ts';
import type { DockerCli } from '../../docker-cli.ts';
import { messageOutput, showMessages } from '../json-messages.ts';
import { authHeaders } from '../registry/auth.ts';

/** `POST /images/create` with the user's credentials, shown as it goes. */
export async function pullImage(
  cli: DockerCli,
  image: string,
  options: { platform?: string; quiet?: boolean; toStderr?: boolean; allTags?: boolean },
): Promise<void> {
  const { repository, suffix } = splitImage(image);
  parseReference(image);
  const tag = suffix.replace(/^[:@]/, '') || (options.allTags ? undefined : 'latest');
  const messages = cli.client.values<JsonMessage>('POST', '/images/create', {
    query: { fromImage: fullName(repository), tag, platform: options.platform },
    headers: authHeaders(cli, image),
  });
  const output = messageOutput(cli, options.toStderr);
  await showMessages(options.quiet ? { ...output, tty: false, write: async () => undefined } : output, messages);
}

/** `repo`, `repo:tag`, `repo@digest` taken apart. */
export function splitImage(image: string): { repository: string; suffix: string } {
  const digest = image.indexOf('@');
  const bare = digest < 0 ? image : image.slice(0, digest);
  const colon = bare.lastIndexOf(':');
  const tagged = colon > bare.lastIndexOf('/');
  if (digest >= 0) return { repository: tagged ? bare.slice(0, colon) : bare, suffix: image.slice(digest) };
  return tagged ? { repository: bare.slice(0, colon), suffix: bare.slice(colon) } : { repository: bare, suffix: '' };
}

/** With the registry's name, as `docker.io/library/busybox`. */
export function fullName(repository: string): string {
  const first = repository.split('/')[0]!;
  if (repository.includes('/') && (/[.:]/.test(first) || first === 'localhost')) {
    return first === 'docker.io' || first === 'index.docker.io'
      ? withLibrary(repository.slice(first.length + 1))
      : repository;
  }
  return withLibrary(repository);
}
const withLibrary = (path: string): string => `docker.io/${path.includes('/') ? path : `library/${path}`}`;
