/** Relationship fields (deb-substvars(5), policy 7.1): `a (>= 1) | b, c:any`. */
import { type Relation, versionFits } from './version.ts';

export interface Dependency {
  name: string;
  relation?: Relation;
  version?: string;
}

/** Any of them will do. */
export type Alternatives = readonly Dependency[];

const form = /^([a-z0-9][a-z0-9+.-]*)(?::\w+)?(?:\s*\(\s*(<<|<=|=|>=|>>|<|>)\s*([^\s)]+)\s*\))?/;

export function parseRelations(field: string | undefined): Alternatives[] {
  return (field ?? '')
    .split(',')
    .map((group) => group.split('|').flatMap((one) => parseOne(one.trim())))
    .filter((group) => group.length > 0);
}

function parseOne(text: string): Dependency[] {
  const match = form.exec(text);
  if (!match) return [];
  const relation = match[2] === '<' ? '<=' : match[2] === '>' ? '>=' : (match[2] as Relation | undefined);
  return [{ name: match[1]!, ...(relation && { relation, version: match[3]! }) }];
}

/** Whether a package of this name and version, providing these, fulfils a dependency. */
export function fulfils(name: string, version: string, provides: string | undefined, wanted: Dependency): boolean {
  const fits = (has: string | undefined): boolean =>
    !wanted.relation || (has !== undefined && versionFits(has, wanted.relation, wanted.version!));
  if (name === wanted.name) return fits(version);
  return parseRelations(provides).some(([given]) => given?.name === wanted.name && fits(given.version));
}

export const formatDependency = ({ name, relation, version }: Dependency): string =>
  relation ? `${name} (${relation} ${version})` : name;
