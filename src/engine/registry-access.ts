import { type Credentials, RegistryClient, RegistryError } from '../registry/index.ts';
import { type AuthConfig, EngineError, fromBase64, fromUtf8, type Reference } from '../spec/index.ts';
import type { Daemon } from './daemon.ts';
import { messageOf, serverError } from './errors.ts';

/** Where a reference's registry answers: Docker Hub by its API host, loopback without TLS, others with. */
export function originOf(domain: string): string {
  if (domain === 'docker.io') return 'https://registry-1.docker.io';
  const host = domain.replace(/:\d+$/, '');
  return host === 'localhost' || /^127\./.test(host) ? `http://${domain}` : `https://${domain}`;
}

export function connect(daemon: Daemon, domain: string, auth: AuthConfig | undefined): RegistryClient {
  return new RegistryClient({
    origin: originOf(domain),
    fetch: daemon.ports.fetch,
    credentials: credentialsOf(auth),
    userAgent: `docker/${daemon.profile.version} go/${daemon.profile.goVersion} os/linux arch/amd64`,
    now: () => daemon.ports.clock.now(),
  });
}

/** Username and password, also when they come joined in `auth`. */
export function credentialsOf(auth: AuthConfig | undefined): Credentials | undefined {
  if (!auth) return undefined;
  if (auth.username && auth.password) return { username: auth.username, password: auth.password };
  if (!auth.auth) return undefined;
  const text = fromUtf8(fromBase64(auth.auth));
  const at = text.indexOf(':');
  return { username: text.slice(0, at), password: text.slice(at + 1) };
}

/** A pull's failure as the daemon tells it (moby distribution/errors.go translatePullError). */
export function pullError(error: unknown, reference: Reference, familiar: string): EngineError {
  if (!(error instanceof RegistryError)) return error instanceof EngineError ? error : serverError(messageOf(error));
  const code = error.code;
  if (code === 'DENIED' || code === 'UNAUTHORIZED' || code === 'NAME_UNKNOWN') {
    const bare = familiar.replace(/@.*$/, '').replace(/:[^/:]*$/, '');
    return new EngineError(
      404,
      `pull access denied for ${bare}, repository does not exist or may require 'docker login': ${error.firstMessage}`,
    );
  }
  if (code === 'MANIFEST_UNKNOWN') {
    const shown = reference.digest || reference.tag ? familiar : `${familiar}:latest`;
    return new EngineError(404, `manifest for ${shown} not found: ${error.firstMessage}`);
  }
  return new EngineError(error.status >= 500 ? 500 : 404, error.firstMessage);
}
