import type { JsonMessage } from '../../spec/index.ts';
import type { DockerCli } from '../docker-cli.ts';
import { humanDuration, humanSize } from '../format/index.ts';
import { StatusError } from './command.ts';

type Message = JsonMessage & {
  from?: string;
  aux?: unknown;
  stream?: string;
  progressDetail?: { current?: number; total?: number; start?: number; hidecounts?: boolean; units?: string } | null;
};

/** Where the messages are shown: plain lines, or a terminal on which the line of each id is rewritten. */
export interface MessageOutput {
  write(text: string): Promise<void>;
  tty: boolean;
  columns: number;
}

export const messageOutput = (cli: DockerCli, toStderr = false): MessageOutput => ({
  write: (text) => (toStderr ? cli.err(text) : cli.out(text)),
  tty: (toStderr ? cli.host.stderr : cli.host.stdout).isTty,
  columns: cli.host.windowSize()?.columns ?? 200,
});

/** Renders progress messages as they come (pkg/jsonmessage). An error message ends it as an error. */
export async function showMessages(
  output: MessageOutput,
  messages: AsyncIterable<Message>,
  aux?: (value: unknown) => void,
): Promise<void> {
  const lines = new Map<string, number>();
  for await (const message of messages) {
    if (message.aux !== undefined && message.aux !== null) {
      aux?.(message.aux);
      continue;
    }
    if (message.errorDetail || message.error) {
      const detail = message.errorDetail as { message?: string; code?: number } | undefined;
      throw new StatusError(detail?.code || 1, detail?.message ?? message.error ?? '');
    }
    // Present but empty while nothing is counted ("Pulling fs layer"): such a line belongs to its id all the same.
    const progress = message.progressDetail ?? undefined;
    let up = 0;
    if (message.id && (progress || message.progress)) {
      let line = lines.get(message.id);
      if (line === undefined) {
        line = lines.size;
        lines.set(message.id, line);
        if (output.tty) await output.write('\n');
      }
      up = lines.size - line;
      if (output.tty) await output.write(`\x1b[${up}A`);
    } else lines.clear();
    await output.write(render(message, progress, output));
    if (message.id && output.tty && up > 0) await output.write(`\x1b[${up}B`);
  }
}

function render(message: Message, progress: Message['progressDetail'], output: MessageOutput): string {
  const figures = progress ? bar(progress, output.columns) : '';
  const inPlace = output.tty && !message.stream && progress;
  if (!inPlace && figures) return '';
  let out = inPlace ? '\x1b[2K\r' : '';
  const end = inPlace ? '\r' : '';
  if (message.id) out += `${message.id}: `;
  if (message.from) out += `(from ${message.from}) `;
  if (progress && output.tty) return `${out}${message.status} ${figures}${end}`;
  if (message.progress) return `${out}${message.status} ${message.progress}${end}`;
  if (message.stream) return `${out}${message.stream}${end}`;
  return `${out}${message.status ?? ''}${end}\n`;
}

/** `[=====>      ]  1.2MB/3.4MB` */
export function bar(progress: NonNullable<Message['progressDetail']>, columns: number): string {
  const { current = 0, total = 0 } = progress;
  if (current <= 0 && total <= 0) return '';
  if (total <= 0) return progress.units ? `${current} ${progress.units}` : humanSize(current).padStart(8);
  const percentage = Math.min(50, Math.trunc((Math.trunc(current) * 50) / total));
  let box = '';
  if (columns > 110) box = `[${'='.repeat(percentage)}>${' '.repeat(Math.max(0, 50 - percentage))}] `;
  const counts =
    current > total ? humanSize(current).padStart(8) : `${humanSize(current).padStart(8)}/${humanSize(total)}`;
  return `${box}${progress.hidecounts ? '' : progress.units ? `${current}/${total} ${progress.units}` : counts}`;
}
export { humanDuration };
