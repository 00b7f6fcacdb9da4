/** /etc/yum.conf and /etc/yum.repos.d/*.repo. */
import type { Sys } from '../../../kernel/sys.ts';
import { globPattern } from '../dpkg/extract.ts';
import { RpmDatabase } from '../rpm/database.ts';
import { listNames, readText } from '../sys-files.ts';

export interface RepositoryConfig {
  id: string;
  name: string;
  baseurls: string[];
  mirrorlist: string | undefined;
  metalink: string | undefined;
  enabled: boolean;
  skipIfUnavailable: boolean;
}

export interface YumConfig {
  cachedir: string;
  keepcache: boolean;
  releasever: string;
  repositories: RepositoryConfig[];
}

type Section = Map<string, string>;

function parseIni(text: string): Map<string, Section> {
  const sections = new Map<string, Section>();
  let section: Section | undefined;
  let last = '';
  for (const line of text.split('\n')) {
    const head = /^\[(.+)\]\s*$/.exec(line);
    const pair = /^([\w.]+)\s*[=:]\s*(.*?)\s*$/.exec(line);
    if (head) {
      section = new Map();
      sections.set(head[1]!, section);
    } else if (pair && section) {
      last = pair[1]!;
      section.set(last, pair[2]!);
    } else if (/^\s+\S/.test(line) && section && last) section.set(last, `${section.get(last)} ${line.trim()}`);
  }
  return sections;
}

/** `changes` are --enablerepo and --disablerepo in their order; throws with the id of a repository that is not there. */
export function readYumConfig(sys: Sys, changes: readonly [kind: 'enable' | 'disable', ids: string][]): YumConfig {
  const variables = readVariables(sys);
  const expand = (text: string): string =>
    text.replace(/\$\{?(\w+)\}?/g, (all, name: string) => variables.get(name) ?? all);
  const main = parseIni(readText(sys, '/etc/yum.conf') ?? '').get('main') ?? new Map<string, string>();
  const repositories = listNames(sys, '/etc/yum.repos.d')
    .filter((name) => name.endsWith('.repo'))
    .flatMap((name) => [...parseIni(readText(sys, `/etc/yum.repos.d/${name}`) ?? '')])
    .map(([id, section]) => repositoryOf(id, section, expand))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  for (const [kind, ids] of changes) change(repositories, kind, ids);
  return {
    cachedir: expand(main.get('cachedir') ?? '/var/cache/yum/$basearch/$releasever'),
    keepcache: main.get('keepcache') === '1',
    releasever: variables.get('releasever')!,
    repositories,
  };
}

export class NoSuchRepository extends Error {}

function change(repositories: readonly RepositoryConfig[], kind: 'enable' | 'disable', ids: string): void {
  for (const id of ids.split(',')) {
    const pattern = globPattern(id);
    const found = repositories.filter((one) => pattern.test(one.id));
    if (found.length === 0 && kind === 'enable') throw new NoSuchRepository(id);
    for (const one of found) one.enabled = kind === 'enable';
  }
}

function readVariables(sys: Sys): Map<string, string> {
  const release = new RpmDatabase(sys).providers({ name: 'redhat-release' })[0];
  const variables = new Map([
    ['releasever', release?.version ?? '$releasever'],
    ['basearch', 'x86_64'],
    ['arch', 'x86_64'],
  ]);
  for (const name of listNames(sys, '/etc/yum/vars')) {
    variables.set(name, (readText(sys, `/etc/yum/vars/${name}`) ?? '').split('\n')[0]!);
  }
  return variables;
}

function repositoryOf(id: string, section: Section, expand: (text: string) => string): RepositoryConfig {
  const words = (key: string): string[] =>
    (section.get(key) ?? '')
      .split(/[\s,]+/)
      .filter(Boolean)
      .map(expand);
  const truth = (key: string, otherwise: boolean): boolean => {
    const value = section.get(key);
    return value === undefined ? otherwise : /^(1|yes|true|on)$/i.test(value);
  };
  return {
    id,
    name: expand(section.get('name') ?? id),
    baseurls: words('baseurl'),
    mirrorlist: words('mirrorlist')[0],
    metalink: words('metalink')[0],
    enabled: truth('enabled', true),
    skipIfUnavailable: truth('skip_if_unavailable', false),
  };
}
