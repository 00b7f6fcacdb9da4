import type { FlagSet } from '../../flag/index.ts';
import { StatusError } from '../command.ts';

/** `--platform os[/arch[/variant]]` as the API's `platform` parameter takes it: an OCI platform as JSON. */
export function platformParameter(text: string): string {
  const [os = '', architecture, variant] = text.toLowerCase().split('/');
  if (!/^[a-z0-9_.()-]+(\/[a-z0-9_.-]+){0,2}$/.test(text.toLowerCase())) {
    throw new StatusError(1, `invalid platform: "${text}": ${os || 'unknown'}: invalid argument`);
  }
  return JSON.stringify({ architecture: architecture ?? '', os, ...(variant ? { variant } : {}) });
}

/** The query's part for the commands that have the flag once. */
export const platformQuery = (flags: FlagSet): { platform?: string } =>
  flags.string('platform') ? { platform: platformParameter(flags.string('platform')) } : {};
