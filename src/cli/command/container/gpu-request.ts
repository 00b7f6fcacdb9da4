import { csv } from './mount-option.ts';
import { cut } from './option-checks.ts';

/** `--gpus all`, `--gpus 2`, `--gpus '"device=0,1",capabilities=utility'` (opts/gpus.go). */
export function gpuRequest(value: string): object {
  if (value === '') throw new Error('EOF');
  const request = { Driver: '', Count: 0, DeviceIDs: null as string[] | null, Capabilities: [['gpu']], Options: {} };
  for (const field of csv(value)) {
    const [key, text] = cut(field, '=');
    if (!field.includes('=')) request.Count = gpuCount(key);
    else if (key === 'count') request.Count = gpuCount(text);
    else if (key === 'driver') request.Driver = text;
    else if (key === 'device') request.DeviceIDs = text.split(',');
    else if (key === 'capabilities') request.Capabilities = [[...text.split(','), 'gpu']];
    else if (key === 'options') request.Options = Object.fromEntries(csv(text).map((option) => cut(option, '=')));
    else throw new Error(`unexpected key '${key}' in '${field}'`);
  }
  return request;
}

function gpuCount(text: string): number {
  if (text === 'all') return -1;
  if (!/^[+-]?\d+$/.test(text)) {
    throw new Error(`invalid count (${text}): value must be either "all" or an integer: invalid syntax`);
  }
  return Number(text);
}
