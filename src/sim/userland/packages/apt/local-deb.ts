/** `apt-get install ./x.deb`: an archive at hand as a candidate. */
import { TarError } from '../../../../archive/index.ts';
import { openDeb } from '../dpkg/archive.ts';
import { makeDirectories, readContent, writeContent } from '../sys-files.ts';
import type { Job } from './apt-get.ts';
import type { Candidate } from './cache.ts';

/** Put where apt looks for what is fetched already. */
export async function localCandidate({ sys, terminal }: Job, path: string): Promise<Candidate | undefined> {
  const content = readContent(sys, path)!;
  try {
    const { stanza } = openDeb(content);
    stanza.set('Size', String(content.size));
    const version = stanza.get('Version')!.replace(':', '%3a');
    makeDirectories(sys, '/var/cache/apt/archives');
    const name = `${stanza.get('Package')}_${version}_${stanza.get('Architecture')}.deb`;
    writeContent(sys, `/var/cache/apt/archives/${name}`, content);
    await terminal.say(`Note, selecting '${stanza.get('Package')}' instead of '${path}'\n`);
    return { stanza, source: { uri: '/', suite: 'now', components: [] }, component: '', archive: 'local-deb' };
  } catch (error) {
    if (!(error instanceof TarError)) throw error;
    await terminal.error(`Unsupported file ${path} given on commandline`);
    return undefined;
  }
}
