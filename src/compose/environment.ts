import { parseDotenv, type Variables } from './dotenv.ts';
import { ProjectError, type Service } from './project.ts';
import type { Reading } from './reading.ts';
import type { Lookup } from './template.ts';

type Environment = Readonly<Record<string, string>>;

/** Variables of env files, later files over earlier ones; `environment` wins where a file's variables are expanded. */
export async function readEnvFiles(reading: Reading, paths: string[], environment: Environment): Promise<Variables> {
  const all: Variables = Object.create(null) as Variables;
  for (const path of paths.map((name) => reading.at(name))) {
    const type = reading.type(path);
    if (!type) throw new ProjectError(`couldn't find env file: ${path}`);
    if (type === 'directory') throw new ProjectError(`${path} is a directory`);
    const text = await reading.read(path);
    Object.assign(
      all,
      parsed(text, path, (name) => environment[name] ?? all[name], reading),
    );
  }
  return all;
}

function parsed(text: string, path: string, lookup: Lookup, reading: Reading, into?: Variables): Variables {
  try {
    return parseDotenv(text, lookup, reading.warn, into);
  } catch (error) {
    throw new ProjectError(`failed to read ${path}: ${(error as Error).message}`);
  }
}

/** A service with the variables of its env files under its own. */
export async function withEnvFiles(reading: Reading, service: Service, environment: Environment): Promise<Service> {
  const own = Object.fromEntries(
    Object.entries(service.environment ?? {}).map(([key, value]) => [key, value ?? environment[key] ?? null]),
  );
  const all: Variables = Object.create(null) as Variables;
  for (const [key, value] of Object.entries(own)) if (value !== null) all[key] = value;
  const lookup = (name: string) => environment[name] ?? own[name] ?? undefined;
  for (const { path, required, format } of service.env_file ?? []) {
    if (!reading.type(path)) {
      if (!required) continue;
      throw new ProjectError(`env file ${path} not found: stat ${path}: no such file or directory`);
    }
    if (format) throw new ProjectError(`unsupported env_file format ${JSON.stringify(format)}`);
    parsed(await reading.read(path), path, lookup, reading, all);
  }
  return withKey(service, 'environment', { ...all, ...own }, ['env_file']);
}

/** A service with the labels of its label files under its own. */
export async function withLabelFiles(reading: Reading, service: Service): Promise<Service> {
  const { label_file: files = [] } = service as { label_file?: string[] };
  const labels: Variables = Object.create(null) as Variables;
  for (const path of files) {
    if (!reading.type(path))
      throw new ProjectError(`label file ${path} not found: stat ${path}: no such file or directory`);
    Object.assign(
      labels,
      parsed(await reading.read(path), path, (name) => labels[name], reading),
    );
  }
  return withKey(service, 'labels', { ...labels, ...service.labels }, ['label_file']);
}

const withKey = (
  service: Service,
  key: 'environment' | 'labels',
  value: Record<string, string | null>,
  gone: string[],
): Service => {
  const entries = Object.entries(service).filter(([name]) => name !== key && !gone.includes(name));
  const sorted = Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((name) => [name, value[name]!]),
  );
  if (Object.keys(sorted).length > 0) entries.push([key, sorted]);
  return Object.fromEntries(entries) as unknown as Service;
};
