// Writes what `docker save` would have of a large image: three layers of many files, some of them replaced and deleted
// further up. For the bench; `sparse` makes each layer one file that takes no room on disk.
import { createHash } from 'node:crypto';
import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const block = 512;
const pad = (size) => (block - (size % block)) % block;

/** A ustar header; sizes beyond 8 GiB in base 256, as GNU writes them. */
function header(name, size, type = '0') {
  const bytes = Buffer.alloc(block);
  bytes.write(name, 0, 100);
  bytes.write(type === '5' ? '0000755\0' : '0000644\0', 100);
  bytes.write('0000000\0', 108);
  bytes.write('0000000\0', 116);
  if (size < 8 ** 11) bytes.write(`${size.toString(8).padStart(11, '0')}\0`, 124);
  else {
    bytes[124] = 0x80;
    bytes.writeBigUInt64BE(BigInt(size), 128);
  }
  bytes.write('15000000000\0', 136);
  bytes.write('        ', 148);
  bytes.write(type, 156);
  bytes.write('ustar\x0000', 257);
  const sum = bytes.reduce((total, byte) => total + byte, 0);
  bytes.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return bytes;
}

/** Files of a layer: [name, size]; sizes as they are in images, many small and a few large. */
function layerFiles(layer, bytes) {
  const files = [];
  let left = bytes;
  for (let i = 0; left > 0; i++) {
    const size = Math.min(left, i % 200 === 0 ? 8_000_000 : i % 10 === 0 ? 200_000 : 3_000 + ((i * 7919) % 20_000));
    files.push([`usr/lib/part-${layer}/d${i % 97}/file-${i}`, size]);
    left -= size;
  }
  return files;
}

const layerSize = (files) => files.reduce((sum, [, size]) => sum + block + size + pad(size), 2 * block);

/**
 * `form` is 'plain' (layer.tar), 'gzip' (an OCI layout with compressed layers) or 'sparse'. Answers the size on disk.
 */
export function writeArchive(path, bytes, form = 'plain') {
  const file = openSync(path, 'w');
  const noise = Buffer.alloc(1 << 20);
  // Half of it repeats: it shrinks to about a half.
  for (let i = 0; i < noise.length; i += 64) createHash('sha256').update(`${i}`).digest().copy(noise, i);
  let at = 0;
  const put = (data) => {
    at += writeSync(file, data, 0, data.length, at);
  };
  const putData = (size) => {
    if (form === 'sparse') at += size;
    else
      for (let left = size; left > 0; left -= noise.length) put(left < noise.length ? noise.subarray(0, left) : noise);
    put(Buffer.alloc(pad(size)));
  };
  const layers = [0, 1, 2].map((layer) => {
    const files =
      form === 'sparse' ? [[`sparse-${layer}`, Math.floor(bytes / 3)]] : layerFiles(layer, Math.floor(bytes / 3));
    if (layer === 2) files.push(['usr/lib/part-0/d0/file-0', 1234], ['usr/lib/part-1/.wh.d1', 0]);
    return files;
  });
  const diffIds = layers.map((_, index) => `sha256:${createHash('sha256').update(`layer ${index}`).digest('hex')}`);
  const config = Buffer.from(
    JSON.stringify({
      architecture: 'amd64',
      os: 'linux',
      created: '2025-07-01T09:00:00Z',
      config: {},
      history: layers.map((_, index) => ({ created_by: `COPY part-${index} /usr/lib # buildkit` })),
      rootfs: { type: 'layers', diff_ids: diffIds },
    }),
  );
  const name = `${createHash('sha256').update(config).digest('hex')}.json`;
  const paths = layers.map((files, index) => {
    const layerPath = `${index}/layer.tar`;
    if (form === 'gzip') {
      const parts = [];
      for (const [entry, size] of files) {
        parts.push(header(entry, size));
        for (let left = size; left > 0; left -= noise.length)
          parts.push(noise.subarray(0, Math.min(left, noise.length)));
        parts.push(Buffer.alloc(pad(size)));
      }
      const packed = gzipSync(Buffer.concat([...parts, Buffer.alloc(2 * block)]), { level: 1 });
      put(header(layerPath, packed.length));
      put(packed);
      put(Buffer.alloc(pad(packed.length)));
      return layerPath;
    }
    put(header(layerPath, layerSize(files)));
    for (const [entry, size] of files) {
      put(header(entry, size));
      putData(size);
    }
    put(Buffer.alloc(2 * block));
    return layerPath;
  });
  put(header(name, config.length));
  put(config);
  put(Buffer.alloc(pad(config.length)));
  const manifest = Buffer.from(JSON.stringify([{ Config: name, RepoTags: ['bench/large:1'], Layers: paths }]));
  put(header('manifest.json', manifest.length));
  put(manifest);
  put(Buffer.alloc(pad(manifest.length) + 2 * block));
  ftruncateSync(file, at);
  closeSync(file);
  return at;
}
