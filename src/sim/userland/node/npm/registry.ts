/** Packuments and tarballs: from the registry, or from the cache that npm keeps in ~/.npm. */
import { sha512 } from '@noble/hashes/sha2.js';
import { base64, type Content, contentBytes, contentText, textContent } from '../../../../spec/index.ts';
import type { Sys } from '../../../kernel/sys.ts';
import { FetchError, type Fetched, httpGet } from '../../packages/http-get.ts';
import { makeDirectories, readContent, writeContent } from '../../packages/sys-files.ts';
import { NpmProblem, notInRegistry, unreachable } from './problem.ts';

export interface VersionManifest {
  name: string;
  version: string;
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
  peerDependenciesMeta?: Record<string, { optional?: boolean }>;
  bin?: string | Record<string, string>;
  engines?: Record<string, string>;
  license?: string;
  funding?: unknown;
  deprecated?: string;
  hasInstallScript?: boolean;
  dist: { tarball: string; integrity: string };
}

export interface Packument {
  'dist-tags': Record<string, string>;
  versions: Record<string, VersionManifest>;
}

/** As the registry's bulk endpoint tells them. */
export interface Advisory {
  id: string | number;
  url: string;
  title: string;
  severity: string;
  vulnerable_versions: string;
}

export class Registry {
  private readonly known = new Map<string, Promise<Packument>>();
  readonly base: string;
  private readonly cache: string;

  constructor(private readonly sys: Sys) {
    this.base = (sys.env.npm_config_registry ?? 'https://registry.npmjs.org').replace(/\/$/, '');
    this.cache = `${sys.env.npm_config_cache ?? `${sys.env.HOME ?? '/root'}/.npm`}/_cacache/content-v2/sha512`;
  }

  packument(name: string, spec: string): Promise<Packument> {
    let found = this.known.get(name);
    if (!found) {
      found = this.fetchPackument(name, spec);
      this.known.set(name, found);
    }
    return found;
  }

  /** By name; of the versions named. A registry that does not answer that knows of none. */
  async advisories(versions: Readonly<Record<string, string[]>>): Promise<Record<string, Advisory[]>> {
    const url = `${this.base}/-/npm/v1/security/advisories/bulk`;
    const sent = textContent(JSON.stringify(versions));
    const { status, body } = await httpGet(this.sys, url, [['Content-Type', 'application/json']], sent);
    return status === 200 ? (JSON.parse(contentText(body)) as Record<string, Advisory[]>) : {};
  }

  private async fetchPackument(name: string, spec: string): Promise<Packument> {
    const url = `${this.base}/${name.replace('/', '%2f')}`;
    const { status, body } = await this.get(url);
    if (status === 404) throw notInRegistry(url, `${name}@${spec || '*'}`);
    if (status !== 200) throw new NpmProblem([`code E${status}`, `${status} ${contentText(body)} - GET ${url}`]);
    return JSON.parse(contentText(body)) as Packument;
  }

  private async get(url: string): Promise<Fetched> {
    try {
      return await httpGet(this.sys, url, [['Accept', '*/*']]);
    } catch (error) {
      if (error instanceof FetchError) throw unreachable(url, error.failure);
      throw error;
    }
  }

  /** Checked against what the lock file says. */
  async tarball(url: string, integrity: string): Promise<Content> {
    const path = this.cachePath(integrity);
    const cached = readContent(this.sys, path);
    if (cached) return cached;
    const { status, body } = await this.get(url);
    if (status !== 200) throw new NpmProblem([`code E${status}`, `${status} Not Found - GET ${url}`]);
    const found = `sha512-${base64(sha512(contentBytes(body)))}`;
    if (found !== integrity) {
      throw new NpmProblem([
        'code EINTEGRITY',
        `sha512 integrity checksum failed when using sha512: wanted ${integrity} but got ${found}. (${body.size} bytes)`,
      ]);
    }
    makeDirectories(this.sys, path.slice(0, path.lastIndexOf('/')));
    writeContent(this.sys, path, body);
    return body;
  }

  private cachePath(integrity: string): string {
    const hex = [...atob(integrity.replace('sha512-', ''))]
      .map((c) => c.charCodeAt(0).toString(16).padStart(2, '0'))
      .join('');
    return `${this.cache}/${hex.slice(0, 2)}/${hex.slice(2, 4)}/${hex.slice(4)}`;
  }
}
