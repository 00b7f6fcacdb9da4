/** What all configuration files say together: system, global, local, then what the command line gave. */
import type { Sys } from '../../kernel/sys.ts';
import { readText } from '../packages/sys-files.ts';
import { Fatal } from './problem.ts';
import { type ConfigEntry, ConfigFile, canonicalKey } from './store/config.ts';

export type Scope = 'system' | 'global' | 'local' | 'worktree' | 'command';

export interface Setting extends Pick<ConfigEntry, 'key' | 'value'> {
  scope: Scope;
  /** `file:PATH` or `command line:`. */
  origin: string;
}

export const homeOf = (sys: Sys): string | undefined => sys.env.HOME || undefined;

export function globalPaths(sys: Sys): string[] {
  const home = homeOf(sys);
  if (sys.env.GIT_CONFIG_GLOBAL !== undefined) return [sys.env.GIT_CONFIG_GLOBAL];
  const xdg = sys.env.XDG_CONFIG_HOME || (home && `${home}/.config`);
  return [...(xdg ? [`${xdg}/git/config`] : []), ...(home ? [`${home}/.gitconfig`] : [])];
}

export class Settings {
  readonly all: Setting[] = [];

  constructor(
    private readonly sys: Sys,
    localPath: string | undefined,
    given: readonly (readonly [key: string, value: string | undefined])[],
  ) {
    if (!truthy(sys.env.GIT_CONFIG_NOSYSTEM)) this.load(sys.env.GIT_CONFIG_SYSTEM ?? '/etc/gitconfig', 'system');
    for (const path of globalPaths(sys)) this.load(path, 'global');
    if (localPath !== undefined) this.load(localPath, 'local');
    for (const [key, value] of [...environmentPairs(sys), ...given]) this.give(key, value);
  }

  /** The last one counts. */
  get(key: string): string | undefined {
    const found = this.all.findLast((one) => one.key === key);
    return found && (found.value ?? 'true');
  }
  getAll(key: string): string[] {
    return this.all.filter((one) => one.key === key).map(({ value }) => value ?? 'true');
  }
  bool(key: string, otherwise: boolean): boolean {
    const value = this.get(key);
    if (value === undefined) return otherwise;
    const read = readBoolean(value);
    if (read === undefined) throw new Fatal(`bad boolean config value '${value}' for '${key}'`);
    return read;
  }
  /** Second parts of the keys `section.*.name`. */
  subsections(section: string): string[] {
    const pattern = new RegExp(`^${section}\\.(.+)\\.[^.]+$`);
    return [...new Set(this.all.flatMap(({ key }) => pattern.exec(key)?.[1] ?? []))];
  }

  private give(key: string, value: string | undefined): void {
    const canonical = canonicalKey(key);
    if (!canonical)
      throw new Fatal(key.includes('.') ? `invalid key: ${key}` : `key does not contain a section: ${key}`);
    this.all.push({ key: canonical, value, scope: 'command', origin: 'command line:' });
  }

  private load(path: string, scope: Scope, depth = 0): void {
    const text = readText(this.sys, path);
    if (text === undefined || depth > 9) return;
    for (const { key, value } of new ConfigFile(text, path).entries) {
      this.all.push({ key, value, scope, origin: `file:${path}` });
      if (key === 'include.path' && value) this.load(this.relative(value, path), scope, depth + 1);
    }
  }

  private relative(path: string, from: string): string {
    if (path.startsWith('~/')) return `${homeOf(this.sys) ?? ''}${path.slice(1)}`;
    return path.startsWith('/') ? path : `${from.slice(0, from.lastIndexOf('/') + 1)}${path}`;
  }
}

function environmentPairs({ env }: Sys): [string, string][] {
  const count = Number(env.GIT_CONFIG_COUNT ?? 0);
  return Array.from({ length: count }, (_, i) => [
    env[`GIT_CONFIG_KEY_${i}`] ?? '',
    env[`GIT_CONFIG_VALUE_${i}`] ?? '',
  ]);
}

export const truthy = (value: string | undefined): boolean => value !== undefined && readBoolean(value) === true;

export function readBoolean(value: string): boolean | undefined {
  if (/^(true|yes|on)$/i.test(value)) return true;
  if (/^(false|no|off|)$/i.test(value)) return false;
  return /^[+-]?\d+[kmg]?$/i.test(value) ? Number.parseInt(value, 10) !== 0 : undefined;
}
