import { readFileSync } from 'node:fs';
import { dockerfileToJson } from '../../dockerfile/index.ts';
import { UsageError } from '../usage.ts';

/** `drydock dockerfile parse FILE`: the parsed instructions as JSON, one object per instruction. */
export async function dockerfile(args: string[]): Promise<number> {
  const [verb, file] = args;
  if (verb !== 'parse' || !file) throw new UsageError('usage: drydock dockerfile parse FILE');
  let text: string;
  try {
    text = readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
  try {
    process.stdout.write(`${JSON.stringify(dockerfileToJson(text), null, 2)}\n`);
    return 0;
  } catch (error) {
    process.stderr.write(`drydock dockerfile: ${(error as Error).message}\n`);
    return 1;
  }
}
