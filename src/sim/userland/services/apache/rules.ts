/**
 * Which directives hold for a request: Directory sections and .htaccess files from the root down, then Files, then
 * Location. httpd.apache.org/docs/2.4/sections.html: "How the sections are merged".
 */
import type { Sys } from '../../../kernel/sys.ts';
import { globPattern } from '../../packages/dpkg/extract.ts';
import { readText } from '../../packages/sys-files.ts';
import { all, type Entry, last } from './config.ts';

/** Reads an .htaccess file. Throws what reading a configuration throws. */
export type ReadOverride = (path: string) => Entry[];

const trimmed = (path: string): string => path.replace(/\/$/, '');

/** Throws what `override` throws. */
export function rulesFor(sys: Sys, host: readonly Entry[], path: string, uri: string, override: ReadOverride): Entry[] {
  const sections = all(host, 'directory');
  const rules: Entry[] = [];
  for (const directory of above(path)) {
    for (const one of sections) if (trimmed(one.args[0]!) === directory) rules.push(...one.inner!);
    const allowed = last(rules, 'allowoverride')?.args[0]?.toLowerCase() ?? 'none';
    const name = last(host, 'accessfilename')?.args[0] ?? '.htaccess';
    if (allowed !== 'none' && readText(sys, `${directory}/${name}`) !== undefined) {
      rules.push(...override(`${directory}/${name}`));
    }
  }
  const file = path.slice(path.lastIndexOf('/') + 1);
  for (const one of [...host, ...rules]) if (one.inner && holdsFile(one, file)) rules.push(...one.inner);
  for (const one of host) if (one.inner && holdsLocation(one, uri)) rules.push(...one.inner);
  return rules;
}

/** '' (the root), '/var', '/var/www' ...: the path itself last. */
function above(path: string): string[] {
  const parts = trimmed(path).split('/').slice(1);
  return ['', ...parts.map((_, i) => `/${parts.slice(0, i + 1).join('/')}`)];
}

function holdsFile({ name, args }: Entry, file: string): boolean {
  if (name === 'filesmatch' || (name === 'files' && args[0] === '~')) return new RegExp(args.at(-1)!).test(file);
  return name === 'files' && globPattern(args[0]!).test(file);
}

function holdsLocation({ name, args }: Entry, uri: string): boolean {
  if (name === 'locationmatch' || (name === 'location' && args[0] === '~')) return new RegExp(args.at(-1)!).test(uri);
  return name === 'location' && (args[0] === '/' || `${uri}/`.startsWith(`${trimmed(args[0]!)}/`));
}
