import { type ByteReader, joinBytes, walkTar } from '../archive/index.ts';

/** What one layer's tar tells of packages. */
export interface LayerFiles {
  /** Path without a leading slash -> bytes. */
  files: Map<string, Uint8Array>;
  /** Paths that it removes from below, whole trees. */
  removed: string[];
  /** Directories whose content below it hides. */
  opaque: string[];
}

/** Files that tell of packages: of dpkg, apk, rpm, npm, Python, and which system it is. */
const telling =
  /^(?:var\/lib\/dpkg\/(?:status|status\.d\/[^/]+)|lib\/apk\/db\/installed|var\/lib\/rpm\/Packages|(?:etc|usr\/lib)\/os-release)$|(?:^|\/)package\.json$|\.(?:dist-info\/METADATA|egg-info\/PKG-INFO)$/;

/** Interpreters that no package manager knows: only that they are there counts. */
export const runtimes: Readonly<Record<string, string>> = { node: 'NODE_VERSION', python3: 'PYTHON_VERSION' };
const runtime = new RegExp(`(?:^|/)bin/(?:${Object.keys(runtimes).join('|')})$`);

/** Nobody describes a package with more. */
const largestFile = 32 << 20;

export async function layerFiles(tar: ByteReader): Promise<LayerFiles> {
  const found: LayerFiles = { files: new Map(), removed: [], opaque: [] };
  for await (const { entry, size, body } of walkTar(tar)) {
    const path = entry.name.replace(/^(?:\.?\/)+/, '').replace(/\/$/, '');
    const at = path.lastIndexOf('/') + 1;
    const [directory, base] = [path.slice(0, at), path.slice(at)];
    if (base === '.wh..wh..opq') found.opaque.push(directory);
    else if (base.startsWith('.wh.')) found.removed.push(directory + base.slice('.wh.'.length));
    else if (runtime.test(path)) found.files.set(path, new Uint8Array(0));
    else if (entry.type === 'file' && telling.test(path) && size <= largestFile)
      found.files.set(path, joinBytes(await body.take(size)));
  }
  return found;
}
