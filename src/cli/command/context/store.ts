import { contentText, textContent } from '../../../spec/index.ts';
import type { DockerCli } from '../../docker-cli.ts';
import { StatusError } from '../command.ts';

/** A context as its meta.json holds it. */
export interface ContextMeta {
  Name: string;
  Metadata: { Description?: string };
  Endpoints: { docker?: { Host: string; SkipTLSVerify: boolean } };
}

export const defaultName = 'default';
export const defaultDescription = 'Current DOCKER_HOST based configuration';

/** `~/.docker/contexts`: a folder each, named by the sha256 of its context's name (cli/context/store). */
export class ContextStore {
  constructor(private readonly cli: DockerCli) {}

  private get root(): string {
    return `${this.cli.config.directory}/contexts`;
  }
  metaPath(name: string): string {
    return this.cli.config.contextFile(name).replace(/\/meta\.json$/, '');
  }
  tlsPath(name: string): string {
    return this.metaPath(name).replace('/contexts/meta/', '/contexts/tls/');
  }

  list(): ContextMeta[] {
    const { files } = this.cli.host;
    const root = `${this.root}/meta`;
    if (!files.stat(root)) return [];
    return files.readdir(root).map((id) => whole(contentText(files.content(`${root}/${id}/meta.json`))));
  }
  has(name: string): boolean {
    return this.cli.host.files.stat(this.cli.config.contextFile(name)) !== undefined;
  }
  read(name: string): ContextMeta {
    const path = this.cli.config.contextFile(name);
    if (!this.has(name)) {
      throw new StatusError(1, `context "${name}": context not found: open ${path}: no such file or directory`);
    }
    return whole(contentText(this.cli.host.files.content(path)));
  }
  /** What `default` stands for now. */
  current(): ContextMeta {
    const Host = this.cli.contextName === defaultName ? this.cli.endpoint : 'unix:///var/run/docker.sock';
    return { Name: defaultName, Metadata: {}, Endpoints: { docker: { Host, SkipTLSVerify: false } } };
  }
  find(name: string): ContextMeta {
    return name === defaultName ? this.current() : this.read(name);
  }

  write(meta: ContextMeta): void {
    const { files } = this.cli.host;
    const { directory } = this.cli.config;
    for (const path of [directory, this.root, `${this.root}/meta`, this.metaPath(meta.Name)]) {
      if (!files.stat(path)) files.mkdir(path, 0o755);
    }
    files.writeFile(this.cli.config.contextFile(meta.Name), textContent(JSON.stringify(meta)), 0o644);
  }
  remove(name: string): void {
    this.cli.host.files.remove(this.cli.config.contextFile(name));
    this.cli.host.files.remove(this.metaPath(name));
  }

  checkName(name: string): void {
    if (name === '') throw new StatusError(1, 'context name cannot be empty');
    if (name === defaultName) throw new StatusError(1, `"${name}" is a reserved context name`);
    const form = '^[a-zA-Z0-9][a-zA-Z0-9_.+-]+$';
    if (!new RegExp(form).test(name)) {
      throw new StatusError(1, `context name "${name}" is invalid, names are validated against regexp "${form}"`);
    }
  }
  checkNew(name: string): void {
    this.checkName(name);
    if (this.has(name)) throw new StatusError(1, `context "${name}" already exists`);
  }
}

const whole = (text: string): ContextMeta => {
  const meta = JSON.parse(text) as Partial<ContextMeta> & { Name: string };
  return { Name: meta.Name, Metadata: meta.Metadata ?? {}, Endpoints: meta.Endpoints ?? {} };
};
