import { BuildError } from './backend.ts';

const component = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*';
const domain = '(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])(?:\\.[a-zA-Z0-9-]+)*(?::[0-9]+)?';
const pattern = new RegExp(
  `^(?:(${domain})/)?(${component}(?:/${component})*)(?::([\\w][\\w.-]{0,127}))?(@sha256:[0-9a-f]{64})?$`,
);

/** "app" as "docker.io/library/app:latest". Throws {@link BuildError} with the reference package's text. */
export function normalizeReference(text: string): string {
  const slash = text.indexOf('/');
  const host = slash < 0 ? '' : text.slice(0, slash);
  const hasHost = /[.:]/.test(host) || host === 'localhost' || host !== host.toLowerCase();
  const registry = hasHost ? host.replace(/^index\.docker\.io$/, 'docker.io') : 'docker.io';
  let rest = hasHost ? text.slice(slash + 1) : text;
  if (registry === 'docker.io' && !rest.includes('/')) rest = `library/${rest}`;
  const name = rest.split('@')[0]!.replace(/:[^/:]*$/, '');
  if (name !== name.toLowerCase()) throw new BuildError('invalid reference format: repository name must be lowercase');
  const match = pattern.exec(`${registry}/${rest}`);
  if (!match) throw new BuildError('invalid reference format');
  return `${match[1]}/${match[2]}${match[3] || !match[4] ? `:${match[3] ?? 'latest'}` : ''}${match[4] ?? ''}`;
}

/** The short form people type: "app:latest". */
export const familiar = (reference: string): string => reference.replace(/^docker\.io\/(?:library\/)?/, '');

/** Tags of -t, without doubles, in their order. */
export function normalizeTags(tags: readonly string[] = []): string[] {
  for (const tag of tags) if (tag.includes('@')) throw new BuildError('build tag cannot contain a digest');
  return [...new Set(tags.filter((tag) => tag !== '').map(normalizeReference))];
}
