/** A zip file's folder, as files; its one top folder, if it has one, is left out of the paths. */
import { unzip } from 'fflate';
import type { FolderFile } from './drop.ts';

const most = { bytes: 64 << 20, files: 5_000 };

export async function unzipFolder(zip: File): Promise<{ name: string; files: FolderFile[] }> {
  const packed = new Uint8Array(await zip.slice(0, most.bytes).arrayBuffer());
  let [bytes, count] = [0, 0];
  const unpacked = await new Promise<Record<string, Uint8Array>>((resolve, reject) => {
    // What it says it will be large as, before anything is unpacked.
    const filter = ({ originalSize }: { originalSize: number }) =>
      ++count <= most.files && (bytes += originalSize) <= most.bytes;
    unzip(packed, { filter }, (error, files) => (error ? reject(error) : resolve(files)));
  });
  const paths = Object.keys(unpacked).filter((path) => !path.endsWith('/') && !path.startsWith('__MACOSX/'));
  const top = paths[0]?.split('/')[0] ?? '';
  const shared = paths.every((path) => path.startsWith(`${top}/`)) ? `${top}/` : '';
  const name = shared ? top : zip.name.replace(/\.zip$/i, '');
  const files = paths
    .filter((path) => !path.split('/').includes('..'))
    .map((path) => ({
      path: path.slice(shared.length),
      file: new File([unpacked[path]!.slice()], path.slice(path.lastIndexOf('/') + 1)),
    }));
  return { name, files };
}
