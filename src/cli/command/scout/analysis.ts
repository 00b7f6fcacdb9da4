import { type Package, purlOf } from '../../../sbom/index.ts';
import { type Finding, textContent } from '../../../spec/index.ts';
import { hubServer } from '../../config-file.ts';
import type { DockerCli } from '../../docker-cli.ts';
import type { FlagSet } from '../../flag/index.ts';
import { StatusError } from '../command.ts';
import { type Artifact, openArtifact } from './artifact.ts';
import { type HubImage, ScoutService } from './service.ts';

/** A package with what is wrong with it. */
export interface Vulnerable {
  package: Package;
  purl: string;
  findings: Finding[];
  /** Whether the base image brought it. */
  inBase: boolean;
}

export interface Analysis {
  service: ScoutService;
  artifact: Artifact;
  vulnerable: Vulnerable[];
  base: HubImage | undefined;
}

/** Scout works for users of Docker Hub alone. */
export function requireLogin(cli: DockerCli): void {
  const { DOCKER_SCOUT_HUB_USER: user, DOCKER_SCOUT_HUB_PASSWORD: password } = cli.host.env;
  if (cli.config.credentials(hubServer) || (user && password)) return;
  throw new StatusError(
    1,
    `Log in with your Docker ID or email address to use docker scout.

If you don't have a Docker ID, head over to https://hub.docker.com/ to
create one. You can log in with your password or a Personal Access Token (PAT)
by running docker login.
Using a limited-scope PAT grants better security and is required for organizations
using SSO. Learn more at https://docs.docker.com/go/access-tokens/

You can also log in using Docker Desktop.`,
  );
}

/** Lists the packages of what is named, asks what is wrong with them, and finds the base image. */
export async function analyse(cli: DockerCli, flags: FlagSet, [target]: readonly string[]): Promise<Analysis> {
  requireLogin(cli);
  const service = new ScoutService(cli);
  const artifact = await openArtifact(cli, service, target, flags.string('ref'));
  checkPlatform(flags.string('platform'), artifact);
  const base = await baseOf(service, artifact);
  const byPurl = new Map(artifact.packages.map((one) => [purlOf(one), one]));
  const { matched, sources } = await service.vulnerabilities([...byPurl.keys()]);
  const below = new Set(base?.layers);
  const vulnerable = matched.map(({ purl, findings }) => {
    const found = byPurl.get(purl)!;
    return { package: found, purl, findings, inBase: below.has(found.layer) };
  });
  // Of interpreters, only Node.js has advisories here.
  const kinds = new Set(artifact.packages.map(({ type, name }) => (type === 'github' && name !== 'node' ? '' : type)));
  const asked = sources.filter(([type]) => kinds.has(type as never)).map(([, name, date]) => `${name}, ${date}`);
  if (asked.length > 0) await cli.err(`    i Advisories known here (drydock: a selection): ${asked.join('; ')}\n`);
  return { service, artifact, vulnerable, base };
}

/** The image that the provenance names and the layers stand on; without one, what the layers alone tell. */
async function baseOf(service: ScoutService, { attested, layers }: Artifact): Promise<HubImage | undefined> {
  for (const { repository, tag } of attested?.provenance?.materials ?? []) {
    const image = await service.image(repository, tag);
    if (image && image.layers.length < layers.length && image.layers.every((one, at) => one === layers[at]))
      return image;
  }
  return (await service.baseImage(layers)) ?? undefined;
}

function checkPlatform(wanted: string, { platform }: Artifact): void {
  if (wanted && wanted !== platform) throw new StatusError(1, `ERROR   no image found for platform ${wanted}`);
}

/** Says when the base image was told by the layers alone. */
export const noteDetected = (cli: DockerCli, { base, artifact }: Analysis): Promise<void> =>
  base && !artifact.attested?.provenance?.max
    ? cli.err(
        '\n    i Base image was auto-detected. To get more accurate results, build images with max-mode provenance attestations.\n      Review docs.docker.com ↗ for more information.\n',
      )
    : Promise.resolve();

/** Writes the report to stdout, or to the file of `--output`. */
export async function report(cli: DockerCli, flags: FlagSet, text: string): Promise<void> {
  const path = flags.string('output');
  if (!path) return cli.out(text);
  cli.host.files.writeFile(path, textContent(text));
  await cli.err(`    ✓ Report written to ${path}\n`);
}

/** What can be typed next, for who watches. */
export const next = (cli: DockerCli, lines: readonly (readonly [what: string, command: string])[]): Promise<void> =>
  cli.host.stderr.isTty
    ? cli.err(`\nWhat's next:\n${lines.map(([what, command]) => `    ${what} → ${command}\n`).join('')}`)
    : Promise.resolve();
