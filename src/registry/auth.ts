/**
 * Who is who and who may what, at the registry's side: accounts, the two guards (basic and token), and the token
 * service (Docker Registry v2 authentication via central service).
 */
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import {
  base64url,
  bodyText,
  fromBase64,
  fromUtf8,
  type Handler,
  type HttpRequest,
  header,
  jsonBody,
  rfc3339Nano,
  type Timespec,
  utf8,
} from '../spec/index.ts';
import { type Access, type Action, formatScope, type Guard, parseScope } from './access.ts';
import { type Credentials, formatChallenge, parseBasic } from './challenge.ts';
import { registryError } from './error.ts';

/** Undefined when the name is unknown or the password wrong. */
export interface Accounts {
  check(credentials: Credentials): boolean | Promise<boolean>;
}

export const accountsOf = (passwords: Readonly<Record<string, string>>): Accounts => ({
  check: ({ username, password }) => Object.hasOwn(passwords, username) && passwords[username] === password,
});

/** `user` is '' for nobody in particular. */
export type Policy = (user: string, access: Access, action: Action | '*') => boolean | Promise<boolean>;

/** Docker Hub's rules: who exists may be pulled; a user pushes to names of his own. */
export function hubPolicy(exists: (repository: string) => boolean | Promise<boolean>): Policy {
  return async (user, access, action) => {
    if (access.type !== 'repository') return false;
    if (user && access.name.startsWith(`${user}/`)) return true;
    return action === 'pull' && (await exists(access.name));
  };
}

/** Basic authentication, everyone with an account may everything: a registry with htpasswd. */
export function basicGuard(accounts: Accounts, realm = 'basic-realm'): Guard {
  return async (access, authorization) => {
    const credentials = parseBasic(authorization);
    if (credentials && (await accounts.check(credentials))) return undefined;
    return { error: unauthorized(access), challenge: formatChallenge('Basic', { realm }) };
  };
}

export interface TokenOptions {
  /** URL of the token service. */
  realm: string;
  /** Name of the registry: the audience of tokens. */
  service: string;
  /** Shared by service and guard. */
  secret: Uint8Array;
  now: () => Timespec;
}

interface Token {
  user: string;
  service: string;
  /** Seconds since the epoch. */
  expires: number;
  access: Access[];
}

/** Seconds a token lives, as Docker Hub's. */
const lifetime = 300;

/** Bearer tokens: every access must be granted by the token. */
export function tokenGuard(options: TokenOptions): Guard {
  const challenge = (access: Access[], error?: string) =>
    formatChallenge('Bearer', {
      realm: options.realm,
      service: options.service,
      scope: access.length ? access.map(formatScope).join(' ') : undefined,
      error,
    });
  return async (access, authorization) => {
    const presented = /^Bearer (\S+)$/i.exec(authorization ?? '')?.[1];
    if (!presented) return { error: unauthorized(access), challenge: challenge(access) };
    const token = readToken(presented, options);
    if (!token) return { error: unauthorized(access), challenge: challenge(access, 'invalid_token') };
    if (access.every((wanted) => grants(token, wanted))) return undefined;
    return { error: unauthorized(access), challenge: challenge(access, 'insufficient_scope') };
  };
}

const grants = (token: Token, wanted: Access): boolean =>
  wanted.actions.every((action) =>
    token.access.some(
      (granted) => granted.type === wanted.type && granted.name === wanted.name && granted.actions.includes(action),
    ),
  );

const unauthorized = (access: Access[]) =>
  registryError(
    'UNAUTHORIZED',
    access.length === 0
      ? null
      : access.flatMap(({ type, name, actions }) =>
          actions.map((Action) => ({ Type: type, Class: '', Name: name, Action })),
        ),
  );

/**
 * The token end-point. `GET ?service=&scope=` with or without Basic credentials, or `POST` with the OAuth2 password
 * grant. It grants what the policy allows of what is asked, possibly nothing; wrong credentials are 401.
 */
export function tokenService(accounts: Accounts, policy: Policy, options: TokenOptions): Handler {
  return async (request) => {
    const asked = await readTokenRequest(request);
    if (asked.credentials && !(await accounts.check(asked.credentials))) {
      return json(401, { details: 'incorrect username or password' });
    }
    const user = asked.credentials?.username ?? '';
    const access: Access[] = [];
    for (const scope of asked.scopes) {
      const wanted = parseScope(scope);
      if (wanted) access.push({ ...wanted, actions: await allowed(policy, user, wanted) });
    }
    const now = options.now();
    const token = writeToken({ user, service: options.service, expires: now.sec + lifetime, access }, options);
    return json(200, { token, access_token: token, expires_in: lifetime, issued_at: rfc3339Nano(now) });
  };
}

async function allowed(policy: Policy, user: string, wanted: Access): Promise<Access['actions']> {
  const actions: (Action | '*')[] = [];
  for (const action of wanted.actions) if (await policy(user, wanted, action)) actions.push(action);
  return actions;
}

interface TokenRequest {
  credentials?: Credentials;
  scopes: string[];
}

async function readTokenRequest(request: HttpRequest): Promise<TokenRequest> {
  const query = new URL(request.target, 'http://auth').searchParams;
  const credentials = parseBasic(header(request, 'Authorization'));
  if (request.method !== 'POST') return { credentials, scopes: scopesOf(query) };
  const form = new URLSearchParams(await bodyText(request.body, 65536));
  const password = form.get('grant_type') === 'password';
  return {
    credentials: password
      ? { username: form.get('username') ?? '', password: form.get('password') ?? '' }
      : credentials,
    scopes: scopesOf(form),
  };
}

const scopesOf = (query: URLSearchParams): string[] =>
  query.getAll('scope').flatMap((scope) => scope.split(' ').filter(Boolean));

const json = (status: number, value: unknown) => {
  const body = jsonBody(value);
  return {
    status,
    headers: [
      ['Content-Type', 'application/json'],
      ['Content-Length', String(body.size)],
    ] as const,
    body,
  };
};

// A token is its claims and a MAC over them, both base64url; only this service and its registry read it.
function writeToken(token: Token, { secret }: TokenOptions): string {
  const claims = utf8(JSON.stringify(token));
  return `${base64url(claims)}.${base64url(hmac(sha256, secret, claims))}`;
}

function readToken(text: string, { secret, service, now }: TokenOptions): Token | undefined {
  try {
    const [claims, mac] = text.split('.').map(fromBase64) as [Uint8Array, Uint8Array?];
    if (!mac || base64url(hmac(sha256, secret, claims)) !== base64url(mac)) return undefined;
    const token = JSON.parse(fromUtf8(claims)) as Token;
    return token.service === service && token.expires > now().sec ? token : undefined;
  } catch {
    return undefined;
  }
}
