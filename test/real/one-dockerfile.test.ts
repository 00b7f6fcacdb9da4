/** One Dockerfile, built in memory, by our engine on real Linux, and by a real dockerd: the same layers. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { decompress, readTar, type TarEntry } from '../../src/archive/index.ts';
import { loadArchive } from '../../src/image/index.ts';
import { isWhiteoutName } from '../../src/layer/index.ts';
import { BytesContent, contentText } from '../../src/spec/index.ts';
import { describeWith } from '../needs.ts';
import { busyboxTar, must, mustDrydock, type Server, startDockerd, startDrydock } from './real-docker.ts';

/** Each step gives what it touched the same time again. */
const dockerfile = `FROM busybox
COPY note /note
RUN mkdir -p /d/sub /d/old && echo one > /d/one && echo two > /d/sub/two && echo three > /d/old/three \\
 && ln /d/one /d/hard && ln -s one /d/soft && chmod 4750 /d/sub/two && touch -h -d @1700000001 /d/soft \\
 && touch -d @1700000001 /d/one /d/sub/two /d/old/three /d/sub /d/old /d
RUN echo 'more:x:7:7::/:/bin/sh' >> /etc/passwd && rm /bin/yes /d/one && rm -r /var/spool \\
 && touch -d @1700000002 /etc/passwd /etc /bin /d /var
RUN rm -r /d/sub && mkdir /d/sub && echo new > /d/sub/new && chmod 700 /d/old \\
 && touch -d @1700000003 /d/sub/new /d/sub /d
`;

interface Built {
  /** One line an entry, per layer above the base. */
  lists: string[][];
  diffIds: string[];
  /** Which of these layers hold whiteouts. */
  hides: boolean[];
}

const worlds = ['in memory', 'on real Linux', 'by dockerd'] as const;

describeWith(
  { programs: ['dockerd', 'runc', 'perl', 'busybox', 'curl', 'tar', 'unshare', 'ip'], root: true },
  'one Dockerfile',
  () => {
    let work: string;
    const servers: Server[] = [];
    const built = new Map<string, Built>();

    beforeAll(async () => {
      work = mkdtempSync(join(tmpdir(), 'drydock-dockerfile-'));
      const context = join(work, 'context');
      mkdirSync(context);
      writeFileSync(join(context, 'Dockerfile'), dockerfile);
      writeFileSync(join(context, 'note'), 'a note\n');
      utimesSync(join(context, 'note'), 1_700_000_000, 1_700_000_000);
      await busyboxTar(work);
      const fixed = { SOURCE_DATE_EPOCH: '1700000003' };
      for (const start of [() => startDrydock('memory', fixed), () => startDrydock('linux', fixed), startDockerd]) {
        servers.push(await start());
      }
    });
    afterAll(async () => {
      for (const server of servers) await server.stop();
      rmSync(work, { recursive: true, force: true });
    });

    async function build(server: Server, form: 'classic' | 'kit'): Promise<Built> {
      const host = ['docker', '-H', `unix://${server.socket}`];
      const base = ['import', '-c', 'CMD ["sh"]', join(work, 'busybox.tar'), 'busybox:latest'];
      await mustDrydock(...host, ...base);
      const env = { DOCKER_BUILDKIT: form === 'kit' ? '1' : '0' };
      const program = new URL('../../bin/drydock.js', import.meta.url).pathname;
      await must(process.execPath, [program, ...host, 'build', '--no-cache', '-t', form, join(work, 'context')], {
        env,
      });
      const file = join(work, 'saved.tar');
      await mustDrydock(...host, 'save', '-o', file, form);
      const [{ image }] = loadArchive(decompress(new BytesContent(readFileSync(file)))) as [
        ReturnType<typeof loadArchive>[number],
      ];
      const layers = image.layers.slice(1);
      const entries = layers.map(({ content }) => readTar(content));
      return {
        lists: entries.map((list) => list.map(line)),
        diffIds: layers.map(({ diffId }) => diffId),
        hides: entries.map((list) => list.some(({ name }) => isWhiteoutName(baseOf(name)))),
      };
    }

    for (const form of ['classic', 'kit'] as const) {
      it(`${form}: builds in each world`, async () => {
        for (const [index, world] of worlds.entries()) {
          if (form === 'kit' && world === 'by dockerd') continue; // 20.10's BuildKit needs a session that buildx opens
          built.set(`${form} ${world}`, await build(servers[index]!, form));
        }
      });
      it(`${form}: what is created, changed, deleted and replaced is in the layers`, () => {
        expect(built.get(`${form} in memory`)!.lists.map((list) => list.map((text) => text.split(' ')[0]))).toEqual([
          ['note'],
          ['d/', 'd/hard', 'd/old/', 'd/old/three', 'd/one', 'd/soft', 'd/sub/', 'd/sub/two'],
          ['bin/', 'bin/.wh.yes', 'd/', 'd/.wh.one', 'etc/', 'etc/passwd', 'var/', 'var/.wh.spool'],
          ['d/', 'd/old/', 'd/sub/', 'd/sub/.wh..wh..opq', 'd/sub/new'],
        ]);
      });
      it(`${form}: the same files and whiteouts in memory as on real Linux`, () => {
        expect(built.get(`${form} in memory`)!.lists).toEqual(built.get(`${form} on real Linux`)!.lists);
      });
      it(`${form}: the same diffIDs in memory as on real Linux, those of layers with whiteouts included`, () => {
        const [memory, linux] = [built.get(`${form} in memory`)!, built.get(`${form} on real Linux`)!];
        expect(memory.hides).toEqual([false, false, true, true]);
        expect(memory.diffIds).toEqual(linux.diffIds);
      });
    }
    it('the same files and whiteouts as dockerd', () => {
      expect(built.get('classic on real Linux')!.lists).toEqual(built.get('classic by dockerd')!.lists);
      expect(built.get('classic in memory')!.lists).toEqual(built.get('classic by dockerd')!.lists);
    });
  },
);

const baseOf = (name: string): string => name.replace(/\/$/, '').split('/').at(-1)!;

/** Everything of an entry but the time at which a whiteout was made. */
function line(entry: TarEntry): string {
  const { name, type, mode, uid, gid, linkname, size, mtime, content } = entry;
  const time = isWhiteoutName(baseOf(name)) ? '' : `@${mtime.sec}`;
  const link = isWhiteoutName(baseOf(name)) ? '' : linkname;
  return `${name} ${type} ${mode.toString(8)} ${uid}:${gid} ${size} ${time} ${link} ${JSON.stringify(contentText(content))}`;
}
