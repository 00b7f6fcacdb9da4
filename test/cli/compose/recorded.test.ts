/**
 * `docker compose` against recordings of the real one (2.26.1) on a real dockerd, made by scripts/record-compose.mjs.
 * Where 2.36.2, which we are, tells something else, that is in {@link newer}.
 */
import { readFileSync } from 'node:fs';
import { beforeAll, expect, it } from 'vitest';
import { createMachine, type Machine } from '../../../src/machine/index.ts';
import { textContent } from '../../../src/spec/index.ts';
import { nodeWorld } from '../../node-world.ts';
import { normal } from './normal.mjs';
import { scenarios } from './scenarios.mjs';

const taken =
  'Error response from daemon: Conflict. The container name "/app-web-1" is already in use by container "ID". You have to remove (or rename) that container to be able to reuse that name.\n';
const orphan =
  'time=T level=warning msg="Found orphan containers ([kept]) for this project. If you removed or renamed this service in your compose file, you can run this command with the --remove-orphans flag to clean it up."\n';
const recreated = (name: string): string =>
  ['Recreate', 'Recreated', 'Starting', 'Started'].map((state) => ` Container app-${name}-1  ${state}\n`).join('');

interface Outcome {
  step: string;
  stdout: string;
  stderr: string;
  status: number;
}

/** What 2.36.2 says instead, by its source; steps by scenario and their own text. */
const newer: Record<string, Record<string, Partial<Outcome>>> = {
  errors: {
    'docker compose up -d --abort-on-container-exit': {
      stderr:
        '--detach cannot be combined with --abort-on-container-exit, --abort-on-container-failure, --attach, --attach-dependencies or --watch\n',
    },
  },
  files: {
    'docker compose up -d 2>&1 | tail -n 1': {
      stdout: 'environment variable "TYPED" required by secret "app_typed" is not set\n',
    },
  },
  // A column for the service; processes of all containers in one table.
  queries: { "docker compose top web | sed 's/ .*//'": { stdout: 'SERVICE\nweb\n' } },
  recreate: {
    // New anonymous volumes make every container anew; what depends on a container made anew is left alone.
    'docker compose up -d -V': {
      stderr: ['db', 'web'].map((name) => recreated(name)).join(''),
    },
    'docker compose up -d --always-recreate-deps web': { stderr: `${recreated('db')} Container app-web-1  Running\n` },
  },
  resources: {
    'docker compose up -d': {
      stderr:
        ' Network app_back  Creating\n Network app_back  Created\nnetwork outside declared as external, but could not be found\n',
    },
    'docker network create app_default >/dev/null; docker compose -f plain.yaml up -d': {
      stderr:
        'time=T level=warning msg="a network with name app_default exists but was not created by compose.\\nSet `external: true` to use an existing network"\nnetwork app_default was found but has incorrect label com.docker.compose.network set to "" (expected: "default")\n',
    },
    // The failure is shown with its container, too.
    'docker run -d --name app-web-1 busybox true >/dev/null; docker compose -f plain.yaml up -d 2>&1 | sed "s/[0-9a-f]\\{64\\}/ID/"':
      {
        stdout: ` Container app-web-1  Creating\n Container app-web-1  ${taken} Network app_default  Creating\n Network app_default  Created\n Volume "app_data"  Creating\n Volume "app_data"  Created\n${taken}`,
      },
  },
  scale: {
    'docker compose up -d --no-deps --scale named=2 named': {
      stderr:
        'WARNING: The "named" service is using the custom container name "mine". Docker requires each container to have a unique name. Remove the custom name to scale the service\n',
    },
  },
  // A container of `run` that ended is an orphan.
  'run-exec': {
    'docker compose run -d --name away db | wc -c': { stderr: orphan },
    'docker compose run --rm -T web nosuch': {
      stderr: `${orphan} Container app-db-1  Running\nError response from daemon: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: "nosuch": executable file not found in $PATH: unknown\n`,
    },
    'docker compose up -d web': {
      stderr: `${orphan} Container app-db-1  Running\n${['Creating', 'Created', 'Starting', 'Started'].map((state) => ` Container app-web-1  ${state}\n`).join('')}`,
    },
    'docker compose down --remove-orphans': {
      stderr: `${['app-db-1', 'app-web-1', 'away', 'kept'].flatMap((name) => ['Stopping', 'Stopped', 'Removing', 'Removed'].map((state) => ` Container ${name}  ${state}\n`)).join('')} Container kept  Stopping\n Container kept  Error while Stopping\n Container kept  Removed\n Network app_default  Removing\n Network app_default  Removed\n`,
    },
  },
};

let machine: Machine;
const home = '/root/app';

async function bash(line: string): Promise<Omit<Outcome, 'step'>> {
  const told = { stdout: '', stderr: '' };
  const into = (name: 'stdout' | 'stderr') => (bytes: Uint8Array) => {
    told[name] += new TextDecoder().decode(bytes);
  };
  const { code: status = -1 } = await machine.execute(['/bin/bash', '-c', line], {
    stdout: into('stdout'),
    stderr: into('stderr'),
  });
  return { ...told, status };
}

beforeAll(async () => {
  machine = await createMachine({ ...nodeWorld, pace: 'skip' });
  await bash('docker pull -q busybox');
}, 60_000);

const directory = new URL('./recorded/', import.meta.url);
for (const { name, files } of scenarios) {
  it(name, async () => {
    const old = JSON.parse(readFileSync(new URL(`${name}.json`, directory), 'utf8')) as Outcome[];
    const recorded = old.map((one) => ({ ...one, ...newer[name]?.[one.step] }));
    await bash(`rm -rf ${home}; mkdir -p ${home}`);
    for (const [path, text] of Object.entries(files)) {
      const parent = `${home}/${path}`.replace(/\/[^/]*$/, '');
      await bash(`mkdir -p ${parent}`);
      machine.writeFile(`${home}/${path}`, textContent(text));
    }
    const ours: Outcome[] = [];
    for (const { step } of recorded) ours.push({ step, ...(await bash(`cd ${home} && ${step}`)) });
    if (process.env.SHOW) show(ours, recorded);
    const shown = (all: Outcome[]) =>
      all.map((one) => ({
        ...one,
        stdout: normal(one.stdout),
        stderr: normal(one.stderr),
        // Until 2.27 it told kinds of errors apart.
        status: [14, 15, 16].includes(one.status) ? 1 : one.status,
      }));
    expect(shown(ours)).toEqual(shown(recorded));
  });
}

/** `SHOW=1`: what differs, step by step. */
function show(ours: Outcome[], recorded: Outcome[]): void {
  ours.forEach((mine, index) => {
    for (const key of ['status', 'stdout', 'stderr'] as const)
      if (normal(`${mine[key]}`) !== normal(`${recorded[index]![key]}`))
        console.log(
          `${mine.step}\n  ${key}\n--- real\n${normal(`${recorded[index]![key]}`)}\n+++ ours\n${normal(`${mine[key]}`)}`,
        );
  });
}
