import { sha256 } from '@noble/hashes/sha2.js';
import { base64, contentText, textContent, utf8 } from '../spec/index.ts';
import { StatusError } from './command/command.ts';
import type { CliHost } from './host.ts';
import { jsonProblem } from './json-problem.ts';

export interface Credentials {
  username: string;
  password: string;
  identitytoken?: string;
}

/** Key under which the credentials of Docker Hub are kept. */
export const hubServer = 'https://index.docker.io/v1/';

type Json = Record<string, unknown>;

/** `~/.docker/config.json`: what docker keeps of the user. Unknown keys survive a save. */
export class ConfigFile {
  private constructor(
    private readonly host: CliHost,
    readonly directory: string,
    private readonly data: Json,
    /** What is wrong with the file, which then counts for nothing. */
    readonly problem = '',
  ) {}

  static load(host: CliHost, directory: string): ConfigFile {
    const path = `${directory}/config.json`;
    if (!host.files.stat(path)) return new ConfigFile(host, directory, {});
    const text = contentText(host.files.content(path));
    if (text.trim() === '') return new ConfigFile(host, directory, {});
    const problem = jsonProblem(text) || typeProblem(JSON.parse(text));
    const warning = problem && `WARNING: Error parsing config file (${path}): ${problem}`;
    return new ConfigFile(host, directory, problem ? {} : (JSON.parse(text) as Json), warning);
  }

  /** Throws for an alias of what may have none (cmd/docker processAliases). */
  checkAliases(): void {
    const other = Object.keys((this.data.aliases ?? {}) as Json).find((name) => name !== 'builder');
    if (other === undefined) return;
    const allowed = 'map[string]struct {}{"builder":struct {}{}}';
    throw new StatusError(1, `not allowed to alias ${JSON.stringify(other)} (allowed: ${allowed})`);
  }

  get path(): string {
    return `${this.directory}/config.json`;
  }
  text(key: string): string {
    return String(this.data[key] ?? '');
  }
  get currentContext(): string {
    return this.text('currentContext');
  }
  set currentContext(name: string) {
    if (name && name !== 'default') this.data.currentContext = name;
    else delete this.data.currentContext;
  }
  get httpHeaders(): [string, string][] {
    return Object.entries((this.data.HttpHeaders ?? {}) as Record<string, string>);
  }
  /** Environment that the proxies of the configuration add to a container. */
  get proxyEnv(): string[] {
    const proxies = ((this.data.proxies ?? {}) as Record<string, Record<string, string>>).default ?? {};
    const names = {
      httpProxy: 'HTTP_PROXY',
      httpsProxy: 'HTTPS_PROXY',
      noProxy: 'NO_PROXY',
      ftpProxy: 'FTP_PROXY',
      allProxy: 'ALL_PROXY',
    };
    return Object.entries(names).flatMap(([key, name]) =>
      proxies[key] ? [`${name}=${proxies[key]}`, `${name.toLowerCase()}=${proxies[key]}`] : [],
    );
  }

  private get auths(): Record<string, { auth?: string; identitytoken?: string }> {
    this.data.auths ??= {};
    return this.data.auths as Record<string, { auth?: string }>;
  }
  credentials(server: string): Credentials | undefined {
    const found = this.auths[server] ?? this.auths[`https://${server}`] ?? this.auths[`http://${server}`];
    if (!found?.auth) return undefined;
    const plain = atob(found.auth);
    const at = plain.indexOf(':');
    return { username: plain.slice(0, at), password: plain.slice(at + 1), identitytoken: found.identitytoken };
  }
  store(server: string, credentials: Credentials): void {
    const auth = base64(utf8(`${credentials.username}:${credentials.password}`));
    this.auths[server] = credentials.identitytoken ? { auth, identitytoken: credentials.identitytoken } : { auth };
    this.save();
  }
  erase(server: string): void {
    delete this.auths[server];
    this.save();
  }
  servers(): string[] {
    return Object.keys(this.auths);
  }

  /** Tab-indented, keys of auths in order, mode 0600; written beside and moved into place. */
  save(): void {
    const { files } = this.host;
    if (!files.stat(this.directory)) files.mkdir(this.directory, 0o700);
    const temporary = `${this.path}.tmp`;
    const auths = this.auths;
    const sorted = Object.keys(auths).sort();
    const { auths: _, ...rest } = this.data;
    const data = { auths: Object.fromEntries(sorted.map((key) => [key, auths[key]])), ...rest };
    files.writeFile(temporary, textContent(JSON.stringify(data, null, '\t')), 0o600);
    files.chmod(temporary, 0o600);
    files.rename(temporary, this.path);
  }

  /** Where a context's metadata lies: contexts are stored under the sha256 of their name. */
  contextFile(name: string): string {
    const id = [...sha256(utf8(name))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
    return `${this.directory}/contexts/meta/${id}/meta.json`;
  }
  contextEndpoint(name: string): string {
    const path = this.contextFile(name);
    if (!this.host.files.stat(path)) {
      throw new StatusError(
        1,
        `Failed to initialize: unable to resolve docker endpoint: context "${name}": context not found: open ${path}: no such file or directory`,
      );
    }
    const meta = JSON.parse(contentText(this.host.files.content(path))) as {
      Endpoints?: { docker?: { Host?: string } };
    };
    return meta.Endpoints?.docker?.Host ?? 'unix:///var/run/docker.sock';
  }
}

const kindOf = (value: unknown): string =>
  Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value;

const textKeys = [
  'currentContext credsStore detachKeys psFormat imagesFormat networksFormat pluginsFormat volumesFormat statsFormat',
  'serviceInspectFormat servicesFormat tasksFormat secretFormat configFormat nodesFormat',
].flatMap((names) => names.split(' '));

/** What Go's decoder says of a value that its type has no place for. */
function typeProblem(value: unknown): string {
  const kind = kindOf(value);
  if (value === null) return '';
  if (kind !== 'object') return `json: cannot unmarshal ${kind} into Go value of type configfile.ConfigFile`;
  const [key, wrong] =
    Object.entries(value as Json).find(
      ([name, item]) => textKeys.includes(name) && item !== null && typeof item !== 'string',
    ) ?? [];
  return key === undefined
    ? ''
    : `json: cannot unmarshal ${kindOf(wrong)} into Go struct field ConfigFile.${key} of type string`;
}
