import { parsePlatform } from '../../../spec/index.ts';
import type { FlagSet } from '../../flag/index.ts';
import { StatusError } from '../command.ts';

/** `--platform os[/arch[/variant]]` as the API's `platform` parameter takes it: an OCI platform as JSON. */
export function platformParameter(text: string): string {
  try {
    const { os, architecture, variant } = parsePlatform(text);
    return JSON.stringify({ architecture, os, ...(variant ? { variant } : {}) });
  } catch (error) {
    throw new StatusError(1, `invalid platform: ${(error as Error).message}`);
  }
}

/** The query's part for the commands that have the flag once. */
export const platformQuery = (flags: FlagSet): { platform?: string } =>
  flags.string('platform') ? { platform: platformParameter(flags.string('platform')) } : {};
