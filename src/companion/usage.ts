import { type ParseArgsConfig, parseArgs } from 'node:util';

/** The call was wrong: printed without a stack, exit status 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Arguments by Node's own parser, its complaints as UsageError. */
export function parse<T extends ParseArgsConfig>(config: T): ReturnType<typeof parseArgs<T>> {
  try {
    return parseArgs(config);
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

export function oneOf<T extends string>(value: string | undefined, allowed: readonly T[], option: string): T {
  if (value === undefined) return allowed[0]!;
  const found = allowed.find((one) => one === value);
  if (!found) throw new UsageError(`${option} must be one of ${allowed.join(', ')}`);
  return found;
}
