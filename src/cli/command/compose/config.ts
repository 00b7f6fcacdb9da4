import {
  checkContainerNames,
  type LoadedProject,
  type LoadOptions,
  type Project,
  printProject,
  printTree,
  type Service,
  serviceHash,
  printVariables as variablesAs,
  variablesIn,
} from '../../../compose/index.ts';
import { textContent } from '../../../spec/index.ts';
import { type FlagSet, flag } from '../../flag/index.ts';
import { type Command, StatusError } from '../command.ts';
import { type Compose, composeRun } from './compose.ts';
import { printSection } from './print-section.ts';

type Work = (compose: Compose, flags: FlagSet, args: string[]) => Promise<void>;

/** Which flags ask for a list of something, in the order compose looks at them. */
const lists: [string, Work][] = [
  ['services', printServices],
  [
    'volumes',
    async (compose, flags) => printLines(compose, Object.keys((await read(compose, flags)).project.volumes ?? {})),
  ],
  ['hash', printHashes],
  ['profiles', printProfiles],
  ['images', printImages],
  ['variables', printVariables],
  ['environment', printEnvironment],
];

export const config: Command = {
  name: 'config',
  use: '[OPTIONS] [SERVICE...]',
  short: 'Parse, resolve and render compose file in canonical format',
  flags: [
    flag('environment', '', 'bool', 'Print environment used for interpolation.'),
    flag('format', '', 'string', 'Format the output. Values: [yaml | json]'),
    flag('hash', '', 'string', 'Print the service config hash, one per line.'),
    flag('images', '', 'bool', 'Print the image names, one per line.'),
    flag('lock-image-digests', '', 'bool', 'Produces an override file with image digests'),
    flag('no-consistency', '', 'bool', "Don't check model consistency - warning: may produce invalid Compose output"),
    flag('no-env-resolution', '', 'bool', "Don't resolve service env files"),
    flag('no-interpolate', '', 'bool', "Don't interpolate environment variables"),
    flag('no-normalize', '', 'bool', "Don't normalize compose model"),
    flag('no-path-resolution', '', 'bool', "Don't resolve file paths"),
    flag('output', 'o', 'string', 'Save to file (default to stdout)'),
    flag('profiles', '', 'bool', 'Print the profile names, one per line.'),
    flag('quiet', 'q', 'bool', "Only validate the configuration, don't print anything"),
    flag('resolve-image-digests', '', 'bool', 'Pin image tags to digests'),
    flag('services', '', 'bool', 'Print the service names, one per line.'),
    flag('variables', '', 'bool', 'Print model variables and default values.'),
    flag('volumes', '', 'bool', 'Print the volume names, one per line.'),
  ],
  run: composeRun(async (compose, flags, args) => {
    const list = lists.find(([name]) => (name === 'hash' ? flags.string(name) !== '' : flags.bool(name)));
    await (list?.[1] ?? printConfig)(compose, flags, args);
    return undefined;
  }),
};

const loadOptions = (flags: FlagSet): Partial<LoadOptions> => ({
  noInterpolate: flags.bool('no-interpolate'),
  noNormalize: flags.bool('no-normalize'),
  noConsistency: flags.bool('no-consistency'),
  noPathResolution: flags.bool('no-path-resolution'),
  noEnvResolution: flags.bool('no-env-resolution'),
});

const read = (compose: Compose, flags: FlagSet, services: string[] = [], more = {}): Promise<LoadedProject> =>
  compose.load(services, { ...loadOptions(flags), ...more });

const printLines = ({ cli }: Compose, lines: string[]): Promise<void> =>
  cli.out(lines.map((line) => `${line}\n`).join(''));

async function printConfig(compose: Compose, flags: FlagSet, services: string[]): Promise<void> {
  for (const name of ['resolve-image-digests', 'lock-image-digests'])
    if (flags.bool(name)) throw new StatusError(1, `drydock: docker compose config --${name} is not simulated`);
  const text = await rendered(compose, flags, services);
  if (flags.bool('quiet')) return undefined;
  const output = flags.string('output');
  if (!output) return compose.cli.out(text);
  return compose.cli.host.files.writeFile(output, textContent(text));
}

async function rendered(compose: Compose, flags: FlagSet, services: string[]): Promise<string> {
  const format = flags.string('format') || 'yaml';
  const form = format === 'yaml' || format === 'json' ? format : undefined;
  const unsupported = () => new StatusError(1, `unsupported format ${JSON.stringify(format)}`);
  if (flags.bool('no-interpolate')) {
    const { model } = await compose.loadTree(loadOptions(flags));
    if (!form) throw unsupported();
    return printTree(model, form);
  }
  const { project } = await read(compose, flags, services);
  if (!flags.bool('no-consistency')) checkContainerNames(project);
  if (!form) throw unsupported();
  // What is read again must not be interpolated again.
  return printProject(project, form).replaceAll('$', '$$$$');
}

async function printServices(compose: Compose, flags: FlagSet): Promise<void> {
  if (flags.bool('no-interpolate')) {
    const { services } = (await compose.loadTree(loadOptions(flags))).model;
    return printLines(compose, Object.keys(services ?? {}).sort());
  }
  const { project } = await read(compose, flags, [], { noEnvResolution: true });
  return printLines(compose, dependenciesFirst(project));
}

function dependenciesFirst({ services }: Project): string[] {
  const names = new Set<string>();
  const visit = (name: string) => {
    for (const other of Object.keys(services[name]?.depends_on ?? {}).sort()) if (!names.has(other)) visit(other);
    if (services[name]) names.add(name);
  };
  Object.keys(services).forEach(visit);
  return [...names];
}

async function printHashes(compose: Compose, flags: FlagSet): Promise<void> {
  const { project, disabled } = await read(compose, flags, [], { noEnvResolution: true });
  const asked = flags.string('hash');
  const names = asked === '*' ? Object.keys(project.services) : asked.split(',').sort();
  for (const name of names) {
    const service = project.services[name];
    if (!service) throw new StatusError(1, `no such service: ${name}: ${disabled[name] ? 'disabled' : 'not found'}`);
    await printLines(compose, [`${name} ${serviceHash(service)}`]);
  }
}

async function printProfiles(compose: Compose, flags: FlagSet, args: string[]): Promise<void> {
  const { project, disabled } = await read(compose, flags, args, { noEnvResolution: true });
  const all = [...Object.values(project.services), ...Object.values(disabled)].flatMap(({ profiles = [] }) => profiles);
  return printLines(compose, [...new Set(all)].sort());
}

async function printImages(compose: Compose, flags: FlagSet, args: string[]): Promise<void> {
  const { project } = await read(compose, flags, args, { noEnvResolution: true });
  const image = ([name, service]: [string, Service]) => service.image ?? `${project.name}${compose.separator}${name}`;
  return printLines(compose, Object.entries(project.services).map(image));
}

async function printVariables(compose: Compose, flags: FlagSet): Promise<void> {
  const { model } = await compose.loadTree({ ...loadOptions(flags), noInterpolate: true });
  const variables = [...variablesIn(model).values()];
  const format = flags.string('format');
  if (format === 'yaml' || format === 'json') return compose.cli.out(variablesAs(variables, format));
  return printSection(compose, format, {
    json: [],
    headers: ['NAME', 'REQUIRED', 'DEFAULT VALUE', 'ALTERNATE VALUE'],
    rows: variables.map((one) => [one.name, String(one.required), one.defaultValue, one.presenceValue]),
  });
}

async function printEnvironment(compose: Compose, flags: FlagSet, args: string[]): Promise<void> {
  const { environment } = await read(compose, flags, args);
  return printLines(
    compose,
    Object.entries(environment)
      .map(([key, value]) => `${key}=${value}`)
      .sort(),
  );
}
