/** /etc/apt/sources.list and sources.list.d: sources.list(5), in both formats. */
import type { Sys } from '../../../kernel/sys.ts';
import { parseStanzas } from '../deb822.ts';
import { listNames, readText } from '../sys-files.ts';

/** One suite of one archive. */
export interface Source {
  /** With a slash at the end. */
  uri: string;
  suite: string;
  components: string[];
}

export function readSources(sys: Sys): Source[] {
  const directory = '/etc/apt/sources.list.d';
  const parts = listNames(sys, directory).map((name) => `${directory}/${name}`);
  const sources = ['/etc/apt/sources.list', ...parts].flatMap((path) => {
    const text = readText(sys, path);
    if (text === undefined) return [];
    if (path.endsWith('.sources')) return parseDeb822(text);
    return path.endsWith('.list') ? parseOneLine(text) : [];
  });
  return mergeSame(sources);
}

const withSlash = (uri: string): string => (uri.endsWith('/') ? uri : `${uri}/`);

function parseOneLine(text: string): Source[] {
  return text.split('\n').flatMap((line) => {
    const words = line
      .replace(/#.*/, '')
      .replace(/\[[^\]]*\]/, '')
      .trim()
      .split(/\s+/);
    const [type, uri, suite, ...components] = words;
    return type === 'deb' && uri && suite ? [{ uri: withSlash(uri), suite, components }] : [];
  });
}

function parseDeb822(text: string): Source[] {
  return parseStanzas(text).flatMap((stanza) => {
    const words = (field: string): string[] => (stanza.get(field) ?? '').split(/\s+/).filter(Boolean);
    if (!words('Types').includes('deb') || /^(no|false|0)$/.test(stanza.get('Enabled') ?? '')) return [];
    return words('URIs').flatMap((uri) =>
      words('Suites').map((suite) => ({ uri: withSlash(uri), suite, components: words('Components') })),
    );
  });
}

/** The same suite named twice is one source with the components of both. */
function mergeSame(sources: Source[]): Source[] {
  const merged: Source[] = [];
  for (const source of sources) {
    const same = merged.find(({ uri, suite }) => uri === source.uri && suite === source.suite);
    if (same) same.components.push(...source.components.filter((one) => !same.components.includes(one)));
    else merged.push({ ...source, components: [...source.components] });
  }
  return merged;
}

export const listsDirectory = '/var/lib/apt/lists';

/** As apt names the file of an index: the URL without its scheme, slashes as underscores. */
export const listFile = (url: string): string =>
  `${listsDirectory}/${url
    .replace(/^\w+:\/\//, '')
    .replaceAll('_', '%5f')
    .replaceAll('/', '_')}`;

export const releaseUrl = ({ uri, suite }: Source): string => `${uri}dists/${suite}/InRelease`;
export const packagesUrl = ({ uri, suite }: Source, component: string): string =>
  `${uri}dists/${suite}/${component}/binary-amd64/Packages`;
/** As shown in Get: lines. */
export const shownUri = ({ uri }: Source): string => uri.replace(/\/$/, '');
