/** Files made to harm: each is refused, soon, and touches nothing. */
import { expect, it } from 'vitest';
import { loadProject } from '../../src/compose/index.ts';
import { filesOf, optionsOf } from './files.ts';

const refusal = async (files: Record<string, string>): Promise<string> => {
  const all = Object.fromEntries(Object.entries(files).map(([path, text]) => [`/srv/shop/${path}`, text]));
  const error: unknown = await loadProject(filesOf(all), optionsOf()).then(
    () => new Error('taken'),
    (reason: unknown) => reason,
  );
  return (error as Error).message;
};

const alone = (text: string) => refusal({ 'compose.yaml': text });

it('aliases of aliases of aliases', async () => {
  const lines = ['x-0: &a0 [z, z, z, z, z, z, z, z, z]'];
  for (let i = 1; i < 12; i++)
    lines.push(
      `x-${i}: &a${i} [${Array(9)
        .fill(`*a${i - 1}`)
        .join(', ')}]`,
    );
  expect(await alone(lines.join('\n'))).toBe('yaml: document contains excessive aliasing');
});

it('an alias of what it is in', async () => {
  expect(await alone('services: &a\n  web:\n    image: x\n    labels: *a\n')).toMatch(/^cycle detected: /);
});

it('brackets in brackets', async () => {
  const deep = 20_000;
  expect(await alone(`x-a: ${'['.repeat(deep)}${']'.repeat(deep)}`)).toBe('yaml: exceeded max depth of 10000');
  expect(await alone(`x-a: ${'['.repeat(deep)}`)).toBe('yaml: exceeded max depth of 10000');
});

it('lists in lists', async () => {
  expect(await alone(`x-a:\n  ${'- '.repeat(20_000)}`)).toBe('yaml: line 2: exceeded max depth of 10000');
});

it('a very long text', async () => {
  expect(await alone(`x-a: ${'a'.repeat(9 << 20)}`)).toBe('yaml: document is too large');
});

it('files that include each other more and more', async () => {
  const files: Record<string, string> = { 'compose.yaml': 'include: [f0.yaml, f0.yaml]\nservices: {a: {image: i}}\n' };
  for (let i = 0; i < 8; i++) files[`f${i}.yaml`] = `include: [f${i + 1}.yaml, f${i + 1}.yaml]\n`;
  files['f8.yaml'] = 'services: {b: {image: i}}\n';
  expect(await refusal(files)).toBe('too many files: more than 250');
});

it('services that extend each other through files', async () => {
  const other = (name: string, file: string) =>
    `services: {web: {image: i, extends: {file: ${file}, service: web}}, ${name}: {image: i}}\n`;
  const message = await refusal({
    'compose.yaml': other('a', 'b.yaml'),
    'b.yaml': other('b', 'c.yaml'),
    'c.yaml': other('c', 'b.yaml'),
  });
  expect(message).toMatch(/^Circular reference:\n {2}web in /);
});

it('variables in variables in variables', async () => {
  const nested = `${'${A:-'.repeat(1000)}x${'}'.repeat(1000)}`;
  expect(await alone(`services: {web: {image: i, hostname: "${nested}"}}`)).not.toMatch(/Maximum/);
});

it('keys that are words of JavaScript', async () => {
  const text = 'services:\n  constructor:\n    image: i\n    labels: {__proto__: {a: b}}\n';
  expect(await alone(text)).toMatch(/^validating \/srv\/shop\/compose.yaml: services.constructor.labels/);
  expect(await alone('services:\n  __proto__: {image: i}\nx-a: {__proto__: {polluted: true}}\n')).toBe('taken');
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
});
