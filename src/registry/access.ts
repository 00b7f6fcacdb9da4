import type { RegistryError } from './error.ts';
import type { RegistryRequest } from './routes.ts';

export type Action = 'pull' | 'push' | 'delete';

/** What a request needs: actions on a repository, the catalogue, or only to be someone (ping). */
export interface Access {
  type: 'repository' | 'registry';
  name: string;
  actions: readonly (Action | '*')[];
}

/** Why a request is refused, and how to authenticate (the WWW-Authenticate value). */
export interface Refusal {
  error: RegistryError;
  challenge: string;
}

/** Decides over one request by what it needs and its Authorization header. Undefined lets it pass. */
export type Guard = (access: Access[], authorization: string | undefined) => Promise<Refusal | undefined>;

/** Accesses a request needs; none for the ping. */
export function accessFor(request: RegistryRequest): Access[] {
  if (request.kind === 'ping') return [];
  if (request.kind === 'catalog') return [{ type: 'registry', name: 'catalog', actions: ['*'] }];
  return [{ type: 'repository', name: request.repository, actions: actionsFor(request) }];
}

// A mount's source is not demanded: without the right to read it, an upload is begun instead.
function actionsFor({ kind }: RegistryRequest): Action[] {
  if (kind === 'blobDelete' || kind === 'manifestDelete') return ['delete'];
  const reads = ['blobGet', 'blobHead', 'manifestGet', 'manifestHead', 'tagsList', 'referrers'].includes(kind);
  return reads ? ['pull'] : ['pull', 'push'];
}

/** `repository:library/ubuntu:pull` (Docker token authentication, "Requesting a token"). */
export const formatScope = ({ type, name, actions }: Access): string => `${type}:${name}:${actions.join(',')}`;

export function parseScope(text: string): Access | undefined {
  const match = /^(repository|registry)(?:\([^)]*\))?:(.+):([a-z*,]*)$/.exec(text);
  if (!match) return undefined;
  return {
    type: match[1] as Access['type'],
    name: match[2]!,
    actions: match[3]!.split(',').filter(Boolean) as Action[],
  };
}
