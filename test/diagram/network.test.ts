/** The picture of the network, from a host that really has it, and why its connections failed. */
import { beforeAll, describe, expect, it } from 'vitest';
import {
  dark,
  light,
  type NetworkPicture,
  networkOutline,
  networkPicture,
  networkScene,
  networkWordsChinese,
  networkWordsEnglish,
  sceneSvg,
} from '../../src/diagram/index.ts';
import { createMachine, type Machine } from '../../src/machine/index.ts';
import type { TraceEvent } from '../../src/trace/index.ts';
import { nodeWorld } from '../node-world.ts';
import { expectGolden } from './golden.ts';
import { sceneProblems } from './scene-problems.ts';

const words = { en: networkWordsEnglish, zh: networkWordsChinese };
let machine: Machine;
let events: TraceEvent[] = [];

const run = (line: string) => machine.run(['/bin/bash', '-c', line], { stdout() {}, stderr() {} });

/** The picture after a command, with what that command did. */
async function runThen(line: string): Promise<NetworkPicture> {
  events = [];
  await run(line);
  const picture = networkPicture(await machine.inspect(), events)!;
  return picture;
}

const told = ({ stories }: NetworkPicture) => stories.map(({ outcome, to }) => `${outcome} ${to}`);
const last = (picture: NetworkPicture) => words.en.story(picture.stories.at(-1)!);

beforeAll(async () => {
  machine = await createMachine({ ...nodeWorld, pace: 'skip' });
  machine.trace.on((event) => events.push(event));
  for (const line of [
    'docker network create appnet',
    'docker network create --internal back',
    'docker run -d --name web -p 8080:80 busybox httpd -f -p 80',
    'docker run -d --name trap -p 5000:5000 busybox httpd -f -p 127.0.0.1:5000',
    'docker run -d --name api --network appnet --network-alias backend busybox httpd -f -p 8000',
    'docker network connect back api',
    'docker run -d --name db --network back busybox nc -lk -p 5432 -e cat',
    'docker run -d --name side --network container:web busybox nc -lk -p 6000 -e cat',
    'docker run -d --name onhost --network host busybox nc -lk -p 7000 -e cat',
    'docker run -d --name alone --network none busybox nc -lk -p 9000 -e cat',
  ])
    expect(await run(line), line).toBe(0);
  const listening = async () => (await machine.inspect()).netNamespaces.flatMap((one) => one.listening).length;
  while ((await listening()) < 7) await run('sleep 0.1');
}, 60_000);

describe('the picture of the network', () => {
  it('has each container at its bridge, with its addresses and names', async () => {
    const { segments, alone, host, published } = await runThen('true');
    const members = Object.fromEntries(
      segments.map(({ network, members }) => [
        network?.name,
        members.map(({ station, link, names, first }) =>
          [station.name, link.name, ...link.addresses, ...names.slice(0, -1), first ? '' : 'again'].join(' ').trim(),
        ),
      ]),
    );
    expect(members).toEqual({
      bridge: ['web eth0 172.17.0.2/16', 'trap eth0 172.17.0.3/16'],
      appnet: ['api eth0 172.18.0.2/16 api backend'],
      back: ['api eth1 172.19.0.2/16 api again', 'db eth0 172.19.0.3/16 db'],
    });
    expect(alone.map(({ name, links }) => `${name} ${links.map((link) => link.name)}`)).toEqual(['alone lo']);
    expect(segments[0]!.members[0]!.station.guests).toEqual(['side']);
    expect(host.guests).toEqual(['onhost']);
    expect(published.map(({ host, to, name }) => `${host} ${to} ${name}`)).toEqual([
      '0.0.0.0:8080 172.17.0.2:80 web',
      '0.0.0.0:5000 172.17.0.3:5000 trap',
    ]);
  });

  it('sees who listens where, and that 127.0.0.1 is a trap', async () => {
    const { segments } = await runThen('true');
    const [web, trap] = segments[0]!.members.map(({ station }) => station.listening[0]!);
    expect(web).toMatchObject({ address: '0.0.0.0', port: 80, comm: 'httpd', trap: false });
    expect(trap).toMatchObject({ address: '127.0.0.1', port: 5000, trap: true });
  });
});

describe('why a connection went as it did', () => {
  for (const [line, outcome, says] of [
    ['wget -qO- localhost:8080', 'published 127.0.0.1:8080', 'published port leads to 172.17.0.2:80 (web)'],
    ['wget -qO- localhost:5000', 'proxyBound 127.0.0.1:5000', 'listens at 127.0.0.1:5000 only'],
    ['wget -qO- 172.17.0.2:81', 'nobody 172.17.0.2:81', 'Open there: 0.0.0.0:80'],
    ['docker exec web wget -qO- 172.17.0.3:5000', 'bound 172.17.0.3:5000', 'bind it to 0.0.0.0'],
    ['docker exec trap wget -qO- 127.0.0.1:80', 'self 127.0.0.1:80', '127.0.0.1 is the container itself'],
    ['docker exec alone wget -qO- 172.17.0.2', 'noRoute 172.17.0.2:80', 'its only interface is lo'],
    ['docker exec web wget -qO- 172.17.0.99', 'noHost 172.17.0.99:80', 'Nobody on that network'],
    ['docker exec api wget -qO- nosuch', 'nameUnknown nosuch', 'no such name'],
    ['docker exec web wget -qO- trap', 'nameDefault trap', 'only user-defined networks have names'],
    ['docker exec web wget -qT1 -O- 172.18.0.2:8000', 'isolated 172.18.0.2:8000', 'drops packets between'],
    ['docker exec api ping -c3 172.19.0.3', 'packet 172.19.0.3', 'it arrives'],
  ] as const)
    it(`${line}: ${outcome}`, async () => {
      const picture = await runThen(line);
      expect(told(picture).at(-1)).toBe(outcome);
      expect(last(picture)).toContain(says);
      expect(words.zh.story(picture.stories.at(-1)!)).toMatch(/[\u4e00-\u9fff]/);
    });

  it('asks 127.0.0.11 for a name, then connects', async () => {
    const picture = await runThen('docker run --rm --name asker --network appnet busybox wget -qO- backend:8000');
    expect(told(picture)).toEqual(['nameFound backend', 'connected 172.18.0.2:8000']);
    expect(picture.stories[1]!.client).toMatchObject({ kind: 'gone', name: 'asker' });
    expect(last(picture)).toBe('asker connects to 172.18.0.2:8000: api accepts.');
    const scene = networkScene(picture, { width: 720, words: words.en, fresh: true });
    expect(scene.marks).toContainEqual(expect.objectContaining({ id: 'path:c1', tone: 'good', travels: 1 }));
    expect(sceneProblems(scene)).toEqual([]);
  });

  it('tells a flood once', async () => {
    const picture = await runThen('for i in 1 2 3 4 5 6 7 8 9 10; do wget -qO- 172.17.0.2:81; done');
    expect(picture.stories).toMatchObject([{ outcome: 'nobody', times: 10 }]);
  });

  for (const [language, width, palette, line] of [
    ['en', 720, dark, 'wget -qO- localhost:8080; wget -qO- localhost:5000'],
    ['zh', 366, light, 'docker exec web wget -qO- 172.17.0.3:5000'],
  ] as const) {
    it(`nothing overlaps or clips (${language}, ${width} wide)`, async () => {
      const picture = await runThen(line);
      const scene = networkScene(picture, { width, words: words[language] });
      expect(sceneProblems(scene)).toEqual([]);
      // An ephemeral port or a MAC address is in no text that is shown.
      expectGolden(`network/${language}-${width}`, sceneSvg(scene, palette));
      const outline = JSON.stringify(networkOutline(picture, words[language]));
      for (const { id } of picture.stories) expect(outline).toContain(`"${id}"`);
    });
  }
});
