/** What the menu and the palette do: hand out and take in work. Each tells of its end in a notice. */
import { save } from './picture.ts';
import type { Session } from './session.svelte.ts';
import { aroundWords } from './words/around.ts';

const recordingMagic = 'DRYREC1\n';
const stamp = (): string => new Date().toISOString().slice(0, 16).replace(/[:T]/g, '-');
const words = (session: Session) => aroundWords[session.language];

export async function saveWorkspace({ api }: Session): Promise<void> {
  save(`drydock-${stamp()}.drydock`, await api.exportWorkspace());
}

/** A workspace, or a recording: told apart by their first bytes. */
export async function openFile(session: Session, file: File): Promise<void> {
  const t = words(session);
  try {
    if ((await file.slice(0, recordingMagic.length).text()) === recordingMagic) {
      session.time.offered = file;
      return;
    }
    await session.time.open(file);
    session.time.notice = t.opened(file.name);
  } catch (error) {
    session.time.notice = t.cannotOpen(file.name, (error as Error).message);
  }
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
