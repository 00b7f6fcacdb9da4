import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readTar, readTarStream, TarContent, type TarEntry, TarError, tarEntry } from '../../src/archive/index.ts';
import { BytesContent, type Content, contentBytes, SyntheticContent, textContent, utf8 } from '../../src/spec/index.ts';
import { entryArbitrary, seed } from './arbitrary.ts';

const golden: Record<string, string> = JSON.parse(
  readFileSync(new URL('../fixtures/tar-go-golden.json', import.meta.url), 'utf8'),
);
const fromBase64 = (text: string): Uint8Array => Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
const plain = (entry: TarEntry) => ({
  ...entry,
  content: contentBytes(entry.content),
  xattrs: Object.fromEntries(entry.xattrs),
});
const held = (content: Content): Content => new BytesContent(contentBytes(content).slice());

async function* inPieces(content: Content, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < content.size; at += size) yield content.read(at, size);
}

describe('what Go archive/tar writes', () => {
  for (const [name, base64] of Object.entries(golden)) {
    it(`${name}: read and written again, the same bytes`, () => {
      const bytes = fromBase64(base64);
      const tar = new TarContent(readTar(new BytesContent(bytes)));
      expect(tar.size).toBe(bytes.length);
      expect(contentBytes(tar)).toEqual(bytes);
    });
  }

  it('is read with its meaning', () => {
    const one = (name: string) => readTar(new BytesContent(fromBase64(golden[name]!)))[0]!;
    expect(one('mtime nanosec').mtime).toEqual({ sec: 1700000000, nsec: 123456789 });
    expect(one('big uid')).toMatchObject({ uid: 3000000, gid: 3000001 });
    expect(one('utf8 name').name).toBe('café.txt');
    expect(one('name 120 (prefix split)').name).toMatch(/^a+\/b+\/c\.txt$/);
    expect(one('xattr capability').xattrs.get('security.capability')).toEqual(
      new Uint8Array([1, 0, 0, 2, 0, 0x20, 0, 0]),
    );
    expect(one('blockdev')).toMatchObject({ type: 'block', devmajor: 8, devminor: 0 });
  });
});

describe('laws', () => {
  const tars = fc.array(entryArbitrary, { maxLength: 8 });
  it('read(write(x)) == x', () => {
    fc.assert(
      fc.property(tars, (entries) => {
        expect(readTar(held(new TarContent(entries))).map(plain)).toEqual(entries.map(plain));
      }),
      { seed, numRuns: 30 },
    );
  });
  it('a stream in pieces of any size reads as the whole', async () => {
    await fc.assert(
      fc.asyncProperty(tars, fc.integer({ min: 1, max: 5000 }), async (entries, size) => {
        const read: TarEntry[] = [];
        for await (const entry of readTarStream(inPieces(new TarContent(entries), Math.max(size, 37))))
          read.push(entry);
        expect(read.map(plain)).toEqual(entries.map(plain));
      }),
      { seed, numRuns: 15 },
    );
  });
  it('any range is that range of the whole', () => {
    fc.assert(
      fc.property(tars, fc.nat(8000), fc.nat(3000), (entries, offset, length) => {
        const tar = new TarContent(entries);
        expect(tar.read(offset, length)).toEqual(contentBytes(tar).slice(offset, offset + length));
      }),
      { seed, numRuns: 40 },
    );
  });
  it('damaged archives give entries or a TarError, never anything else', () => {
    fc.assert(
      fc.property(tars, fc.array(fc.tuple(fc.nat(6000), fc.nat(255))), fc.nat(9000), (entries, damage, cut) => {
        const bytes = contentBytes(new TarContent(entries)).slice(0, cut);
        for (const [at, value] of damage) if (at < bytes.length) bytes[at] = value;
        try {
          readTar(new BytesContent(bytes));
        } catch (error) {
          expect(error).toBeInstanceOf(TarError);
        }
      }),
      { seed, numRuns: 40 },
    );
  });
});

describe('an archive as a value', () => {
  it('gives its entries back by reference, and costs nothing however large', () => {
    const big = tarEntry({ name: 'disk.img', content: new SyntheticContent(8 * 2 ** 30, 1) });
    const tar = new TarContent([big]);
    // A PAX header for the size, its records, the header, the data, the end mark.
    expect(tar.size).toBe(3 * 512 + 8 * 2 ** 30 + 1024);
    expect(readTar(tar)[0]).toBe(big);
  });
  it('refuses an entry whose size is not its content', () => {
    expect(() => new TarContent([{ ...tarEntry({ name: 'a' }), size: 3 }])).toThrow(RangeError);
  });
});

describe('foreign forms', () => {
  const put = (block: Uint8Array, at: number, value: string) => block.set(utf8(value), at);
  const sealed = (block: Uint8Array): Uint8Array => {
    block.fill(0x20, 148, 156);
    const sum = block.reduce((total, byte) => total + byte, 0);
    put(block, 148, `${sum.toString(8).padStart(6, '0')}\0 `);
    return block;
  };
  const header = (name: string, size: number, flag: string, magic = ''): Uint8Array => {
    const block = new Uint8Array(512);
    put(block, 0, name);
    put(block, 100, '0000644\0');
    put(block, 108, '     5 \0');
    put(block, 124, size.toString(8).padStart(11, '0'));
    if (flag) put(block, 156, flag);
    put(block, 257, magic);
    return sealed(block);
  };
  const data = (text: string): Uint8Array => {
    const out = new Uint8Array(Math.ceil(text.length / 512) * 512);
    out.set(utf8(text));
    return out;
  };
  const archive = (...blocks: Uint8Array[]): Content => {
    const out = new Uint8Array(blocks.reduce((sum, block) => sum + block.length, 0));
    let at = 0;
    for (const block of blocks) {
      out.set(block, at);
      at += block.length;
    }
    return new BytesContent(out);
  };

  it('V7, without magic, type or end mark; a trailing slash is a directory', () => {
    const entries = readTar(archive(header('old', 3, ''), data('abc'), header('dir/', 0, '')));
    expect(entries.map(({ name, type, uid }) => [name, type, uid])).toEqual([
      ['old', 'file', 5],
      ['dir/', 'directory', 5],
    ]);
  });
  it('GNU long names and links', () => {
    const name = 'n'.repeat(300);
    const [entry] = readTar(
      archive(
        header('././@LongLink', 301, 'L', 'ustar  '),
        data(`${name}\0`),
        header('././@LongLink', 301, 'K', 'ustar  '),
        data(`${'t'.repeat(300)}\0`),
        header(name.slice(0, 99), 0, '2', 'ustar  '),
      ),
    );
    expect(entry).toMatchObject({ name, linkname: 't'.repeat(300), type: 'symlink' });
  });
  it('base-256 numbers, negative ones too', () => {
    const block = header('f', 0, '0', 'ustar  ');
    block.set([0x80, 0, 0, 0, 0x12, 0x34, 0x56, 0x78], 108);
    block.set([0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfe], 136);
    expect(readTar(archive(sealed(block)))[0]).toMatchObject({ uid: 0x12345678, mtime: { sec: -2, nsec: 0 } });
  });
  it('PAX global headers are passed over, as Docker does', () => {
    const entries = readTar(
      archive(header('g', 20, 'g', 'ustar\x0000'), data('20 comment=abcdefgh\n'), header('f', 0, '0')),
    );
    expect(entries.map((entry) => entry.name)).toEqual(['f']);
  });

  const refused: [string, Content, string][] = [
    ['not a tar', textContent('junk\n'), 'unexpected EOF'],
    ['a block of text', textContent('x'.repeat(1024)), 'archive/tar: invalid tar header'],
    ['data cut short', archive(header('f', 600, '0'), data('abc')), 'unexpected EOF'],
    ['a size beyond all memory', archive(header('f', 8 ** 11 - 1, '0')), 'unexpected EOF'],
    ['a PAX header of gigabytes', hugePax(), 'archive/tar: header field too long'],
    [
      'a PAX record that lies',
      archive(header('x', 12, 'x'), data('99 path=abc\n'), header('f', 0, '0')),
      'archive/tar: invalid tar header',
    ],
    ['a zero block and more', archive(new Uint8Array(512), header('f', 0, '0')), 'archive/tar: invalid tar header'],
    ['an unknown type', archive(header('f', 0, 'V')), 'unhandled tar header type 86'],
  ];
  for (const [what, content, message] of refused) {
    it(`${what}: ${message}`, () => {
      expect(() => readTar(content)).toThrow(new TarError(message));
    });
  }
  it('the stream reader refuses the same', async () => {
    const drain = async (content: Content) => {
      for await (const _ of readTarStream(inPieces(content, 100)));
    };
    await expect(drain(textContent('junk\n'))).rejects.toThrow('unexpected EOF');
    await expect(drain(archive(header('f', 600, '0'), data('abc')))).rejects.toThrow('unexpected EOF');
  });

  function hugePax(): Content {
    const first = header('x', 2 ** 31, 'x');
    return {
      size: 2 ** 32,
      read: (offset: number, length: number) => (offset === 0 ? first.subarray(0, length) : new Uint8Array(length)),
    };
  }
});
