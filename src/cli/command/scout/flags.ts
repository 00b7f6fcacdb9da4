import { type Flag, type FlagSet, flag } from '../../flag/index.ts';
import { StatusError } from '../command.ts';

export const commonFlags: readonly Flag[] = [
  flag('org', '', 'string', 'Namespace of the Docker organization'),
  flag('output', 'o', 'string', 'Write the report to a file'),
  flag('platform', '', 'string', 'Platform of image to analyze'),
  flag(
    'ref',
    '',
    'string',
    'Reference to use if the provided tarball contains multiple references.\nCan only be used with archive',
  ),
];

/** Flags that are known and do nothing here say so. */
export function refuse(flags: FlagSet, names: readonly string[]): void {
  for (const name of names)
    if (flags.changed(name)) throw new StatusError(1, `drydock: docker scout --${name} is not simulated`);
}
