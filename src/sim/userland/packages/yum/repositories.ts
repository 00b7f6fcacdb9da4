/** Repositories opened: mirror list, repomd.xml and primary.xml, from the cache or over the network. */
import { decompress } from '../../../../archive/index.ts';
import { type Content, contentText } from '../../../../spec/index.ts';
import type { Sys } from '../../../kernel/sys.ts';
import { FetchError, httpGet } from '../http-get.ts';
import { exists, makeDirectories, readContent, readText, writeContent, writeText } from '../sys-files.ts';
import { type AvailablePackage, parsePrimary, Sack } from './available.ts';
import type { RepositoryConfig, YumConfig } from './config.ts';
import { columnsOf, meterLine } from './output.ts';

/** Seconds that metadata are good for: yum's default for metadata_expire. */
const expires = 6 * 3600;

/** No repository of that id could be reached. */
export class RepositoryError extends Error {
  constructor(
    readonly repository: RepositoryConfig,
    readonly notes: string,
    readonly problem: string,
    readonly releasever: string,
  ) {
    super(problem);
  }
}

export class Repositories {
  private opened: Promise<Sack> | undefined;
  private mirrors = new Map<string, string>();

  constructor(
    readonly sys: Sys,
    readonly config: YumConfig,
    private readonly quiet: boolean,
    /** -C: the cache only. */
    private readonly cacheOnly = false,
  ) {}

  get enabled(): RepositoryConfig[] {
    return this.config.repositories.filter(({ enabled }) => enabled);
  }

  directory = (id: string): string => `${this.config.cachedir}/${id}`;
  private get timedHosts(): string {
    return `${this.config.cachedir}/timedhosts`;
  }

  /** Everything that is on offer. Throws {@link RepositoryError}. */
  sack(): Promise<Sack> {
    this.opened ??= this.open(false);
    return this.opened;
  }

  /** Fetches all metadata, fresh or not. */
  async refresh(): Promise<void> {
    this.opened = this.open(true);
    await this.opened;
    for (const one of this.enabled) await this.filelists(one);
  }

  private async open(fresh: boolean): Promise<Sack> {
    const { sys } = this;
    if (this.enabled.length === 0) return new Sack([]);
    const known = exists(sys, this.timedHosts);
    await this.say(known ? 'Loading mirror speeds from cached hostfile\n' : 'Determining fastest mirrors\n');
    for (const one of this.enabled) await this.findMirror(one, fresh);
    await this.say(
      this.enabled
        .filter(({ mirrorlist, metalink }) => mirrorlist || metalink)
        .flatMap(({ id }) => (this.mirrors.has(id) ? [` * ${id}: ${new URL(this.mirrors.get(id)!).host}\n`] : []))
        .join(''),
    );
    makeDirectories(sys, this.config.cachedir);
    writeText(sys, this.timedHosts, [...this.mirrors.values()].map((url) => `${new URL(url).host} 0.01\n`).join(''));
    const jobs: { repository: RepositoryConfig; location: string }[] = [];
    for (const repository of this.enabled) {
      const location = await this.findPrimary(repository, fresh);
      if (location) jobs.push({ repository, location });
    }
    const missing = jobs.filter(({ repository, location }) => !exists(sys, this.file(repository, location)));
    for (const [i, { repository, location }] of missing.entries()) {
      const count = missing.length > 1 ? `(${i + 1}/${missing.length}): ` : '';
      const label = `${count}${repository.id}/${this.release(repository)}x86_64/primary`;
      await this.fetchTo(repository, location, this.file(repository, location), label);
    }
    return new Sack(jobs.flatMap(({ repository, location }) => this.read(repository, location)));
  }

  private say(text: string): Promise<void> {
    return this.quiet ? Promise.resolve() : this.sys.write(1, text);
  }

  /** base/7/x86_64, but epel/x86_64: which variables the address has. */
  private release = ({ mirrorlist, metalink, baseurls }: RepositoryConfig): string =>
    metalink && !mirrorlist && baseurls.length === 0 ? '' : `${this.config.releasever}/`;

  private file = (repository: RepositoryConfig, location: string): string =>
    `${this.directory(repository.id)}/${location.split('/').at(-1)}`;

  private read(repository: RepositoryConfig, location: string): AvailablePackage[] {
    const content = readContent(this.sys, this.file(repository, location));
    return content ? parsePrimary(contentText(decompress(content)), repository.id) : [];
  }

  private fail(repository: RepositoryConfig, notes: string, problem: string): undefined {
    if (!repository.skipIfUnavailable) throw new RepositoryError(repository, notes, problem, this.config.releasever);
    return undefined;
  }

  private async findMirror(repository: RepositoryConfig, fresh: boolean): Promise<void> {
    const { sys } = this;
    const list = repository.mirrorlist ?? repository.metalink;
    const base = repository.baseurls[0];
    const whole = `${repository.id}/${this.release(repository)}x86_64`;
    if (base) {
      this.mirrors.set(repository.id, base.replace(/\/?$/, '/'));
      return;
    }
    if (!list) return this.fail(repository, '', `Cannot find a valid baseurl for repo: ${whole}`);
    const path = `${this.directory(repository.id)}/${repository.metalink ? 'metalink.xml' : 'mirrorlist.txt'}`;
    let text = fresh && !this.cacheOnly ? undefined : readText(sys, path);
    if (text === undefined) {
      try {
        const got = await httpGet(sys, list);
        text = contentText(got.body);
        if (got.status !== 200) throw new Error(`14: HTTP Error ${got.status}`);
        makeDirectories(sys, this.directory(repository.id));
        writeText(sys, path, text);
        if (repository.metalink) await this.meter(`${whole}/metalink`, got.body.size, 0);
      } catch (error) {
        const notes = `Could not retrieve ${repository.metalink ? 'metalink' : 'mirrorlist'} ${list} error was\n${curlProblem(error)}\n`;
        return this.fail(repository, notes, `Cannot find a valid baseurl for repo: ${whole}`);
      }
    }
    const url = /https?:\/\/[^\s<]+/
      .exec(text.replace(/^<metalink[^>]*>/m, ''))?.[0]
      .replace(/repodata\/repomd\.xml$/, '');
    if (!url) return this.fail(repository, '', `Cannot find a valid baseurl for repo: ${whole}`);
    this.mirrors.set(repository.id, url.replace(/\/?$/, '/'));
  }

  /** Where primary.xml is, by repomd.xml. */
  private async findPrimary(repository: RepositoryConfig, fresh: boolean): Promise<string | undefined> {
    const repomd = await this.repomd(repository, fresh);
    return repomd && locationIn(repomd, 'primary');
  }

  private async repomd(repository: RepositoryConfig, fresh: boolean): Promise<string | undefined> {
    const { sys } = this;
    const path = `${this.directory(repository.id)}/repomd.xml`;
    const cookie = `${this.directory(repository.id)}/cachecookie`;
    const made = exists(sys, cookie) ? sys.stat(cookie).mtime.sec : 0;
    const good = exists(sys, path) && (this.cacheOnly || (!fresh && sys.now().sec - made < expires));
    if (!good) {
      if (!(await this.fetchTo(repository, 'repodata/repomd.xml', path, repository.id))) return undefined;
      writeText(sys, cookie, '');
    }
    return readText(sys, path);
  }

  /** Which package has which files, all of them: fetched when something asks. */
  async filelists(repository: RepositoryConfig): Promise<string> {
    const repomd = await this.repomd(repository, false);
    const location = repomd && locationIn(repomd, 'filelists');
    if (!location) return '';
    const path = this.file(repository, location);
    const label = `${repository.id}/${this.release(repository)}x86_64/filelists`;
    if (!exists(this.sys, path) && !(await this.fetchTo(repository, location, path, label))) return '';
    return contentText(decompress(readContent(this.sys, path)!));
  }

  private async fetchTo(repository: RepositoryConfig, from: string, to: string, label: string): Promise<boolean> {
    const content = await this.fetch(repository, from, label);
    if (!content) return false;
    makeDirectories(this.sys, to.slice(0, to.lastIndexOf('/')));
    writeContent(this.sys, to, content);
    return true;
  }

  /** A file of a repository. Throws {@link RepositoryError} where the repository may not be left out. */
  async fetch(repository: RepositoryConfig, from: string, label: string): Promise<Content | undefined> {
    const mirror = this.mirrors.get(repository.id);
    if (!mirror) return undefined;
    const started = this.sys.monotonic();
    try {
      const got = await httpGet(this.sys, mirror + from);
      if (got.status !== 200)
        throw new Error(`[Errno 14] HTTP Error ${got.status} - ${got.status === 404 ? 'Not Found' : ''}`);
      await this.meter(label, got.body.size, (this.sys.monotonic() - started) / 1000);
      return got.body;
    } catch (error) {
      const why =
        error instanceof FetchError ? `[Errno ${curlProblem(error).replace(': ', '] ')}` : (error as Error).message;
      const notes = `${mirror}${from}: ${why}\nTrying other mirror.\n`;
      return this.fail(
        repository,
        notes,
        `failure: ${from} from ${repository.id}: [Errno 256] No more mirrors to try.\n${mirror}${from}: ${why}`,
      );
    }
  }

  async meter(label: string, bytes: number, seconds: number): Promise<void> {
    if (!this.quiet && this.sys.isatty(1))
      await this.sys.write(1, meterLine(label, bytes, seconds, columnsOf(this.sys)));
  }
}

const locationIn = (repomd: string, kind: string): string | undefined =>
  new RegExp(`<data type="${kind}">.*?<location href="([^"]+)"`, 's').exec(repomd)?.[1];

function curlProblem(error: unknown): string {
  if (!(error instanceof FetchError)) return (error as Error).message;
  const { failure } = error;
  return failure.kind === 'resolve'
    ? `14: curl#6 - "Could not resolve host: ${failure.host}; Unknown error"`
    : `14: curl#7 - "Failed connect to ${failure.host}:${failure.port}; ${failure.reason}"`;
}

/** What yum says when a repository cannot be had, before it gives up. */
export const repositoryAdvice = `

 One of the configured repositories failed (Unknown),
 and yum doesn't have enough cached data to continue. At this point the only
 safe thing yum can do is fail. There are a few ways to work "fix" this:

     1. Contact the upstream for the repository and get them to fix the problem.

     2. Reconfigure the baseurl/etc. for the repository, to point to a working
        upstream. This is most often useful if you are using a newer
        distribution release than is supported by the repository (and the
        packages for the previous distribution release still work).

     3. Run the command with the repository temporarily disabled
            yum --disablerepo=<repoid> ...

     4. Disable the repository permanently, so yum won't use it by default. Yum
        will then just ignore the repository until you permanently enable it
        again or use --enablerepo for temporary usage:

            yum-config-manager --disable <repoid>
        or
            subscription-manager repos --disable=<repoid>

     5. Configure the failing repository to be skipped, if it is unavailable.
        Note that yum will try to contact the repo. when it runs most commands,
        so will have to try and fail each time (and thus. yum will be be much
        slower). If it is a very temporary problem though, this is often a nice
        compromise:

            yum-config-manager --save --setopt=<repoid>.skip_if_unavailable=true

`;
