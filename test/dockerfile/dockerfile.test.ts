import fs from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  checkDockerfile,
  DockerfileError,
  dockerfileToJson,
  expandWord,
  parseMountFlag,
  readDockerfile,
} from '../../src/dockerfile/index.ts';
import { createIgnore, matchPath, parseIgnoreFile } from '../../src/spec/index.ts';

const here = new URL('.', import.meta.url);

describe('cases', () => {
  for (const name of fs.readdirSync(here).filter((entry) => !entry.includes('.'))) {
    test(name, () => {
      const result = new URL(`${name}/result.json`, here);
      const parsed = dockerfileToJson(fs.readFileSync(new URL(`${name}/Dockerfile`, here), 'utf8'));
      if (process.env.UPDATE_CASES) fs.writeFileSync(result, `${JSON.stringify(parsed, null, 2)}\n`);
      expect(parsed).toEqual(JSON.parse(fs.readFileSync(result, 'utf8')));
    });
  }
});

const env: Record<string, string> = { HOME: '/root', EMPTY: '', NAME: 'a b', PATTERN: 'one.two.three' };
describe('words', () => {
  test.each([
    ['$HOME', '/root'],
    ['x${HOME}y', 'x/rooty'],
    ["'$HOME'", '$HOME'],
    ['"$HOME \\" \\x"', '/root " \\x'],
    ['\\$HOME', '$HOME'],
    ['${NO:-d}', 'd'],
    ['${EMPTY:-d}', 'd'],
    ['${EMPTY-d}', ''],
    ['${HOME:+set}', 'set'],
    ['${NO:+set}', ''],
    ['${NO:-${HOME}}', '/root'],
    ['${PATTERN#*.}', 'two.three'],
    ['${PATTERN##*.}', 'three'],
    ['${PATTERN%.*}', 'one.two'],
    ['${PATTERN%%.*}', 'one'],
    ['${PATTERN/./-}', 'one-two.three'],
    ['${PATTERN//./-}', 'one-two-three'],
    ['$', '$'],
    ['a$.', 'a$.'],
  ])('%s', (source, expected) => expect(expandWord(source, (name) => env[name]).text).toBe(expected));

  test.each([
    ["it's", 'unexpected end of statement while looking for matching single-quote'],
    ['${}', 'syntax error: bad substitution'],
    ['${HOME', 'unsupported modifier (\ufffd) in substitution'],
    ['${NO:?gone}', 'NO: gone'],
    ['${NO?}', 'NO: is not allowed to be unset'],
  ])('%s fails', (source, reason) => {
    expect(() => expandWord(source, (name) => env[name])).toThrow(reason);
  });

  test('split after expansion, not within quotes', () => {
    expect(expandWord('$NAME "$NAME"', (name) => env[name]).words).toEqual(['a', 'b', 'a b']);
  });
});

describe('.dockerignore', () => {
  const excludes = (text: string, path: string) => createIgnore(parseIgnoreFile(text)).excludes(path);
  test.each([
    ['*.log', 'a.log', true],
    ['*.log', 'sub/a.log', false],
    ['**/*.log', 'sub/a.log', true],
    ['**/tmp', 'a/b/tmp/q', true],
    ['node_modules', 'node_modules/x/y', true],
    ['*.log\n!keep.log', 'keep.log', false],
    ['*\n!src', 'src/main.c', false],
    ['# x\n/root-only', 'root-only', true],
    ['/root-only', 'sub/root-only', false],
    ['build/**\n!build/keep', 'build/keep', false],
    ['build/**', 'build', false],
    ['[a-c]?', 'b1', true],
  ])('%j %s', (text, path, expected) => expect(excludes(text, path)).toBe(expected));
  test('bad pattern', () => expect(() => createIgnore(['['])).toThrow('syntax error in pattern'));
  test('filepath.Match', () => {
    expect(matchPath('a*/[^b]', 'axx/c')).toBe(true);
    expect(matchPath('a*', 'a/b')).toBe(false);
  });
});

describe('checks', () => {
  const details = (text: string) =>
    checkDockerfile(readDockerfile(text)).map(({ rule, lines }) => `${lines.start} ${rule}`);
  test.each<[string, string[]]>([
    ['FROM a AS b\nrun x\nRUN y\n', ['2 ConsistentInstructionCasing']],
    ['FROM a as B\n', ['1 StageNameCasing', '1 FromAsCasing']],
    ['FROM a AS b\nFROM a AS b\n', ['2 DuplicateStageName']],
    ['FROM a\nCMD x\nCMD ["y"]\n', ['2 JSONArgsRecommended', '2 MultipleInstructionsDisallowed']],
    ['FROM a\nMAINTAINER me\n', ['2 MaintainerDeprecated']],
    ['FROM a\nWORKDIR app\n', ['2 WorkdirRelativePath']],
    ['FROM a\nENV K v\nENV API_KEY=x\n', ['2 LegacyKeyValueFormat', '3 SecretsUsedInArgOrEnv']],
    ['FROM a\nCOPY $FOO /x\n', ['2 UndefinedVar']],
    ['FROM a:${V}\n', ['1 UndefinedArgInFrom', '1 InvalidDefaultArgInFrom']],
    ['FROM --platform=linux/amd64 a\n', ['1 FromPlatformFlagConstDisallowed']],
    ['FROM --platform=$TARGETPLATFORM a\n', ['1 RedundantTargetPlatform']],
    ['FROM a\nRUN x \\\n\n y\n', ['4 NoEmptyContinuation']],
    ['FROM a AS scratch\n', ['1 ReservedStageName']],
    ['FROM a\nEXPOSE 80/TCP 1:2\n', ['2 ExposeInvalidFormat', '2 ExposeProtoCasing']],
    ['# check=skip=all\nFROM a\nCMD x\n', []],
  ])('%j', (text, expected) => expect(details(text)).toEqual(expected));
});

test('mount flags', () => {
  expect(parseMountFlag('type=cache,target=/c,sharing=locked')).toMatchObject({
    type: 'cache',
    sharing: 'locked',
    readonly: false,
  });
  expect(parseMountFlag('source=a,target=/b')).toMatchObject({ type: 'bind', readonly: true });
  expect(() => parseMountFlag('type=cahce,target=/c')).toThrow('unsupported mount type "cahce" (did you mean cache?)');
});

test('parse throws nothing but its own error, on any input', () => {
  const word = fc.constantFrom(
    'FROM',
    'RUN',
    'COPY',
    'ONBUILD',
    'ENV',
    '<<EOF',
    'EOF',
    '\\',
    '`',
    '"',
    "'",
    '[',
    '$',
    '{',
    '=',
    '--a',
    '#',
  );
  const line = fc.array(fc.oneof(word, fc.string()), { maxLength: 6 }).map((words) => words.join(' '));
  const text = fc.array(line, { maxLength: 8 }).map((lines) => lines.join('\n'));
  fc.assert(
    fc.property(
      fc.oneof(text, fc.string()),
      fc.constantFrom('classic' as const, 'buildkit' as const),
      (source, profile) => {
        try {
          checkDockerfile(readDockerfile(source, profile));
        } catch (error) {
          expect(error).toBeInstanceOf(DockerfileError);
        }
      },
    ),
    { seed: 20, numRuns: 2000 },
  );
});
