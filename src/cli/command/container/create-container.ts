import { ApiError } from '../../../api/index.ts';
import {
  BytesContent,
  type ContainerCreateRequest,
  type ContainerCreateResponse,
  parsePlatform,
  parseReference,
  utf8,
} from '../../../spec/index.ts';
import type { DockerCli } from '../../docker-cli.ts';
import type { FlagSet } from '../../flag/index.ts';
import { StatusError } from '../command.ts';
import { refuseContentTrust } from '../content-trust.ts';
import { pullImage } from '../image/pull-image.ts';

/** What `docker: …` errors of run and create look like. */
export const withHelp = (error: Error, command: string): StatusError =>
  new StatusError(125, `docker: ${error.message}\n\nRun 'docker ${command} --help' for more information`);

/** `--pull` and the config are checked before the daemon is asked. */
export function checkPull(flags: FlagSet): void {
  const pull = flags.string('pull');
  if (pull !== '' && !['always', 'missing', 'never'].includes(pull)) {
    throw new Error(`invalid pull option: '${pull}': must be one of "always", "missing" or "never"`);
  }
}

/** Creates, pulling the image when the daemon lacks it and `--pull` allows. Gives the id. */
export async function createContainer(
  cli: DockerCli,
  flags: FlagSet,
  request: ContainerCreateRequest,
): Promise<string> {
  if (flags.bool('use-api-socket')) throw new Error('drydock: --use-api-socket is not simulated');
  refuseContentTrust(cli, flags);
  const cidFile = flags.string('cidfile');
  if (cidFile && cli.host.files.stat(cidFile)) {
    throw new StatusError(
      125,
      `container ID file found, make sure the other container isn't running or delete ${cidFile}`,
    );
  }
  const folder = cidFile.slice(0, Math.max(0, cidFile.lastIndexOf('/')));
  if (folder && !cli.host.files.stat(folder)) {
    throw new Error(`failed to create the container ID file: open ${cidFile}: no such file or directory`);
  }
  if (!/^[0-9a-f]{64}$/.test(request.Image ?? '')) parseReference(request.Image ?? '');
  await checkMac(cli, flags);
  const platform = givenPlatform(flags);
  const pull = flags.string('pull');
  const fetchImage = (): Promise<void> =>
    pullImage(cli, request.Image!, { platform, quiet: flags.bool('quiet'), toStderr: true });
  if (pull === 'always') await fetchImage();
  const create = (): Promise<ContainerCreateResponse> =>
    cli.client.json('POST', '/containers/create', {
      query: { name: flags.string('name') || undefined, platform },
      json: request,
    });
  let created: ContainerCreateResponse;
  try {
    created = await create();
  } catch (error) {
    // Whatever else is not found, an image is fetched for it (runContainer asks for the status only).
    const missing = error instanceof ApiError && error.status === 404;
    if (!missing || pull === 'never') throw error;
    if (!flags.bool('quiet')) await cli.err(`Unable to find image '${tagged(request.Image!)}' locally\n`);
    await fetchImage();
    created = await create();
  }
  for (const warning of created.Warnings ?? []) await cli.err(`WARNING: ${warning}\n`);
  if (cidFile) cli.host.files.writeFile(cidFile, new BytesContent(utf8(created.Id)), 0o666 & ~0o22);
  return created.Id;
}

function givenPlatform(flags: FlagSet): string | undefined {
  const text = flags.string('platform');
  if (!text) return undefined;
  try {
    const { os, architecture, variant } = parsePlatform(text);
    return [os, architecture, variant].filter(Boolean).join('/');
  } catch (error) {
    throw new Error(`error parsing specified platform: ${(error as Error).message}`);
  }
}

/** The client puts the address into the endpoint, which a daemon knows since 1.44. */
async function checkMac(cli: DockerCli, flags: FlagSet): Promise<void> {
  if (!flags.string('mac-address')) return;
  const { apiVersion } = await cli.client.ping();
  if (Number(apiVersion.split('.')[1]) < 44) {
    throw new Error(
      `"specify mac-address per network" requires API version 1.44, but the Docker daemon API version is ${apiVersion}`,
    );
  }
}

/** The image's name with its tag, as the user would write it. */
export function tagged(image: string): string {
  const last = image.slice(image.lastIndexOf('/') + 1);
  return last.includes(':') || last.includes('@') ? image : `${image}:latest`;
}
