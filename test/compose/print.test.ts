import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadProject, printProject, printTree } from '../../src/compose/index.ts';
import type { Value } from '../../src/compose/value.ts';
import { YamlText } from '../../src/compose/yaml.ts';
import { filesOf, optionsOf } from './files.ts';

/** A run that fails names its seed; this one takes another each time. */
const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));
const runs = (numRuns: number) => ({ seed, numRuns });

const chars = fc.constantFrom(...'ab1:-#?&*!|>\'"%@`,[]{}$= .~/\\\t\n_0xé😀\u00a0\u0001');
const text = fc.oneof(
  fc.string({ unit: chars, maxLength: 12 }),
  fc.constantFrom(
    'yes',
    'NO',
    'null',
    '~',
    '1',
    '0x1f',
    '1e3',
    '.5',
    '1:30',
    '2024-01-01',
    'true',
    '<<',
    '-',
    '---',
    '',
  ),
);
/** yaml.v3 loses the first of line ends that a text begins with. */
const kept = text.map((one) => one.replace(/^\n+/, ''));
const key = kept.map((one) => (one === '<<' ? 'merge' : one.replaceAll('\n', '')));
const name = fc.string({ unit: fc.constantFrom(...'abz09_-.'), minLength: 1, maxLength: 6 });

describe(`what is printed is read again (SEED=${seed})`, () => {
  it('trees', () => {
    const tree = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        kept,
        fc.integer(),
        fc.boolean(),
        fc.constant(null),
        fc.array(tie('value'), { maxLength: 4 }),
        fc.dictionary(key, tie('value'), { maxKeys: 4 }),
      ),
    })).value;
    fc.assert(
      fc.property(fc.dictionary(key, tree, { minKeys: 1, maxKeys: 4 }), (whole) => {
        const plain = clean(whole as Value);
        const printed = printTree(plain as Record<string, Value>, 'yaml');
        expect(clean(new YamlText(printed).documents()[0]!.value)).toEqual(plain);
      }),
      runs(100),
    );
  });

  it('projects', async () => {
    const texts = fc.dictionary(name, kept, { maxKeys: 3 });
    const port = fc.record({
      target: fc.integer({ min: 1, max: 65535 }),
      published: fc.integer({ min: 1, max: 65535 }),
    });
    const service = fc.record(
      {
        image: fc.constantFrom('nginx', 'a/b:1', 'x@sha256:00'),
        environment: texts,
        labels: texts,
        command: fc.oneof(fc.array(kept, { maxLength: 3 }), fc.constantFrom('a "b c" d', 'sh -c x')),
        ports: fc.uniqueArray(port, { selector: JSON.stringify, maxLength: 3 }),
        volumes: fc.uniqueArray(fc.constantFrom('data:/data', './x:/x:ro', '/y', '~/z:/z'), { maxLength: 4 }),
        tmpfs: fc.constantFrom('/run', ['/run', '/tmp']),
        cpus: fc.constantFrom(0.5, 1, '1.25'),
        mem_limit: fc.constantFrom('1g', '512m', 1024),
        healthcheck: fc.record({ test: kept, interval: fc.constantFrom('1m30s', '500ms', '1h'), retries: fc.nat(9) }),
        restart: fc.constantFrom('no', 'always', 'on-failure:3'),
        init: fc.boolean(),
        ulimits: fc.constantFrom({ nofile: 5 }, { nproc: { soft: 1, hard: 2 } }),
        'x-own': kept,
      },
      { requiredKeys: ['image'] },
    );
    await fc.assert(
      fc.asyncProperty(fc.dictionary(name, service, { minKeys: 1, maxKeys: 3 }), async (services) => {
        const source = { services, volumes: { data: {} } };
        const first = await printed(JSON.stringify(source).replaceAll('$', '$$$$'));
        expect(await printed(first.replaceAll('$', '$$$$'))).toBe(first);
      }),
      runs(25),
    );
  });
});

const printed = async (source: string): Promise<string> => {
  const { project } = await loadProject(
    filesOf({ '/srv/shop/compose.yaml': source }),
    optionsOf({ env: { HOME: '/root' } }),
  );
  return printProject(project);
};

/** Without prototypes, which a tree has not. */
const clean = (value: Value): Value => JSON.parse(JSON.stringify(value)) as Value;
