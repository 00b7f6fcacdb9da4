import { TarContent, tarEntry } from '../../../archive/index.ts';
import type { FileReference } from '../../../compose/index.ts';
import { textContent } from '../../../spec/index.ts';
import { StatusError } from '../command.ts';
import type { Compose } from './compose.ts';
import { secretTarget } from './mounts.ts';
import type { ActiveProject, ActiveService } from './project.ts';

/** Secrets and configs that are no files are copied into the container (pkg/compose/secrets.go). */
export async function injectFiles(
  compose: Compose,
  project: ActiveProject,
  service: ActiveService,
  id: string,
): Promise<void> {
  for (const [kind, references, files] of [
    ['secret', service.secrets ?? [], project.secrets],
    ['config', service.configs ?? [], project.configs],
  ] as const) {
    for (const reference of references) {
      const file = files[reference.source];
      const content = file && contentOf(project, kind, file);
      if (!content) continue;
      if (service.read_only) {
        throw new StatusError(
          1,
          `cannot create ${kind} ${JSON.stringify(file.name)} in read-only service ${service.name}: \`file\` is the sole supported option`,
        );
      }
      const path = kind === 'secret' ? secretTarget(reference) : reference.target || `/${reference.source}`;
      await copyIn(compose, id, path, content, reference);
    }
  }
}

function contentOf(
  project: ActiveProject,
  kind: string,
  { name, content = '', environment }: NonNullable<ActiveProject['secrets'][string]>,
): string {
  if (kind === 'secret' && (!environment || content)) return environment ? content : '';
  if (!environment) return content;
  const value = project.environment[environment];
  if (value === undefined) {
    throw new StatusError(
      1,
      `environment variable ${JSON.stringify(environment)} required by ${kind} ${JSON.stringify(name)} is not set`,
    );
  }
  return value;
}

async function copyIn(
  { client, cli }: Compose,
  id: string,
  path: string,
  text: string,
  { uid = '', gid = '', mode = '' }: FileReference,
): Promise<void> {
  const content = textContent(text);
  const entry = tarEntry({
    name: path.replace(/^\//, ''),
    type: 'file',
    mode: mode === '' ? 0o444 : Number.parseInt(String(mode), 8),
    uid: Number(uid),
    gid: Number(gid),
    mtime: cli.host.now(),
    size: content.size,
    content,
  });
  await client.done('PUT', `/containers/${id}/archive`, {
    query: { path: '/', noOverwriteDirNonDir: true, copyUIDGID: uid !== '' || gid !== '' || undefined },
    body: new TarContent([entry]),
    headers: [['Content-Type', 'application/x-tar']],
  });
}
