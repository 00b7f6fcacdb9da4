/** An image as the file that `docker save` writes: to disk as it comes where the browser can, else as a download. */
import { save } from './picture.ts';
import type { Session } from './session.svelte.ts';
import { aroundWords } from './words/around.ts';

type Picker = (options: { suggestedName: string }) => Promise<FileSystemFileHandle>;

export async function saveImage(session: Session, reference: string): Promise<void> {
  const t = aroundWords[session.language];
  const name = `${reference.replace(/[^\w.-]+/g, '_')}.tar`;
  const { showSaveFilePicker } = window as { showSaveFilePicker?: Picker };
  try {
    // Asked for at once: the browser wants it to follow the press.
    const file = await showSaveFilePicker?.call(window, { suggestedName: name });
    const size = file ? await writeTo(file, session, reference) : await download(name, session, reference);
    session.time.notice = t.imageSaved(reference, size);
  } catch (error) {
    if ((error as Error).name !== 'AbortError')
      session.time.notice = t.imageNotSaved(reference, (error as Error).message);
  }
}

async function* pieces(session: Session, reference: string): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const reading = await session.api.readImage(reference);
  for (;;) {
    const piece = await reading.next();
    if (!piece) return;
    yield piece as Uint8Array<ArrayBuffer>;
  }
}

async function writeTo(file: FileSystemFileHandle, session: Session, reference: string): Promise<number> {
  const stream = await file.createWritable();
  let size = 0;
  try {
    for await (const piece of pieces(session, reference)) {
      await stream.write(piece);
      size += piece.length;
    }
  } catch (error) {
    await stream.abort();
    throw error;
  }
  await stream.close();
  return size;
}

async function download(name: string, session: Session, reference: string): Promise<number> {
  const parts: Blob[] = [];
  for await (const piece of pieces(session, reference)) parts.push(new Blob([piece]));
  const whole = new Blob(parts, { type: 'application/x-tar' });
  save(name, whole);
  return whole.size;
}
