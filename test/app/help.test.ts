/** Error help on errors that a real machine made: what is said comes from what is there. */
import { beforeAll, describe, expect, it } from 'vitest';
import { explain, type Help } from '../../src/app/help/explain.ts';
import { failureOf } from '../../src/app/help/failure.ts';
import { helpWords } from '../../src/app/help/words.ts';
import { createMachine, dockerWords, hubImages, type Machine } from '../../src/machine/index.ts';
import { fromUtf8 } from '../../src/spec/index.ts';
import type { TraceEvent } from '../../src/trace/index.ts';

let machine: Machine;

async function run(line: string) {
  const events: TraceEvent[] = [];
  let output = '';
  const stop = machine.trace.on((event) => void events.push(event));
  const write = (bytes: Uint8Array) => {
    output += fromUtf8(bytes);
  };
  const status = await machine.run(['/bin/bash', '-c', line], { stdout: write, stderr: write });
  stop();
  return { line, status, events, output };
}

async function helped(line: string, language: 'en' | 'zh' = 'en'): Promise<Help | undefined> {
  const command = await run(line);
  const failure = failureOf(command, command.output);
  if (!failure) return undefined;
  const programs = async (layers: readonly string[]) =>
    (await Promise.all(layers.map((id) => machine.layerChanges(id))))
      .flat()
      .flatMap(({ path }) => /(?:^|\/)s?bin\/([^/]+)$/.exec(path)?.[1] ?? []);
  const listFiles = async (path: string) => machine.listFiles(path).map(({ name }) => name);
  const state = await machine.inspect();
  return explain(
    failure,
    { state, dockerWords: (words) => dockerWords(words), hubImages, listFiles, programs },
    helpWords[language],
  );
}

describe('error help', () => {
  beforeAll(async () => {
    machine = await createMachine({
      seed: 1,
      pace: 'skip',
      breathe: () => new Promise((resolve) => setImmediate(resolve)),
      realTimer: () => () => {},
    });
    await run(
      'docker pull -q alpine && docker run -d --name web -p 80:80 alpine sleep 1d && docker create --name old alpine true',
    );
  }, 60_000);

  it('says nothing where nothing failed', async () => {
    expect(await helped('docker ps')).toBeUndefined();
    expect(await helped('false')).toBeUndefined();
  });

  it.each([
    ['docker pss', 'docker ps'],
    ['docker run --nmae x alpine', 'docker run --name x alpine'],
    ['docker image lst', 'docker image ls'],
    ['dokcer ps', 'docker ps'],
    ['docker exec wbe sh', 'docker exec web sh'],
    ['docker stop alpine', 'docker stop web'],
    ['docker run alpin', 'docker run alpine'],
    ['docker pull nginz', 'docker pull nginx'],
    ['docker run alpine bash', 'docker run alpine ash'],
    ['docker network connect brigde web', 'docker network connect bridge web'],
    ['docker run --name web alpine', 'docker run --name web2 alpine'],
    ['docker rmi alpin', 'docker rmi alpine'],
  ])('%s: probably %s', async (line, meant) => {
    expect((await helped(line))?.meant).toBe(meant);
  });

  it.each([
    ['docker rm web', /`web` is running/, 'docker stop web'],
    ['docker rmi alpine', /stand on it \(.*web/, 'docker rm -f'],
    ['docker exec old ls', /`old` is created/, 'docker start old'],
    [
      'docker run -d --name w2 -p 80:80 alpine sleep 9',
      /published by `web`/,
      'docker rm w2 && docker run -d --name w2 -p 81:80',
    ],
    ['docker push alpine', /official images/, 'docker login'],
    ['docker build .', /Dockerfile/, 'nano Dockerfile'],
    ['docker stop', /wants to know which/, 'docker stop '],
    ['docker volume rm nope', /no volume `nope`/, 'docker volume create nope'],
  ])('%s', async (line, said, tried) => {
    const help = await helped(line);
    expect(help?.said.join(' ')).toMatch(said);
    expect(
      help?.tries.some((one) => one.startsWith(tried)),
      help?.tries.join('; '),
    ).toBe(true);
  });

  it('speaks Chinese', async () => {
    expect((await helped('docker exec wbe sh', 'zh'))?.said.join('')).toMatch(/没有叫 `wbe` 的容器.*现有容器：.*web/);
  });
});
