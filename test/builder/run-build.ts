import { TarContent, tarEntry } from '../../src/archive/index.ts';
import { type BuildError, type BuildMessage, type BuildOptions, build } from '../../src/builder/index.ts';
import { textContent } from '../../src/spec/index.ts';
import type { FakeBackend } from './fake-backend.ts';

/** Files by path: text, or `{ link }`, or null for a directory; `.` sorts as the client's walk does. */
export type Files = Record<string, string | { link: string } | { data: string; mode: number } | null>;

export const contextTar = (files: Files) =>
  new TarContent(
    Object.entries(files)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, value]) => {
        if (value === null) return tarEntry({ name: `${name}/`, type: 'directory', mode: 0o755 });
        if (typeof value === 'string') return tarEntry({ name, content: textContent(value) });
        if ('link' in value) return tarEntry({ name, type: 'symlink', linkname: value.link });
        return tarEntry({ name, mode: value.mode, content: textContent(value.data) });
      }),
  );

export interface Outcome {
  messages: BuildMessage[];
  /** All stream messages. */
  text: string;
  /** The error's text: before the stream ("Error response from daemon: " in the CLI) or at its end. */
  early?: string;
  late?: string;
  code?: number;
  imageId?: string;
}

export async function runBuild(backend: FakeBackend, files: Files, options: BuildOptions = {}): Promise<Outcome> {
  const messages: BuildMessage[] = [];
  const outcome: Outcome = { messages, text: '' };
  try {
    outcome.imageId = (await build(options, contextTar(files), backend, (message) => messages.push(message))).imageId;
  } catch (error) {
    outcome.early = (error as BuildError).message;
  }
  for (const message of messages) {
    if ('stream' in message) outcome.text += message.stream;
    if ('error' in message) Object.assign(outcome, { late: message.error, code: message.errorDetail.code });
  }
  return outcome;
}
