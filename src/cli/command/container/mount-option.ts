import type { MountRequest } from '../../../spec/index.ts';
import { parseBool, parseBytes } from '../../flag/index.ts';

/** `--mount type=volume,source=v,target=/v,readonly` (opts/mount.go). */
export function parseMount(value: string, cwd: string): MountRequest {
  const mount: MountRequest = { Type: 'volume' };
  const volume = (): NonNullable<MountRequest['VolumeOptions']> => (mount.VolumeOptions ??= {});
  const bind = (): NonNullable<MountRequest['BindOptions']> => (mount.BindOptions ??= {});
  const tmpfs = (): NonNullable<MountRequest['TmpfsOptions']> => (mount.TmpfsOptions ??= {});
  if (value === '') throw new Error('EOF');
  for (const field of csv(value)) {
    const at = field.indexOf('=');
    const key = (at < 0 ? field : field.slice(0, at)).trim().toLowerCase();
    const text = at < 0 ? '' : field.slice(at + 1);
    if (at < 0 && !['readonly', 'ro', 'volume-nocopy', 'bind-nonrecursive'].includes(key))
      throw new Error(`invalid field '${field}' must be a key=value pair`);
    const yes = (): boolean => {
      if (at < 0) return true;
      try {
        return parseBool(text);
      } catch {
        throw new Error(`invalid value for ${key}: ${text}`);
      }
    };
    switch (key) {
      case 'type':
        mount.Type = text.toLowerCase();
        break;
      case 'source':
      case 'src':
        mount.Source = /^\.{1,2}(\/|$)/.test(text) ? joinPath(cwd, text) : text;
        break;
      case 'target':
      case 'dst':
      case 'destination':
        mount.Target = text;
        break;
      case 'readonly':
      case 'ro':
        mount.ReadOnly = yes();
        break;
      case 'consistency':
        mount.Consistency = text;
        break;
      case 'bind-propagation':
        bind().Propagation = text;
        break;
      case 'bind-nonrecursive':
        bind().NonRecursive = yes();
        break;
      case 'bind-recursive':
        if (text === 'disabled') bind().NonRecursive = true;
        else if (!['enabled', 'writable', 'readonly'].includes(text))
          throw new Error(
            `invalid value for ${key}: ${text} (must be "enabled", "disabled", "writable", or "readonly")`,
          );
        break;
      case 'volume-nocopy':
        volume().NoCopy = yes();
        break;
      case 'volume-label':
        volume().Labels = { ...volume().Labels, ...pair(text) };
        break;
      case 'volume-driver':
        volume().DriverConfig = { ...volume().DriverConfig, Name: text };
        break;
      case 'volume-opt':
        volume().DriverConfig = {
          ...volume().DriverConfig,
          Options: { ...volume().DriverConfig?.Options, ...pair(text) },
        };
        break;
      case 'tmpfs-size':
        try {
          tmpfs().SizeBytes = parseBytes(text);
        } catch {
          throw new Error(`invalid value for ${key}: ${text}`);
        }
        break;
      case 'tmpfs-mode':
        if (!/^[0-7]+$/.test(text)) throw new Error(`invalid value for ${key}: ${text}`);
        tmpfs().Mode = Number.parseInt(text, 8);
        break;
      // Sent, and not known to this daemon.
      case 'volume-subpath':
        volume();
        break;
      default:
        throw new Error(`unexpected key '${key}' in '${field}'`);
    }
  }
  if (!mount.Type) throw new Error('type is required');
  if (!mount.Target) throw new Error('target is required');
  for (const [kind, options] of [
    ['bind', mount.BindOptions],
    ['volume', mount.VolumeOptions],
    ['tmpfs', mount.TmpfsOptions],
  ] as const) {
    if (options && mount.Type !== kind)
      throw new Error(`cannot mix '${kind}-*' options with mount type '${mount.Type}'`);
  }
  return mount;
}

const pair = (text: string): Record<string, string> => {
  const at = text.indexOf('=');
  return at < 0 ? { [text]: '' } : { [text.slice(0, at)]: text.slice(at + 1) };
};

/** One CSV record: commas apart, a field in double quotes may hold them. */
export function csv(text: string): string[] {
  const fields: string[] = [];
  for (let at = 0; at <= text.length; at++) {
    if (text[at] !== '"') {
      const end = text.indexOf(',', at) < 0 ? text.length : text.indexOf(',', at);
      const field = text.slice(at, end);
      const quote = field.indexOf('"');
      if (quote >= 0) throw csvError(at + quote, 'bare " in non-quoted field');
      fields.push(field);
      at = end;
      continue;
    }
    const [, inner = '', close] = /^"((?:[^"]|"")*)("?)/.exec(text.slice(at))!;
    at += 1 + inner.length + close!.length;
    if (!close || (at < text.length && text[at] !== ','))
      throw csvError(close ? at - 1 : at, 'extraneous or missing " in quoted-field');
    fields.push(inner.replaceAll('""', '"'));
  }
  return fields;
}

/** encoding/csv's ParseError of a text of one line. */
const csvError = (at: number, why: string): Error => new Error(`parse error on line 1, column ${at + 1}: ${why}`);

/** An absolute, clean path. */
export function joinPath(base: string, path: string): string {
  const out: string[] = [];
  for (const part of (path.startsWith('/') ? path : `${base}/${path}`).split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..') out.pop();
    else out.push(part);
  }
  return `/${out.join('/')}`;
}
