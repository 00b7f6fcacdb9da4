import fc from 'fast-check';
import { type TarEntry, tarEntry } from '../../src/archive/index.ts';
import { BytesContent, SyntheticContent } from '../../src/spec/index.ts';

/** The seed of a law's random cases; DRYDOCK_SEED repeats a failure. fast-check prints it when a case fails. */
export const seed = Number(process.env.DRYDOCK_SEED ?? Date.now() % 2 ** 31);

const part = fc.oneof(
  fc
    .string({ minLength: 1, maxLength: 12, unit: fc.constantFrom(...'abcXYZ019._- é漢') })
    .filter((name) => !/^\.\.?$/.test(name)),
  fc.constantFrom('a'.repeat(60), 'long-'.repeat(40), '.wh.gone'),
);
const path = fc.array(part, { minLength: 1, maxLength: 5 }).map((parts) => parts.join('/'));
const bytes = fc.uint8Array({ maxLength: 1500 }).map((data) => new BytesContent(data));
const common = {
  mode: fc.integer({ min: 0, max: 0o177777 }),
  uid: fc.oneof(fc.integer({ min: 0, max: 2 ** 22 }), fc.constant(2 ** 31 + 5)),
  gid: fc.integer({ min: 0, max: 2 ** 22 }),
  mtime: fc.record({
    sec: fc.oneof(fc.integer({ min: -(2 ** 33), max: 2 ** 34 }), fc.constant(0)),
    nsec: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 999_999_999 })),
  }),
  xattrs: fc
    .dictionary(
      fc.constantFrom('security.capability', 'user.a', 'user.b'),
      fc.uint8Array({ minLength: 1, maxLength: 20 }),
    )
    .map((record) => new Map(Object.entries(record)) as ReadonlyMap<string, Uint8Array>),
};
const owner = fc.option(fc.constantFrom('root', 'mail', 'jürgen', 'n'.repeat(40)), { nil: undefined });

const made = (fields: Partial<TarEntry> & { name: string }): TarEntry => {
  const { uname, gname, ...rest } = fields;
  return tarEntry({ ...rest, ...(uname && { uname }), ...(gname && { gname }) });
};

export const entryArbitrary: fc.Arbitrary<TarEntry> = fc.oneof(
  fc
    .record({
      name: path,
      content: fc.oneof(bytes, fc.constant(new SyntheticContent(70_000, 3))),
      uname: owner,
      gname: owner,
      ...common,
    })
    .map(made),
  fc.record({ name: path.map((name) => `${name}/`), type: fc.constant('directory' as const), ...common }).map(made),
  fc
    .record({ name: path, type: fc.constantFrom('symlink' as const, 'link' as const), linkname: path, ...common })
    .map(made),
  fc
    .record({
      name: path,
      type: fc.constantFrom('char' as const, 'block' as const),
      devmajor: fc.nat(4095),
      devminor: fc.nat(2 ** 20),
      ...common,
    })
    .map(made),
  fc.record({ name: path, type: fc.constant('fifo' as const), ...common }).map(made),
);
