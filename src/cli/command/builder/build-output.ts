/** `docker build --output`: what of a build goes to the client instead of into the image store (buildx, util/buildflags/export.go). */
import { readTar } from '../../../archive/index.ts';
import { BytesContent, fromBase64, isErrno, type JsonMessage } from '../../../spec/index.ts';
import type { DockerCli } from '../../docker-cli.ts';
import { StatusError } from '../command.ts';
import { extract } from '../container/cp.ts';
import { joinPath } from '../container/mount-option.ts';

export interface BuildOutput {
  type: 'local' | 'tar';
  /** Absolute path; '-' is standard output. */
  destination: string;
}

type Message = JsonMessage & { id?: string; aux?: unknown };

const failed = (text: string): StatusError => new StatusError(1, `ERROR: ${text}`);

const notSupported = (feature: string): StatusError =>
  failed(
    `failed to build: ${feature} is not supported for the docker driver.\nSwitch to a different driver, or turn on the containerd image store, and try again.\nLearn more at https://docs.docker.com/go/build-exporters/`,
  );

/** Undefined: into the image store, as without. Throws what buildx says. */
export async function readOutput(cli: DockerCli, specs: readonly string[]): Promise<BuildOutput | undefined> {
  if (specs.length > 1) throw new StatusError(1, 'drydock: build with more than one --output is not simulated');
  const [spec] = specs;
  if (spec === undefined) return undefined;
  const { type, dest, ...attributes } = fields(spec);
  if (type === undefined) throw failed('failed to build: type is required for output');
  switch (type) {
    case 'image':
    case 'docker':
      if (/^(true|1)$/.test(attributes.push ?? ''))
        throw new StatusError(1, 'drydock: build --output with push is not simulated');
      if (attributes.name !== undefined) throw new StatusError(1, 'drydock: build --output with name is not simulated');
      if (type === 'docker' && dest !== undefined) throw notSupported('Docker exporter');
      return undefined;
    case 'local':
      return { type, destination: directory(cli, dest) };
    case 'tar':
      return { type, destination: await file(cli, dest ?? '-') };
    case 'oci':
      throw notSupported('OCI exporter');
    case 'registry':
    case 'cacheonly':
      throw new StatusError(1, `drydock: build --output type=${type} is not simulated`);
    default:
      throw failed(`failed to build: failed to solve: exporter "${type}" could not be found`);
  }
}

/** `DIR`, `-`, or fields. */
function fields(spec: string): Record<string, string> {
  if (spec === '-') return { type: 'tar', dest: '-' };
  const parts = spec.split(',');
  if (parts.length === 1 && !spec.startsWith('type=')) return { type: 'local', dest: spec };
  return Object.fromEntries(
    parts.map((part) => {
      const at = part.indexOf('=');
      if (at < 0) throw failed(`invalid value ${part}`);
      return [part.slice(0, at).trim().toLowerCase(), part.slice(at + 1)];
    }),
  );
}

function directory(cli: DockerCli, dest: string | undefined): string {
  if (!dest) throw failed('failed to build: dest is required for local exporter');
  if (dest === '-') throw failed('failed to build: dest cannot be stdout for local exporter');
  const path = joinPath(cli.host.cwd, dest);
  const there = cli.host.files.stat(path);
  if (there && there.type !== 'directory') throw failed(`failed to build: destination directory "${dest}" is a file`);
  return path;
}

async function file(cli: DockerCli, dest: string): Promise<string> {
  if (dest === '-') {
    if (cli.host.stdout.isTty)
      throw failed('failed to build: dest file is required for tar exporter. refusing to write to console');
    return '-';
  }
  const path = joinPath(cli.host.cwd, dest);
  if (cli.host.files.stat(path)?.type === 'directory')
    throw failed(`failed to build: destination file "${dest}" is a directory`);
  return path;
}

/** The parts of the tar that the daemon sends, and where they end up. */
export class Receiver {
  private readonly parts: Uint8Array[] = [];

  /** The build's messages without those that carry it. */
  async *from(messages: AsyncIterable<Message>): AsyncGenerator<Message> {
    for await (const message of messages) {
      if (message.id === 'moby.buildkit.export') this.parts.push(fromBase64((message.aux as { data: string }).data));
      else yield message;
    }
  }

  async write(cli: DockerCli, { type, destination }: BuildOutput): Promise<void> {
    const bytes = new Uint8Array(this.parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of this.parts) {
      bytes.set(part, at);
      at += part.length;
    }
    const content = new BytesContent(bytes);
    if (type === 'local') {
      makeDirectories(cli, destination);
      for (const entry of readTar(content))
        extract(cli, entry, destination, (name) => joinPath('/', `${destination}/${name}`));
    } else if (destination === '-') await cli.host.stdout.write(bytes);
    else cli.host.files.writeFile(destination, content, 0o644);
  }
}

function makeDirectories(cli: DockerCli, path: string): void {
  const above = path.slice(0, path.lastIndexOf('/'));
  if (cli.host.files.stat(path)) return;
  if (above) makeDirectories(cli, above);
  try {
    cli.host.files.mkdir(path, 0o755);
  } catch (error) {
    if (!isErrno(error, 'EEXIST')) throw error;
  }
}
