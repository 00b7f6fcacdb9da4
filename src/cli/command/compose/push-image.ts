import type { JsonMessage } from '../../../spec/index.ts';
import { StatusError } from '../command.ts';
import { fullName, splitImage } from '../image/pull-image.ts';
import { bar } from '../json-messages.ts';
import { authHeaders } from '../registry/auth.ts';
import type { Compose } from './compose.ts';
import type { ProgressWriter } from './progress.ts';

type PushMessage = JsonMessage & { id?: string; progressDetail?: { current?: number; total?: number } | null };

/** Pushes one image; its layers are shown as they go. */
export async function pushImage(
  { cli, client }: Compose,
  image: string,
  writer: ProgressWriter,
  quiet: boolean,
): Promise<void> {
  const { repository, suffix } = splitImage(image);
  const name = fullName(repository).replace(/^docker\.io\/(library\/)?/, '');
  const messages = client.values<PushMessage>('POST', `/images/${name}/push`, {
    query: { tag: suffix.replace(/^:/, '') || 'latest' },
    headers: authHeaders(cli, image),
  });
  for await (const message of messages) {
    const failure = (message.errorDetail as { message?: string } | undefined)?.message ?? message.error;
    if (failure) throw new StatusError(1, failure);
    if (quiet || !message.id) continue;
    const { current = 0, total = 0 } = message.progressDetail ?? {};
    const done = ['pushed', 'layer already exists'].includes((message.status ?? '').toLowerCase());
    writer.event({
      id: `Pushing ${image}: ${message.id}`,
      text: message.status,
      status: done ? 'done' : 'working',
      statusText: message.progressDetail ? bar({ current, total }, 200) : '',
      ...(total ? { current, total, percent: Math.trunc((current * 100) / total) } : {}),
      ...(done ? { percent: 100 } : {}),
    });
  }
}
