/** What the menu and the palette do: hand out and take in work. Each tells of its end in a notice. */
import { Archive } from './archive.svelte.ts';
import { save } from './picture.ts';
import type { Session } from './session.svelte.ts';
import { archiveWords } from './words/archive.ts';
import { aroundWords } from './words/around.ts';

const stamp = (): string => new Date().toISOString().slice(0, 16).replace(/[:T]/g, '-');
const words = (session: Session) => aroundWords[session.language];

export async function saveWorkspace({ api }: Session): Promise<void> {
  save(`drydock-${stamp()}.drydock`, await api.exportWorkspace());
}

/** Copies a link; where it cannot hold the work, says why and saves the file. */
export async function share(session: Session): Promise<void> {
  const t = words(session);
  const link = await session.api.shareLink();
  if ('fragment' in link) {
    const url = new URL(location.href);
    url.search = '';
    url.hash = link.fragment;
    await navigator.clipboard?.writeText(url.href).catch(() => {});
    session.time.notice = t.shared;
    return;
  }
  session.time.notice = link.reason === 'length' ? t.tooLong : t.notTyped;
  session.time.offerFile = true;
}

export async function record(session: Session): Promise<void> {
  if (!session.time.recording) {
    await session.api.startRecording();
    session.time.recording = true;
    return;
  }
  session.time.recording = false;
  save(`drydock-${stamp()}.recording`, await session.api.stopRecording());
}

export async function saveCast({ api, terminal }: Session): Promise<void> {
  save(`drydock-${stamp()}.cast`, new Blob([await api.exportCast(terminal)]));
}

/** The lines on the way to the present moment, as a script; those typed inside a container as comments. */
export function scriptOf({ moments, current }: Session['time']['state']): string[] {
  const byId = new Map(moments.map((moment) => [moment.id, moment]));
  const lines: string[] = [];
  for (let at = byId.get(current); at; at = at.parent === undefined ? undefined : byId.get(at.parent)) {
    if (at.line && at.terminal)
      lines.unshift(at.terminal.includes(':') ? `# ${at.terminal.split(':')[0]}: ${at.line}` : at.line);
  }
  return lines;
}

export async function copyScript(session: Session): Promise<void> {
  const t = words(session);
  const lines = scriptOf(session.time.state);
  if (lines.length > 0)
    await navigator.clipboard?.writeText(`#!/bin/bash\nset -e\n${lines.join('\n')}\n`).catch(() => {});
  session.time.notice = lines.length > 0 ? t.scriptCopied(lines.length) : t.scriptEmpty;
}

export async function afresh(session: Session): Promise<void> {
  await session.time.afresh();
  session.time.notice = words(session).afreshDone;
}

/** Looks into an image archive, or the folder of an OCI layout; nothing is loaded. */
export function openArchive(session: Session, name: string, archive: Blob | { path: string; file: File }[]): void {
  session.archive?.close();
  session.archive = new Archive(name, archive);
  session.open('archive');
}

/** Puts the archive into the home directory, and has docker load it. */
export async function loadIntoEngine(session: Session): Promise<void> {
  const { archive } = session;
  if (!archive) return;
  const name = archive.name.replace(/[^\w.-]+/g, '-').replace(/^-+/, '') || 'archive.tar';
  await session.api.putFiles('/root', [{ path: name, file: await archive.api.whole() }]);
  session.time.notice = archiveWords[session.language].loading(name);
  session.type(`docker load -i ${name}`);
}
