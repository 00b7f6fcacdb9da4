/**
 * A repository behind HTTP as plain files: gitprotocol-http(5), "dumb" clients.
 *
 * Differs from git: servers that speak the smart protocol are not simulated; what one answers is not asked for.
 */
import { unzlibSync } from 'fflate';
import { contentBytes, contentText, fromUtf8 } from '../../../../spec/index.ts';
import { FetchError, httpGet } from '../../packages/http-get.ts';
import type { Git } from '../git.ts';
import { Fatal } from '../problem.ts';
import type { ObjectType } from '../store/objects.ts';
import { Pack } from '../store/pack.ts';
import type { RemoteRefs, RemoteRepository } from './open.ts';

class HttpRepository implements RemoteRepository {
  readonly local = undefined;
  readonly linkable = false;
  private known: RemoteRefs | undefined;
  private packs: Promise<Pack[]> | undefined;

  constructor(
    private readonly git: Git,
    readonly url: string,
  ) {}

  async start(): Promise<this> {
    const list = await this.get('info/refs');
    if (!list) throw new Fatal(`repository '${this.url}/' not found`);
    const text = contentText(list);
    if (/^[0-9a-f]{4}# service=/.test(text)) throw new Fatal('drydock: git: the smart HTTP protocol is not simulated');
    const refs = new Map<string, string>();
    for (const line of text.split('\n')) {
      const match = /^([0-9a-f]{40})\t(\S+)$/.exec(line);
      if (match && !match[2]!.endsWith('^{}')) refs.set(match[2]!, match[1]!);
    }
    if (refs.size === 0 && text.trim() !== '')
      throw new Fatal(`${this.url}/info/refs not valid: is this a git repository?`);
    const top = contentText((await this.get('HEAD')) ?? list).trim();
    const head = /^ref: (\S+)$/.exec(top)?.[1];
    this.known = { head, headId: head ? refs.get(head) : /^[0-9a-f]{40}$/.test(top) ? top : undefined, refs };
    return this;
  }

  refs(): RemoteRefs {
    return this.known!;
  }

  async read(id: string): Promise<{ type: ObjectType; bytes: Uint8Array } | undefined> {
    const loose = await this.get(`objects/${id.slice(0, 2)}/${id.slice(2)}`);
    if (loose) {
      const whole = unzlibSync(contentBytes(loose));
      const end = whole.indexOf(0);
      return { type: fromUtf8(whole.subarray(0, end)).split(' ')[0] as ObjectType, bytes: whole.subarray(end + 1) };
    }
    this.packs ??= this.fetchPacks();
    for (const pack of await this.packs) {
      const found = pack.read(id);
      if (found) return found;
    }
    return undefined;
  }

  private async fetchPacks(): Promise<Pack[]> {
    const list = await this.get('objects/info/packs');
    const names = [...(list ? contentText(list) : '').matchAll(/^P (pack-[0-9a-f]+)\.pack$/gm)].map(
      (match) => match[1]!,
    );
    const out: Pack[] = [];
    for (const name of names) {
      const [index, pack] = [await this.get(`objects/pack/${name}.idx`), await this.get(`objects/pack/${name}.pack`)];
      if (index && pack) out.push(new Pack(contentBytes(index), contentBytes(pack), () => undefined));
    }
    return out;
  }

  /** Undefined: 404. */
  private async get(path: string) {
    const shown = `${this.url}/`;
    try {
      const { status, body } = await httpGet(this.git.sys, `${this.url}/${path}`, [
        ['User-Agent', `git/${this.git.version}`],
      ]);
      if (status === 200) return body;
      if (status === 404) return undefined;
      if (status === 501) this.absent(new URL(this.url).hostname);
      if (status === 401)
        throw new Fatal(`could not read Username for '${new URL(this.url).origin}': terminal prompts disabled`);
      throw new Fatal(`unable to access '${shown}': The requested URL returned error: ${status}`);
    } catch (error) {
      if (!(error instanceof FetchError)) throw error;
      const { failure } = error;
      if (failure.kind === 'connect')
        throw new Fatal(
          `unable to access '${shown}': Failed to connect to ${failure.host} port ${failure.port} after 0 ms: Couldn't connect to server`,
        );
      this.absent(failure.host);
    }
  }

  /** A name that leads nowhere; the simulated internet answers 501 for a host it knows and does not have. */
  private absent(host: string): never {
    this.git.err(`fatal: unable to access '${this.url}/': Could not resolve host: ${host}\n`);
    throw new Fatal(`drydock: ${host} is not part of the simulated internet`);
  }
}

export const openHttp = (git: Git, url: string): Promise<RemoteRepository> =>
  new HttpRepository(git, url.replace(/\/+$/, '')).start();
