import { base64, utf8 } from '../../../spec/index.ts';
import { type Credentials, hubServer } from '../../config-file.ts';
import type { DockerCli } from '../../docker-cli.ts';

/** The key under which a registry's credentials are kept, for an image's name. */
export function serverOf(image: string): string {
  const first = image.split('/')[0]!;
  const named = image.includes('/') && (/[.:]/.test(first) || first === 'localhost');
  return named && !/^(index\.)?docker\.io$/.test(first) ? first : hubServer;
}

export const encodeAuth = (value: unknown): string =>
  base64(utf8(JSON.stringify(value)))
    .replaceAll('+', '-')
    .replaceAll('/', '_');

export const authConfig = (server: string, credentials: Credentials | undefined): Record<string, string> => {
  if (!credentials) return {};
  const { username, password, identitytoken } = credentials;
  return { username, password, serveraddress: server, ...(identitytoken ? { identitytoken } : {}) };
};

/** X-Registry-Auth for a push or pull of an image. */
export function authHeaders(cli: DockerCli, image: string): [string, string][] {
  const server = serverOf(image);
  return [['X-Registry-Auth', encodeAuth(authConfig(server, cli.config.credentials(server)))]];
}
