import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Content, chunks } from '../spec/index.ts';
import { asErrno } from './errno.ts';

/**
 * Writes a file so that whoever reads it finds its old content or all of the new one, also after the machine lost power.
 * Throws Errno.
 */
export function replaceFile(path: string, content: Content): void {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    writeDown(temporary, content);
    renameSync(temporary, path);
    syncDirectory(dirname(path));
  } catch (error) {
    rmSync(temporary, { force: true });
    throw asErrno(error);
  }
}

function writeDown(path: string, content: Content): void {
  const fd = openSync(path, 'w', 0o644);
  try {
    writeContent(fd, content);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

export function writeContent(fd: number, content: Content): void {
  for (const part of chunks(content, 1 << 20)) {
    for (let at = 0; at < part.length; ) at += writeSync(fd, part, at);
  }
}

/** A rename is durable only once the directory is. */
function syncDirectory(path: string): void {
  const fd = openSync(path, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
