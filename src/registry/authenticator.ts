import { bodyText, type Fetch, type Timespec } from '../spec/index.ts';
import { type Access, formatScope } from './access.ts';
import { type Challenge, type Credentials, formatBasic } from './challenge.ts';
import { RegistryError } from './error.ts';
import { errorFrom, goFetch } from './transport.ts';

/**
 * The client's side of authentication: answers what a registry's challenges ask for, keeps a token per scope while it
 * lives.
 */
export class Authenticator {
  private readonly tokens = new Map<string, { token: string; expires: number }>();

  constructor(
    private readonly fetch: Fetch,
    private readonly credentials: Credentials | undefined,
    private readonly now: () => Timespec = () => ({ sec: 0, nsec: 0 }),
  ) {}

  /**
   * The Authorization value for a challenge. Rejects with Error `no basic auth credentials` when there are none to give,
   * with RegistryError when the token service refuses.
   */
  async authorize(challenge: Challenge, access: readonly Access[]): Promise<string> {
    if (challenge.scheme === 'basic') {
      if (!this.credentials) throw new Error('no basic auth credentials');
      return formatBasic(this.credentials);
    }
    if (challenge.scheme !== 'bearer') throw new Error(`unknown authentication scheme ${challenge.scheme}`);
    return `Bearer ${await this.token(challenge, access)}`;
  }

  private async token({ parameters }: Challenge, access: readonly Access[]): Promise<string> {
    const scopes = access.map(formatScope);
    const key = scopes.join(' ');
    const known = this.tokens.get(key);
    if (known && known.expires > this.now().sec) return known.token;
    const url = tokenUrl(parameters, scopes, this.credentials);
    const headers = this.credentials ? [['Authorization', formatBasic(this.credentials)] as const] : [];
    const response = await goFetch(this.fetch, url, { method: 'GET', headers });
    if (response.status !== 200) throw await errorFrom(response);
    const answer = JSON.parse(await bodyText(response.body, 1 << 20)) as Record<string, unknown>;
    const token = answer.token ?? answer.access_token;
    if (typeof token !== 'string')
      throw new RegistryError(
        [{ code: 'UNKNOWN', message: 'authorization server did not include a token in the response' }],
        500,
      );
    // A minute at least, as Docker takes it.
    const lifetime = Math.max(60, Number(answer.expires_in) || 0);
    this.tokens.set(key, { token, expires: this.now().sec + lifetime });
    return token;
  }
}

function tokenUrl(parameters: Record<string, string>, scopes: string[], credentials?: Credentials): string {
  const url = new URL(parameters.realm ?? '');
  if (credentials) url.searchParams.append('account', credentials.username);
  for (const scope of scopes) url.searchParams.append('scope', scope);
  if (parameters.service) url.searchParams.append('service', parameters.service);
  return url.href;
}
