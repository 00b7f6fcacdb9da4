import { type Content, contentText, type Descriptor, type Platform, textContent } from '../../../spec/index.ts';
import type { DockerCli } from '../../docker-cli.ts';
import { StatusError } from '../command.ts';

/** What the client keeps of one image of a list (cli/manifest/types ImageManifest). */
export interface ImageManifest {
  /** In full: `docker.io/library/busybox:latest`. */
  Ref: string;
  Descriptor: Descriptor & { platform?: Platform };
  /** The manifest's own bytes, base64. */
  Raw: string;
  SchemaV2Manifest?: unknown;
  OCIManifest?: unknown;
}

/** The lists that were made and not yet pushed: `~/.docker/manifests/<list>/<image>`, a JSON file each. */
export class ManifestStore {
  private readonly root: string;
  constructor(private readonly cli: DockerCli) {
    this.root = `${cli.config.directory}/manifests`;
  }

  /** The images of a list, by their file names; undefined when there is no such list. */
  list(list: string): ImageManifest[] | undefined {
    const directory = this.directory(list);
    if (!this.files.stat(directory)) return undefined;
    return this.files.readdir(directory).map((name) => this.read(`${directory}/${name}`));
  }

  get(list: string, image: string): ImageManifest | undefined {
    const path = `${this.directory(list)}/${safeName(image)}`;
    return this.files.stat(path) ? this.read(path) : undefined;
  }

  save(list: string, image: string, manifest: ImageManifest): void {
    for (const path of [this.cli.config.directory, this.root, this.directory(list)])
      if (!this.files.stat(path)) this.files.mkdir(path, 0o755);
    this.files.writeFile(`${this.directory(list)}/${safeName(image)}`, textContent(JSON.stringify(manifest)), 0o644);
  }

  remove(list: string): void {
    const directory = this.directory(list);
    for (const name of this.files.readdir(directory)) this.files.remove(`${directory}/${name}`);
    this.files.remove(directory);
  }

  private get files() {
    return this.cli.host.files;
  }
  private directory(list: string): string {
    return `${this.root}/${safeName(list)}`;
  }
  private read(path: string): ImageManifest {
    const content: Content = this.files.content(path);
    return JSON.parse(contentText(content)) as ImageManifest;
  }
}

const safeName = (reference: string): string => reference.replaceAll(':', '-').replaceAll('/', '_');

export const noSuchManifest = (reference: string): StatusError => new StatusError(1, `No such manifest: ${reference}`);
