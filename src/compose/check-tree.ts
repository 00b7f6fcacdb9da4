import { isAddress } from './port-spec.ts';
import { ProjectError } from './project.ts';
import { entriesOf, isDict, type Path, Rules, showPath, sprint, type Value } from './value.ts';

type Check = (value: Value, path: Path) => void;

const fail = (path: Path, what: string): never => {
  throw new ProjectError(`${showPath(path)}: ${what}`);
};

const external: Check = (value, path) => {
  if (!isDict(value) || value.external !== true) return;
  for (const [key] of entriesOf(value))
    if (key !== 'name' && key !== 'external' && !key.startsWith('x-'))
      fail(path, `conflicting parameters "external" and "${key}" specified`);
};

const oneSource =
  (...keys: string[]): Check =>
  (value, path) => {
    if (!isDict(value)) return;
    const found = keys.filter((key) => key in value).length;
    if (found > 1) fail(path, `${keys.join('|')} attributes are mutually exclusive`);
    if (found === 0 && !('driver' in value) && !('external' in value))
      fail(path, `one of ${keys.join('|')} must be set`);
  };

const deviceRequest: Check = (value, path) => {
  if (isDict(value) && 'count' in value && 'device_ids' in value)
    fail(path, '"count" and "device_ids" attributes are exclusive');
};

const checks = new Rules<Check>({
  'volumes.*': external,
  'configs.*': oneSource('file', 'environment', 'content'),
  'secrets.*': oneSource('file', 'environment'),
  'services.*.ports.*': (value, path) => {
    const ip = isDict(value) ? value.host_ip : undefined;
    if (ip !== undefined && !isAddress(String(ip))) fail(path, `invalid ip address: ${sprint(ip)}`);
  },
  'services.*.develop.watch.*.path': (value, path) => {
    if (value === '') fail(path, "value can't be blank");
  },
  'services.*.deploy.resources.reservations.devices.*': deviceRequest,
  'services.*.gpus.*': deviceRequest,
});

/** What the schema cannot say of a tree in its long form. */
export function checkTree(value: Value, path: Path = []): void {
  const check = checks.find(path);
  if (check) check(value, path);
  else if (Array.isArray(value)) for (const item of value) checkTree(item, [...path, '[]']);
  else if (isDict(value)) for (const [key, item] of entriesOf(value)) checkTree(item, [...path, key]);
}
