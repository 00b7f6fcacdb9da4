import { keyValues } from '../../flag/index.ts';
import { csv } from './mount-option.ts';
import { cut } from './option-checks.ts';

export interface NetworkOption {
  target: string;
  aliases: string[];
  ip?: string;
  ip6?: string;
  mac?: string;
  linkLocal: string[];
  driverOptions: Record<string, string>;
}

/** `--network NAME` or `--network name=NAME,alias=x,ip=…`. */
export function networkOption(value: string): NetworkOption {
  const option: NetworkOption = { target: value, aliases: [], linkLocal: [], driverOptions: {} };
  if (!/(^|,)[\w-]+=/.test(value)) return option;
  option.target = '';
  for (const field of csv(value)) {
    const [key, text] = cut(field, '=');
    if (!field.includes('=')) throw new Error(`invalid field ${field}`);
    if (key === 'name') option.target = text;
    else if (key === 'alias') option.aliases.push(text);
    else if (key === 'ip') option.ip = text;
    else if (key === 'ip6') option.ip6 = text;
    else if (key === 'mac-address') option.mac = text;
    else if (key === 'link-local-ip') option.linkLocal.push(text);
    else if (key === 'driver-opt') Object.assign(option.driverOptions, keyValues([text]));
    else throw new Error(`invalid field key ${key}`);
  }
  if (!option.target) throw new Error('network name/id is not specified');
  return option;
}
