import { type FlagSet, flag } from '../../flag/index.ts';
import { StatusError } from '../command.ts';
import { isTrue } from './compose.ts';
import type { CreateOptions } from './create.ts';
import { type ActiveProject, setScale } from './project.ts';

export const yesFlag = flag('yes', 'y', 'bool', 'Assume "yes" as answer to all prompts and run non-interactively');

export const scaleFlag = flag(
  'scale',
  '',
  'stringArray',
  'Scale SERVICE to NUM instances. Overrides the scale setting in the Compose file if present.',
  { valueName: 'scale' },
);

const pullPolicies = ['always', 'never', 'build', 'missing', 'if_not_present'];

/** What the options of `up`, `create` and `run` ask for; some of them change the project. */
export function createOptions(flags: FlagSet, project: ActiveProject, services: readonly string[]): CreateOptions {
  const ignoreOrphans = isTrue(project.environment.COMPOSE_IGNORE_ORPHANS);
  const removeOrphans = flags.changed('remove-orphans')
    ? flags.bool('remove-orphans')
    : isTrue(project.environment.COMPOSE_REMOVE_ORPHANS);
  if (ignoreOrphans && removeOrphans)
    throw new StatusError(1, 'cannot combine COMPOSE_IGNORE_ORPHANS and --remove-orphans');
  applyPull(flags, project);
  for (const text of flags.list('scale')) applyScale(project, text);
  const never = flags.bool('no-recreate');
  return {
    services,
    build: flags.bool('no-build') ? undefined : { services, quiet: flags.bool('quiet-pull') },
    quietPull: flags.bool('quiet-pull'),
    removeOrphans,
    ignoreOrphans,
    recreate: never ? 'never' : flags.bool('force-recreate') || flags.bool('renew-anon-volumes') ? 'force' : 'diverged',
    recreateDependencies: never ? 'never' : flags.bool('always-recreate-deps') ? 'force' : 'diverged',
    inherit: !flags.bool('renew-anon-volumes'),
    timeout: flags.changed('timeout') ? flags.int('timeout') : undefined,
    assumeYes: flags.bool('yes'),
  };
}

export function applyPull(flags: FlagSet, project: ActiveProject): void {
  const policy = flags.string('pull');
  if (flags.changed('pull') && !pullPolicies.includes(policy))
    throw new StatusError(1, `invalid --pull option ${JSON.stringify(policy)}`);
  for (const service of Object.values(project.services)) {
    if (flags.changed('pull')) service.pull_policy = policy;
    if (flags.bool('build') && service.build) service.pull_policy = 'build';
  }
}

function applyScale(project: ActiveProject, text: string): void {
  const [name, count, ...rest] = text.split('=');
  if (count === undefined || rest.length)
    throw new StatusError(1, `invalid --scale option ${JSON.stringify(text)}. Should be SERVICE=NUM`);
  if (!/^[+-]?\d+$/.test(count))
    throw new StatusError(1, `strconv.Atoi: parsing ${JSON.stringify(count)}: invalid syntax`);
  setScale(project, name!, Number(count));
}
