/** PGlite's files: what is loaded once, and a cluster as initdb leaves it. */
import type { PGlite, PGliteOptions } from '@electric-sql/pglite';
import { gunzip, readTar } from '../../../../archive/index.ts';
import type { Assets } from '../../../../port/index.ts';
import { BytesContent, type Content, contentBytes } from '../../../../spec/index.ts';
import type { Sys } from '../../../kernel/sys.ts';
import { makeDirectories, writeContent } from '../../packages/sys-files.ts';

/** The code of the server, compiled once for all that run. */
export interface ServerCode {
  create(options: PGliteOptions): Promise<PGlite>;
  module: WebAssembly.Module;
  /** Time zones, catalogues, extensions: the tree beside the program. As much of a Blob as is asked for. */
  share: Blob;
}

const once = <T>(load: () => Promise<T>): (() => Promise<T>) => {
  let made: Promise<T> | undefined;
  return () => {
    made ??= load();
    made.catch(() => {
      made = undefined; // A failed load may be tried again.
    });
    return made;
  };
};

export interface PostgresFiles {
  code(): Promise<ServerCode>;
  /** Path in a data directory -> its content; undefined: a directory. Parents come first. */
  cluster(): Promise<ReadonlyMap<string, Content | undefined>>;
}

const loaded = new WeakMap<Assets, PostgresFiles>();

/** The same files for all processes of a world. */
export function postgresFiles(assets: Assets): PostgresFiles {
  let files = loaded.get(assets);
  if (!files) {
    files = { code: once(() => loadCode(assets)), cluster: once(() => loadCluster(assets)) };
    loaded.set(assets, files);
  }
  return files;
}

async function loadCode(assets: Assets): Promise<ServerCode> {
  const [{ PGlite }, module, share] = await Promise.all([
    import('@electric-sql/pglite'),
    assets.load('pglite.wasm').then((bytes) => WebAssembly.compile(bytes)),
    assets.load('pglite.data').then(({ buffer }) => ({ arrayBuffer: async () => buffer }) as Blob),
  ]);
  return { create: (options) => PGlite.create(options), module, share };
}

async function loadCluster(assets: Assets): Promise<Map<string, Content | undefined>> {
  const packed = await assets.load('postgres/cluster.tar.gz');
  const files = new Map<string, Content | undefined>();
  for (const entry of readTar(gunzip(new BytesContent(packed)))) {
    const name = entry.name.replace(/\/$/, '');
    if (entry.type === 'directory') files.set(name, undefined);
    else if (entry.type === 'link') files.set(name, files.get(entry.linkname));
    else files.set(name, new BytesContent(contentBytes(entry.content)));
  }
  return files;
}

/** Puts a cluster into an empty directory: contents go by reference, so it takes no memory until something is written. */
export function placeCluster(sys: Sys, files: ReadonlyMap<string, Content | undefined>, directory: string): void {
  makeDirectories(sys, directory);
  for (const [name, content] of files) {
    if (content) writeContent(sys, `${directory}/${name}`, content, 0o600);
    else sys.mkdir(`${directory}/${name}`, 0o700);
  }
}
