import type { WatchTrigger } from '../../../compose/index.ts';
import { createIgnore, type Ignore, parseIgnoreFile } from '../../../spec/index.ts';
import { StatusError } from '../command.ts';
import type { Compose } from './compose.ts';
import type { ActiveProject, ActiveService } from './project.ts';

/** A trigger of a service's `develop.watch`, ready to be asked. */
export interface WatchRule {
  service: string;
  trigger: WatchTrigger;
  /** Where in the container a changed file belongs; undefined: the file is not this rule's. */
  match(path: string): { hostPath: string; containerPath: string } | undefined;
  /** Nothing below the directory can be this rule's. */
  skips(directory: string): boolean;
}

/** What editors leave behind for a moment (pkg/watch/ephemeral.go). */
const ephemeral = createIgnore([
  ...['**/*___jb_old___', '**/*___jb_tmp___', '**/.idea/**', '**/.#*', '**/#*#'],
  ...['**/4913', '**/*~', '**/.*.swp', '**/.*.swx', '**/.*.swo', '**/.*.swn', '**/.*.kate-swp', '**/*-go-tmp-umask'],
]);

const relative = (root: string, path: string): string | undefined =>
  path === root
    ? '.'
    : path.startsWith(root === '/' ? '/' : `${root}/`)
      ? path.slice(root === '/' ? 1 : root.length + 1)
      : undefined;

/** The rules of all services, and what is watched for them. */
export async function watchRules(
  compose: Compose,
  project: ActiveProject,
  canBuild: boolean,
): Promise<{ rules: WatchRule[]; paths: string[] }> {
  const rules: WatchRule[] = [];
  const paths: string[] = [];
  for (const service of Object.values(project.services)) {
    const triggers = service.develop?.watch ?? [];
    for (const trigger of triggers) {
      if (trigger.action === 'rebuild') {
        if (!service.build) {
          throw new StatusError(
            1,
            `can't watch service ${JSON.stringify(service.name)} with action rebuild without a build context`,
          );
        }
        if (!canBuild)
          throw new StatusError(1, `--no-build is incompatible with watch action rebuild in service ${service.name}`);
        service.pull_policy = 'build';
      }
    }
    for (const trigger of triggers) {
      const bound = service.volumes?.some(
        ({ type, source }) => type === 'bind' && source && relative(source, trigger.path) !== undefined,
      );
      if ((trigger.action === 'sync' || trigger.action === 'sync+restart') && bound) {
        await compose.warn(
          `path '${trigger.path}' also declared by a bind mount volume, this path won't be monitored!\n`,
        );
        continue;
      }
      paths.push(trigger.path);
    }
    const ignored = dockerIgnore(compose, service);
    rules.push(...triggers.map((trigger) => rule(service.name, trigger, ignored)));
  }
  if (paths.length === 0) {
    throw new StatusError(
      1,
      "none of the selected services is configured for watch, consider setting an 'develop' section",
    );
  }
  return { rules, paths };
}

interface Rooted {
  root: string;
  ignore: Ignore;
}

function rule(service: string, trigger: WatchTrigger, dockerIgnored: Rooted | undefined): WatchRule {
  const root = trigger.path;
  const ignores = [
    ...(dockerIgnored ? [dockerIgnored] : []),
    { root: '/', ignore: ephemeral },
    { root, ignore: createIgnore(cleaned(trigger.ignore ?? [])) },
  ];
  const include = trigger.include?.length ? createIgnore(cleaned(trigger.include)) : undefined;
  const isIgnored = (path: string): boolean =>
    ignores.some((one) => {
      const below = relative(one.root, path);
      return below !== undefined && one.ignore.excludes(below);
    });
  return {
    service,
    trigger,
    match(path) {
      const below = relative(root, path);
      if (below === undefined || (include && !include.excludes(below)) || isIgnored(path)) return undefined;
      const target = trigger.target ?? '';
      return {
        hostPath: path,
        containerPath: target && (below === '.' ? target : `${target.replace(/\/$/, '')}/${below}`),
      };
    },
    skips(directory) {
      return ignores.some((one) => {
        const below = relative(one.root, directory);
        return below !== undefined && below !== '.' && one.ignore.excludes(below) && !one.ignore.mayKeepInside(below);
      });
    },
  };
}

/** A `*` alone leaves only the exceptions, as compose has it. */
function cleaned(patterns: readonly string[]): string[] {
  const list = parseIgnoreFile(patterns.join('\n'));
  return list.includes('*') ? list.filter((one) => one.startsWith('!')) : list;
}

function dockerIgnore({ cli }: Compose, { build }: ActiveService): Rooted | undefined {
  if (!build?.context) return undefined;
  const names = [`${build.dockerfile ?? 'Dockerfile'}.dockerignore`, '.dockerignore'];
  const path = names.map((name) => `${build.context}/${name}`).find((one) => cli.host.files.stat(one));
  return path ? { root: build.context, ignore: createIgnore(cleaned(cli.readText(path).split('\n'))) } : undefined;
}
