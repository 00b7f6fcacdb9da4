/** What just happened, told from the events of real commands. */
import { beforeAll, describe, expect, it } from 'vitest';
import {
  glossaryChinese,
  glossaryEnglish,
  narrate,
  narrationChinese,
  narrationEnglish,
  plainText,
  type TermName,
  termFacts,
} from '../../src/diagram/index.ts';
import { createMachine, type Machine } from '../../src/machine/index.ts';
import { textContent } from '../../src/spec/index.ts';
import type { TraceEvent } from '../../src/trace/index.ts';
import { nodeWorld } from '../node-world.ts';

let machine: Machine;
let events: TraceEvent[] = [];

/** Runs a line and answers what is told of it, in English and in Chinese. */
async function told(line: string) {
  const before = await machine.inspect();
  events = [];
  const status = await machine.run(['/bin/bash', '-c', line], { stdout() {}, stderr() {} });
  const command = { line, status, events, before, after: await machine.inspect() };
  return {
    english: narrate(command, narrationEnglish).map(plainText).join('\n'),
    chinese: narrate(command, narrationChinese).map(plainText).join('\n'),
    sentences: [...narrate(command, narrationEnglish), ...narrate(command, narrationChinese)],
  };
}

beforeAll(async () => {
  machine = await createMachine({ ...nodeWorld, pace: 'skip' });
  machine.trace.on((event) => events.push(event));
}, 60_000);

describe('what just happened', () => {
  it('a pull tells where the blobs came from, and that none is fetched twice', async () => {
    const { english, chinese } = await told('docker pull busybox');
    expect(english).toMatch(
      /The client sent POST \/images\/create to the engine\.\n1 blob \(.* MB\) of library\/busybox came from the registry/,
    );
    expect(chinese).toMatch(/library\/busybox 的 1 个 blob/);
  });

  it('what a container writes by itself while another command runs is told as that', async () => {
    await machine.run(
      ['/bin/bash', '-c', 'docker run -d --name late busybox sh -c "sleep 1; echo x > /new; sleep 99"'],
      {
        stdout() {},
        stderr() {},
      },
    );
    const { english, chinese } = await told('docker images; sleep 2');
    expect(english).toMatch(/it only looked\.\nMeanwhile, in the background: 1 more file .* of late\.$/);
    expect(chinese).toContain('与此同时，在后台：');
    const { english: own } = await told('docker exec late touch /own; docker rm -f late');
    expect(own).not.toContain('Meanwhile');
  });

  it('a run tells of the writable layer, the process and its two numbers, and of copy-up and whiteout', async () => {
    const { english } = await told(
      'docker run -d --name web busybox sh -c "echo x >> /etc/passwd; rm /etc/group; tail -f /dev/null"; sleep 0.1',
    );
    const { pid } = (await machine.inspect()).containers[0]!;
    expect(english).toContain('a thin writable layer for web on top of busybox');
    expect(english).toContain(
      `The kernel started the process 1 of web in 6 new namespaces. On the host it is pid ${pid}.`,
    );
    expect(english).toContain('/etc/passwd came from a lower layer: copied up first');
    expect(english).toContain('/etc/group is stored in a lower layer: deleting left a whiteout');
    expect(english).not.toContain('/dev');
  });

  it('files that were written are counted in the layer that holds them; unpacking a layer is nobody writing', async () => {
    const { english, chinese } = await told('docker exec web sh -c "echo 12345 > /srv1; echo 12345 > /srv2"');
    expect(english).toContain('2 more files (12 B) are in the writable layer of web.');
    expect(chinese).toContain('web 的可写层里多了 2 个文件（12 B）。');
    const commit = (await told('docker commit web frozen')).english;
    expect(commit).toContain('A new layer was frozen');
    expect(commit).not.toContain('copied up');
  });

  it('a name that another image takes over is neither new nor gone', async () => {
    const { english } = await told('docker tag busybox frozen');
    expect(english).toContain('frozen:latest now names another image.');
    expect(english).not.toContain('gone');
  });

  it('looking changes nothing, and says so', async () => {
    expect((await told('docker ps')).english).toBe(
      'The client sent GET /containers/json to the engine.\nNothing was changed: it only looked.',
    );
    expect((await told('ls')).english).toBe('');
  });

  it('a kill tells the signal; a removal what goes with it', async () => {
    expect((await told('docker kill web')).english).toContain('web was killed by SIGKILL (137 = 128 + 9).');
    expect((await told('docker rm web')).english).toContain('web is gone, and what was written in its writable layer');
  });

  it('a call that the engine refused is told with its answer; one that was asked again with success is not', async () => {
    const { english, chinese } = await told('docker create --name taken busybox; docker run --name taken busybox true');
    expect(english).toMatch(/refused \(409\): Conflict\. The container name "\/taken" is already in use by/);
    expect(chinese).toContain('引擎拒绝了（409）：Conflict.');
    expect((await told('docker inspect nosuch')).english).toMatch(/refused \(404\)\.$/);
    expect((await told('docker logs nosuch')).english).toContain('refused (404): No such container: nosuch');
    expect((await told('docker run --rm hello-world')).english).not.toContain('refused');
  });

  it('a memory limit that is passed is told as such', async () => {
    const { english } = await told('docker run --name big -m 16m busybox tail /dev/zero');
    expect(english).toContain('big used more memory than its control group may: the kernel killed it (137).');
  });

  it('a connection that fails tells why', async () => {
    await told('docker network create shop; docker run -d --name shut --network shop busybox sleep 1d');
    await told('docker run -d --name open --network shop busybox nc -lk -s 127.0.0.1 -p 80');
    const asks = async (where: string) =>
      (await told(`docker run --rm --network shop busybox wget -q -T 2 -O- ${where}`)).english;
    expect(await asks('http://shut/')).toContain('connection refused. Nobody listens at port 80 of shut.');
    expect(await asks('http://open/')).toContain('listens at 127.0.0.1:80 only; bind it to 0.0.0.0.');
    const late = 'docker run -d --name slow --network shop busybox sh -c "sleep 1; nc -lk -p 80"';
    const early = await told(`${late}; docker exec shut wget -q -O- http://slow/; sleep 2`);
    expect(early.english).toContain(':80: too early. Nobody listened yet; now slow listens at port 80.');
    expect(await asks('http://nosuch/')).toContain('for "nosuch": no such name.');
    expect(await asks('http://172.18.0.99/')).toContain('no route to host. Nobody on that network has the address');
  });

  it('a build tells what came from the cache, what did not and why', async () => {
    await told(
      `mkdir c; cd c; echo 1 > app; printf 'FROM busybox\\nRUN echo a > /a\\nCOPY app /app\\nRUN echo b > /b\\n' > Dockerfile`,
    );
    const { english } = await told('cd c; docker build -t t .');
    expect(english).toMatch(/ran \d steps; nothing was in the cache/);
    const { english: again, chinese } = await told('cd c; echo 2 > app; docker build -t t .');
    expect(again).toMatch(/Of \d steps, \d came from the cache\./);
    expect(again).toMatch(/COPY app \/app was run anew: .*app/);
    expect(chinese).toContain('取自缓存');
    expect(chinese).toContain('“COPY app /app”重新执行：app 变了。');
  });

  it('every term that is linked is in the glossary, in both languages', async () => {
    const { sentences } = await told('docker run --rm busybox true; docker rmi t');
    const linked = sentences.flat().flatMap((piece) => (typeof piece === 'string' ? [] : [piece.term]));
    expect(linked.length).toBeGreaterThan(3);
    for (const term of [...linked, ...(Object.keys(termFacts) as TermName[])]) {
      expect(glossaryEnglish[term]?.text, term).toBeTruthy();
      expect(glossaryChinese[term]?.text, term).toBeTruthy();
    }
  });

  it('a project that comes up tells of its network, its volume and its containers; and of their end', async () => {
    const file = 'services: {a: {image: busybox, command: sleep 1d, volumes: ["data:/d"]}}\nvolumes: {data: {}}\n';
    machine.writeFile('/root/compose.yaml', textContent(file));
    const { english, chinese } = await told('docker compose up -d');
    expect(english).toMatch(/^The client sent POST \/networks\/create, POST \/volumes\/create and POST/);
    expect(english).toContain('A network was made, root_default: a bridge');
    expect(english).toContain('A volume was made, root_data: a directory');
    expect(english).toContain('a thin writable layer for root-a-1 on top of busybox');
    expect(chinese).toContain('建了网络 root_default');
    const down = (await told('docker compose down -v -t 0')).english;
    expect(down).toContain('The network root_default is gone.\nThe volume root_data is gone, with all that was in it.');
  });
});
