import type { DockerCli } from '../docker-cli.ts';
import { StatusError } from './command.ts';

/** Writes an answer to a file, or to stdout when there is no name. A file that could not be completed is not left. */
export async function saveStream(
  cli: DockerCli,
  output: string,
  what: string,
  open: () => Promise<AsyncIterable<Uint8Array>>,
): Promise<void> {
  const { files } = cli.host;
  if (output) {
    const at = output.lastIndexOf('/');
    const directory = at < 0 ? '' : output.slice(0, at) || '/';
    if (directory && !files.stat(directory))
      throw new StatusError(1, `${what}: invalid output path: stat ${directory}: no such file or directory`);
    if (files.stat(output)?.type === 'directory') throw new StatusError(1, `${what}: cannot write to a directory`);
  }
  const stream = await open();
  if (!output) {
    for await (const bytes of stream) await cli.host.stdout.write(bytes);
    return;
  }
  const writer = files.create(output, 0o600);
  for await (const bytes of stream) await writer.write(bytes);
  await writer.close();
}
