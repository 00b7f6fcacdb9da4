/** What remote.NAME.* says, and which of their references go where. */
import type { Git } from '../git.ts';
import { Fatal } from '../problem.ts';

export interface RemoteConfig {
  name: string;
  url: string;
  pushUrls: readonly string[];
  /** `+refs/heads/*:refs/remotes/origin/*` */
  fetch: readonly string[];
}

export const remoteNames = (git: Git): string[] => git.config.subsections('remote').sort();

/** `word`: a remote's name, or a URL or path. */
export function remoteOf(git: Git, word: string): RemoteConfig {
  const url = git.config.get(`remote.${word}.url`);
  if (url === undefined) return { name: word, url: word, pushUrls: [word], fetch: [] };
  const push = git.config.getAll(`remote.${word}.pushurl`);
  return {
    name: word,
    url,
    pushUrls: push.length > 0 ? push : git.config.getAll(`remote.${word}.url`),
    fetch: git.config.getAll(`remote.${word}.fetch`),
  };
}

export const isNamed = (git: Git, word: string): boolean => git.config.get(`remote.${word}.url`) !== undefined;

export interface RefSpec {
  force: boolean;
  from: string;
  to: string;
}

export function parseRefSpec(text: string): RefSpec {
  const force = text.startsWith('+');
  const [from = '', to = ''] = (force ? text.slice(1) : text).split(':');
  if (/[\s~^?[\\]/.test(text)) throw new Fatal(`invalid refspec '${text}'`);
  return { force, from, to };
}

/** Where a reference of the other side is kept here; undefined: the specification is not about it. */
export function mapped({ from, to }: Pick<RefSpec, 'from' | 'to'>, ref: string): string | undefined {
  if (!from.includes('*')) return from === ref ? to : undefined;
  const [head = '', tail = ''] = from.split('*');
  if (!ref.startsWith(head) || !ref.endsWith(tail) || ref.length < head.length + tail.length) return undefined;
  return to.replace('*', ref.slice(head.length, ref.length - tail.length));
}

/** As it is printed: without .git and slashes at its end. */
export const shownUrl = (url: string): string =>
  url
    .replace(/\/+$/, '')
    .replace(/\.git$/, '')
    .replace(/\/+$/, '');
