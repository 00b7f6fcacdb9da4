import type { Package } from '../../../sbom/index.ts';
import {
  bodyText,
  type Digest,
  type IndexedImage,
  jsonBody,
  type Severity,
  type Vulnerabilities,
} from '../../../spec/index.ts';
import type { DockerCli } from '../../docker-cli.ts';
import { StatusError } from '../command.ts';

export type Counts = Record<Severity, number>;

export type HubImage = IndexedImage<Package>;

/** Docker Scout's own service: it knows the advisories, and the images of the Hub. */
export class ScoutService {
  constructor(private readonly cli: DockerCli) {}

  vulnerabilities(purls: readonly string[]): Promise<Vulnerabilities> {
    return this.ask('/v1/vulnerabilities', { purls });
  }
  /** The image of the Hub that these layers stand on. */
  baseImage(layers: readonly Digest[]): Promise<HubImage | null> {
    return this.ask('/v1/base-image', { layers });
  }
  image(repository: string, tag: string): Promise<HubImage | null> {
    return this.ask('/v1/image', { repository, tag });
  }
  /** Every image of a repository, each once. */
  tags(repository: string): Promise<HubImage[]> {
    return this.ask('/v1/tags', { repository });
  }

  private async ask<T>(target: string, question: unknown): Promise<T> {
    const send = this.cli.host.connect(`tcp://${host}:443`);
    const headers: [string, string][] = [
      ['Host', host],
      ['Content-Type', 'application/json'],
    ];
    try {
      const { status, body } = await send({ method: 'POST', target, headers, body: jsonBody(question) });
      if (status !== 200) throw new Error(`unexpected status ${status}`);
      return JSON.parse(await bodyText(body)) as T;
    } catch (error) {
      throw new StatusError(1, `ERROR   Post "https://${host}${target}": ${(error as Error).message}`);
    }
  }
}

const host = 'api.scout.docker.com';
