import type { Attachment, Duplex, HttpRequest, HttpResponse } from '../spec/index.ts';
import { duplexPair } from './duplex-pair.ts';
import { hijackHead } from './response.ts';
import { encodeFrame } from './stdcopy.ts';

/** Answers with the connection itself: output framed (raw with a terminal), input as it comes. */
export function hijack(request: HttpRequest, attachment: Attachment, signal?: AbortSignal): HttpResponse {
  const [client, server] = duplexPair();
  signal?.addEventListener('abort', () => attachment.close(), { once: true });
  void pumpOutput(attachment, server);
  void pumpInput(attachment, server);
  return { ...hijackHead(request, 'application/vnd.docker.raw-stream'), hijacked: client };
}

async function pumpOutput(attachment: Attachment, connection: Duplex): Promise<void> {
  try {
    for await (const frame of attachment.output) {
      await connection.write(
        attachment.tty ? frame.bytes : encodeFrame(frame.stream === 'stderr' ? 2 : 1, frame.bytes),
      );
    }
  } catch {
    // The client went away; the container does not care.
  } finally {
    attachment.close();
    connection.close();
  }
}

async function pumpInput(attachment: Attachment, connection: Duplex): Promise<void> {
  try {
    for (let bytes = await connection.read(); bytes; bytes = await connection.read()) await attachment.write(bytes);
  } catch {
    // Nobody reads the container's stdin any more.
  } finally {
    attachment.closeWrite();
  }
}
