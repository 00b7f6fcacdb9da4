/** Requirements as PEP 508 writes them, versions as PEP 440 orders them. */

import { comparePythonVersions } from '../../../../sbom/index.ts';

export { comparePythonVersions as compareVersions } from '../../../../sbom/index.ts';

export interface Requirement {
  name: string;
  /** `>=`, `1.0.0` ... */
  specifiers: { operator: string; version: string }[];
  /** As it was written, without the marker. */
  text: string;
}

export const normalised = (name: string): string => name.toLowerCase().replace(/[-_.]+/g, '-');

/** Undefined when it is none; null when its marker rules it out here. */
export function parseRequirement(text: string): Requirement | null | undefined {
  const [head = '', marker] = text.split(/\s*;\s*/);
  const [, name, rest = ''] = /^([A-Za-z0-9][\w.-]*)\s*(?:\[[^\]]*\])?\s*(.*)$/.exec(head.trim()) ?? [];
  if (!name) return undefined;
  if (marker && !holds(marker)) return null;
  const specifiers: Requirement['specifiers'] = [];
  for (const part of rest.replace(/^\(|\)$/g, '').split(',')) {
    if (!part.trim()) continue;
    const [, operator, version] = /^\s*(===|==|~=|!=|<=|>=|<|>)\s*([\w.*+!-]+)\s*$/.exec(part) ?? [];
    if (!operator || !version) return undefined;
    specifiers.push({ operator, version });
  }
  return { name, specifiers, text: head.replace(/\s+/g, '') };
}

/** What markers ask about, of the interpreter that runs. */
const environment: Readonly<Record<string, string>> = {
  python_version: '3.14',
  python_full_version: '3.14.2',
  sys_platform: 'linux',
  os_name: 'posix',
  platform_system: 'Linux',
  platform_python_implementation: 'CPython',
  implementation_name: 'cpython',
  extra: '',
};

function holds(marker: string): boolean {
  return marker
    .replace(/[()]/g, '')
    .split(/\s+or\s+/)
    .some((all) => all.split(/\s+and\s+/).every(holdsOne));
}

function holdsOne(text: string): boolean {
  const [, name = '', operator = '', value = ''] =
    /^\s*(\w+)\s*(==|!=|<=|>=|<|>|in|not in)\s*["']([^"']*)["']/.exec(text) ?? [];
  const is = environment[name] ?? '';
  if (name.startsWith('python_')) return matches(is, operator, value);
  return operator === '==' ? is === value : operator === '!=' ? is !== value : false;
}

export const satisfies = (version: string, { specifiers }: Requirement): boolean =>
  specifiers.every((one) => matches(version, one.operator, one.version));

function matches(version: string, operator: string, wanted: string): boolean {
  if (operator === '===') return version === wanted;
  const star = wanted.endsWith('.*');
  const stem = star ? wanted.slice(0, -2) : wanted;
  if (star) return within(version, stem) === (operator === '==');
  const order = comparePythonVersions(version, stem);
  switch (operator) {
    case '==':
      return order === 0;
    case '!=':
      return order !== 0;
    case '<=':
      return order <= 0;
    case '>=':
      return order >= 0;
    case '<':
      return order < 0;
    case '>':
      return order > 0;
    default: // ~=
      return order >= 0 && within(version, stem.split('.').slice(0, -1).join('.'));
  }
}

const within = (version: string, stem: string): boolean => version === stem || version.startsWith(`${stem}.`);
