import { ApiError } from '../../../api/index.ts';
import type { ImageSearchResult } from '../../../spec/index.ts';
import { fromUtf8 } from '../../../spec/index.ts';
import { type Credentials, hubServer } from '../../config-file.ts';
import type { DockerCli } from '../../docker-cli.ts';
import type { FlagSet } from '../../flag/index.ts';
import { flag } from '../../flag/index.ts';
import { chooseFormat, ellipsis, printListing } from '../../format/index.ts';
import type { Command } from '../command.ts';
import { StatusError } from '../command.ts';
import { filterQuery } from '../filters.ts';
import { authConfig, encodeAuth, serverOf } from './auth.ts';

/** The key of a server's credentials: its host, or Docker Hub's index by its whole address (credentials.ConvertToHostname). */
const serverKey = (server: string | undefined): string =>
  !server || server === 'docker.io' || server === hubServer ? hubServer : hostOf(server);

function hostOf(server: string): string {
  const url = /^\w+:\/\/([^/?#@]+)/.exec(server);
  return url ? url[1]! : server.split('/')[0]!;
}

export const login: Command = {
  name: 'login',
  use: '[OPTIONS] [SERVER]',
  short: 'Authenticate to a registry',
  long: `Authenticate to a registry.
Defaults to Docker Hub if no server is specified.`,
  flags: [
    flag('password', 'p', 'string', 'Password or Personal Access Token (PAT)'),
    flag('password-stdin', '', 'bool', 'Take the Password or Personal Access Token (PAT) from stdin'),
    flag('username', 'u', 'string', 'Username'),
  ],
  top: 8,
  args: { max: 1 },
  async run(cli, flags, [server]) {
    const key = serverKey(server);
    checkLoginFlags(flags);
    const typed = await typedCredentials(cli, flags);
    const saved = cli.config.credentials(key);
    if (!typed.username && !typed.password && saved && (await loginAgain(cli, key, saved))) return 0;
    const credentials = await askCredentials(cli, key, typed, saved);
    const answer = await authenticate(cli, key, credentials);
    await store(cli, key, credentials, answer);
    if (answer.Status) await cli.println(answer.Status);
    return 0;
  },
};

interface AuthAnswer {
  Status?: string;
  IdentityToken?: string;
}

const authenticate = (cli: DockerCli, key: string, credentials: Credentials): Promise<AuthAnswer> =>
  cli.client.json<AuthAnswer>('POST', '/auth', { json: { ...authConfig(key, credentials), serveraddress: key } });

/** Says where a password was put, unless it lay there already. */
async function store(cli: DockerCli, key: string, credentials: Credentials, answer: AuthAnswer): Promise<void> {
  const { IdentityToken: identitytoken } = answer;
  const kept = identitytoken ? { ...credentials, password: '', identitytoken } : credentials;
  const before = cli.config.credentials(key);
  const same = (['username', 'password', 'identitytoken'] as const).every((name) => before?.[name] === kept[name]);
  if (same) return;
  cli.config.store(key, kept);
  if (kept.password) await cli.err(`\n${unencrypted(cli.config.path)}\n`);
}

/** With what is stored. False when that does not do any more. */
async function loginAgain(cli: DockerCli, key: string, saved: Credentials): Promise<boolean> {
  const note = cli.host.stderr.isTty ? 'i Info \u2192 ' : 'Info -> ';
  await cli.err(`Authenticating with existing credentials... [Username: ${saved.username}]\n`);
  await cli.err(`\n ${note}To login with a different account, run 'docker logout' followed by 'docker login'\n\n\n`);
  try {
    const answer = await authenticate(cli, key, saved);
    await store(cli, key, saved, answer);
    if (answer.Status) await cli.println(answer.Status);
    return true;
  } catch (error) {
    const unauthorized = error instanceof ApiError && error.status === 401;
    await cli.err(
      unauthorized
        ? 'Stored credentials invalid or expired\n'
        : `Login did not succeed, error: ${(error as Error).message}\n`,
    );
    return false;
  }
}

const unencrypted = (path: string): string =>
  `WARNING! Your credentials are stored unencrypted in '${path}'.\nConfigure a credential helper to remove this warning. See\nhttps://docs.docker.com/go/credential-store/\n`;

function checkLoginFlags(flags: FlagSet): void {
  if (flags.changed('password-stdin')) {
    if (flags.changed('password'))
      throw new StatusError(1, 'conflicting options: cannot specify both --password and --password-stdin');
    if (!flags.changed('username'))
      throw new StatusError(1, 'the --password-stdin option requires --username to be set');
  }
  for (const name of ['username', 'password'])
    if (flags.changed(name) && !flags.string(name)) throw new StatusError(1, `${name} is empty`);
}

/** What the command line and stdin say. */
async function typedCredentials(cli: DockerCli, flags: FlagSet): Promise<Credentials> {
  const username = flags.string('username');
  let password = flags.string('password');
  if (password) await cli.err('WARNING! Using --password via the CLI is insecure. Use --password-stdin.\n');
  if (flags.bool('password-stdin')) {
    const parts: number[] = [];
    for await (const bytes of cli.input()) parts.push(...bytes);
    password = fromUtf8(Uint8Array.from(parts)).replace(/\r?\n$/, '');
  }
  return { username, password };
}

async function askCredentials(
  cli: DockerCli,
  server: string,
  { username, password }: Credentials,
  saved: Credentials | undefined,
): Promise<Credentials> {
  if (username && password) return { username, password };
  if (!cli.host.stdin.isTty)
    throw new StatusError(1, 'Error: Cannot perform an interactive login from a non TTY device');
  return prompt(cli, server, username, password, saved);
}

async function prompt(
  cli: DockerCli,
  server: string,
  username: string,
  password: string,
  saved?: Credentials,
): Promise<Credentials> {
  if (!username) {
    if (server === hubServer) {
      // Differs from Docker: there is no web login; this is what the real one says when its own fails.
      await cli.err('Failed to start web-based login - falling back to command line login...\n\n');
      await cli.println(
        "Log in with your Docker ID or email address to push and pull images from Docker Hub. If you don't have a Docker ID, head over to https://hub.docker.com/ to create one.",
      );
      await cli.println(
        'You can log in with your password or a Personal Access Token (PAT). Using a limited-scope PAT grants better security and is required for organizations using SSO. Learn more at https://docs.docker.com/go/access-tokens/',
      );
      await cli.println('');
    }
    await cli.out(saved ? `Username (${saved.username}): ` : 'Username: ');
    username = ((await cli.answer()) ?? '').trim() || (saved?.username ?? '');
    if (!username) throw new StatusError(1, 'Error: Non-null Username Required');
  }
  if (!password) {
    if (server === hubServer)
      await cli.println(
        '\ni Info → A Personal Access Token (PAT) can be used instead.\n         To create a PAT, visit https://app.docker.com/settings\n         \n         ',
      );
    await cli.out('Password: ');
    cli.host.setEcho(false);
    try {
      password = (await cli.answer()) ?? '';
    } finally {
      cli.host.setEcho(true);
    }
    await cli.out('\n');
    if (!password) throw new StatusError(1, 'Error: Password Required');
  }
  return { username, password };
}

export const logout: Command = {
  name: 'logout',
  use: '[SERVER]',
  short: 'Log out from a registry',
  long: `Log out from a registry.
If no server is specified, the default is defined by the daemon.`,
  top: 9,
  args: { max: 1 },
  async run(cli, _flags, [server]) {
    const host = server ? hostOf(server) : hubServer;
    await cli.println(`Removing login credentials for ${host}`);
    // Older clients stored them under other forms of the name.
    const keys = server ? [server, host, `http://${host}`, `https://${host}`] : [host];
    for (const key of new Set(keys)) if (cli.config.servers().includes(key)) cli.config.erase(key);
    return 0;
  },
};

export const search: Command = {
  name: 'search',
  use: '[OPTIONS] TERM',
  short: 'Search Docker Hub for images',
  flags: [
    flag('filter', 'f', 'filter', 'Filter output based on conditions provided'),
    flag('format', '', 'string', 'Pretty-print search using a Go template'),
    flag('limit', '', 'int', 'Max number of search results'),
    flag('no-trunc', '', 'bool', "Don't truncate output"),
  ],
  top: 10,
  args: { exact: 1 },
  async run(cli, flags, [term]) {
    const limit = Math.max(0, flags.int('limit'));
    const server = serverOf(term!.includes('/') ? term! : 'x');
    if (flags.list('filter').some((filter) => filter.startsWith('is-automated=')))
      await cli.err(
        'WARNING: the "is-automated" filter is deprecated, and searching for "is-automated=true" will not yield any results in future.\n',
      );
    const results = await cli.client.json<ImageSearchResult[]>('GET', '/images/search', {
      query: { term, limit: limit || undefined, filters: filterQuery(flags.list('filter')) },
      headers: [['X-Registry-Auth', encodeAuth(authConfig(server, cli.config.credentials(server)))]],
    });
    const whole = flags.bool('no-trunc');
    await printListing(
      cli,
      chooseFormat(
        cli,
        flags.string('format'),
        false,
        '',
        '{{.Name}}\t{{.Description}}\t{{.StarCount}}\t{{.IsOfficial}}',
        '',
      ),
      results,
      {
        type: '*registry.searchContext',
        headers: { Name: 'NAME', Description: 'DESCRIPTION', StarCount: 'STARS', IsOfficial: 'OFFICIAL' },
        fields: (item) => {
          const text = item.description.replaceAll('\n', ' ').replaceAll('\r', ' ');
          return {
            Name: item.name,
            Description: whole ? text : ellipsis(text, 45),
            StarCount: String(item.star_count),
            IsOfficial: item.is_official ? '[OK]' : '',
          };
        },
        marshaled: (item) => ({ IsOfficial: String(item.is_official) }),
      },
    );
    return 0;
  },
};
