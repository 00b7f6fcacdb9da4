// Writes what `docker save` would have of a large image: layers of many files, some of them replaced and deleted further
// up. For the bench; `sparse` makes each layer one file that takes no room on disk.
import { createHash } from 'node:crypto';
import {
  closeSync,
  createWriteStream,
  ftruncateSync,
  openSync,
  readdirSync,
  readSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip, gzipSync } from 'node:zlib';

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

/** As the layers of python:3.12 share its size: one is more than half of it. */
const shares = [0.128, 0.063, 0.17, 0.557, 0.016, 0.066];

/** Files of this machine's /usr, over and over: what is packed has to be as hard to unpack as what images hold. */
function* usrFiles() {
  for (let round = 0; ; round++) {
    const directories = ['/usr'];
    for (let at = directories.pop(); at; at = directories.pop()) {
      const entries = readdirSync(at, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
      for (const entry of entries) {
        const path = join(at, entry.name);
        if (entry.isDirectory()) directories.push(path);
        else if (entry.isFile()) yield { path, name: `${round}${path}`, size: statSync(path).size };
      }
    }
  }
}

/** A layer's tar of about as many bytes, piece by piece. */
function* usrLayer(files, bytes, index, last) {
  const buffer = Buffer.alloc(1 << 20);
  for (let left = bytes; left > 0; ) {
    const { path, name, size } = files.next().value;
    const cut = Math.min(size, left);
    yield header(name.length < 100 ? name : `long/${index}/${bytes - left}`, cut);
    const file = openSync(path, 'r');
    for (let at = 0; at < cut; ) {
      const got = readSync(file, buffer, 0, Math.min(buffer.length, cut - at), at);
      if (got === 0) throw new Error(`${path} has become shorter`);
      yield Buffer.from(buffer.subarray(0, got));
      at += got;
    }
    closeSync(file);
    yield Buffer.alloc(pad(cut));
    left -= block + cut + pad(cut);
  }
  if (last) yield header('0/usr/.wh.bin', 0);
  yield Buffer.alloc(2 * block);
}

/** At the level that containerd and Go pack with. Answers the bytes before packing. */
async function packLayers(bytes, paths) {
  const files = usrFiles();
  const sizes = shares.map((share) => Math.floor(bytes * share));
  let plain = 0;
  async function* counted(pieces) {
    for (const piece of pieces) {
      plain += piece.length;
      yield piece;
    }
  }
  await Promise.all(
    paths.map((path, index) => {
      const pieces = usrLayer(files, sizes[index], index, index === paths.length - 1);
      return pipeline(Readable.from(counted(pieces)), createGzip({ level: 6 }), createWriteStream(path));
    }),
  );
  return plain;
}

const diffIdOf = (_, index) => `sha256:${createHash('sha256').update(`layer ${index}`).digest('hex')}`;

/** The files of the archive one after the other. */
class ArchiveWriter {
  at = 0;

  constructor(path) {
    this.path = path;
    this.file = openSync(path, 'w');
  }

  put(data) {
    this.at += writeSync(this.file, data, 0, data.length, this.at);
  }

  putFile(name, data) {
    this.put(header(name, data.length));
    this.put(data);
    this.put(Buffer.alloc(pad(data.length)));
  }

  /** A file of that name from the disk, where it is no more afterwards. */
  take(name, path) {
    const { size } = statSync(path);
    this.put(header(name, size));
    const from = openSync(path, 'r');
    const buffer = Buffer.alloc(8 << 20);
    for (let got = readSync(from, buffer); got > 0; got = readSync(from, buffer)) this.put(buffer.subarray(0, got));
    closeSync(from);
    rmSync(path);
    this.put(Buffer.alloc(pad(size)));
  }

  /** What names the layers, and the end. Answers the size on disk. */
  end(layers) {
    const config = Buffer.from(
      JSON.stringify({
        architecture: 'amd64',
        os: 'linux',
        created: '2025-07-01T09:00:00Z',
        config: {},
        history: layers.map((_, index) => ({ created_by: `COPY part-${index} /usr/lib # buildkit` })),
        rootfs: { type: 'layers', diff_ids: layers.map(diffIdOf) },
      }),
    );
    const name = `${createHash('sha256').update(config).digest('hex')}.json`;
    this.putFile(name, config);
    const manifest = [{ Config: name, RepoTags: ['bench/large:1'], Layers: layers }];
    this.putFile('manifest.json', Buffer.from(JSON.stringify(manifest)));
    this.put(Buffer.alloc(2 * block));
    ftruncateSync(this.file, this.at);
    closeSync(this.file);
    return this.at;
  }
}

/** Half of it repeats: it shrinks to about a half. */
function noise() {
  const bytes = Buffer.alloc(1 << 20);
  for (let i = 0; i < bytes.length; i += 64) createHash('sha256').update(`${i}`).digest().copy(bytes, i);
  return bytes;
}

const partFiles = (layer, bytes) => [
  ...layerFiles(layer, bytes),
  ...(layer === 2
    ? [
        ['usr/lib/part-0/d0/file-0', 1234],
        ['usr/lib/part-1/.wh.d1', 0],
      ]
    : []),
];

/** A layer's tar piece by piece. */
function* partLayer(files) {
  const data = noise();
  for (const [entry, size] of files) {
    yield header(entry, size);
    for (let left = size; left > 0; left -= data.length) yield data.subarray(0, left);
    yield Buffer.alloc(pad(size));
  }
  yield Buffer.alloc(2 * block);
}

/** Three layers of many files, packed or not. */
function writeParts(writer, bytes, packed) {
  return [0, 1, 2].map((layer) => {
    const files = partFiles(layer, Math.floor(bytes / 3));
    const name = `${layer}/layer.tar`;
    if (packed) writer.putFile(name, gzipSync(Buffer.concat([...partLayer(files)]), { level: 1 }));
    else {
      writer.put(header(name, layerSize(files)));
      for (const piece of partLayer(files)) writer.put(piece);
    }
    return name;
  });
}

/** Three layers of one file each, that takes no room. */
function writeSparse(writer, bytes) {
  return [0, 1, 2].map((layer) => {
    const size = Math.floor(bytes / 3);
    writer.put(header(`${layer}/layer.tar`, layerSize([['', size]])));
    writer.put(header(`sparse-${layer}`, size));
    writer.at += size;
    writer.put(Buffer.alloc(pad(size) + 2 * block));
    return `${layer}/layer.tar`;
  });
}

/** Six layers of `bytes` before packing. Answers what they were, exactly. */
async function writeUsr(writer, bytes) {
  const parts = shares.map((_, index) => `${writer.path}.${index}`);
  const plain = await packLayers(bytes, parts);
  const layers = parts.map((part, index) => {
    writer.take(`${index}/layer.tar`, part);
    return `${index}/layer.tar`;
  });
  return { layers, plain };
}

/**
 * `form` is 'plain' (layers as tars), 'gzip' (the same packed, made in memory), 'sparse', or 'usr' (packed layers of real
 * files, `bytes` before packing). Answers the size on disk, and of 'usr' what the layers were.
 */
export async function writeArchive(path, bytes, form = 'plain') {
  const writer = new ArchiveWriter(path);
  if (form === 'usr') {
    const { layers, plain } = await writeUsr(writer, bytes);
    return { size: writer.end(layers), plain };
  }
  const layers = form === 'sparse' ? writeSparse(writer, bytes) : writeParts(writer, bytes, form === 'gzip');
  return { size: writer.end(layers) };
}
