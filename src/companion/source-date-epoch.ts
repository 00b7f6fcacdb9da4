import { UsageError } from './usage.ts';

/** SOURCE_DATE_EPOCH (reproducible-builds.org) of this process, in seconds: what an engine started here clamps layer times to. */
export function sourceDateEpoch(text = process.env.SOURCE_DATE_EPOCH): number | undefined {
  if (!text) return undefined;
  if (!/^\d{1,12}$/.test(text)) throw new UsageError(`SOURCE_DATE_EPOCH: ${text} is not a number of seconds`);
  return Number(text);
}
