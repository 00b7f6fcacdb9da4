import type { Git } from '../git.ts';
import { parse } from '../options.ts';
import { Fatal } from '../problem.ts';
import { openRemote } from '../remote/open.ts';
import { isNamed, remoteOf } from '../remote/remotes.ts';
import { peel } from '../store/commit.ts';
import { wildRegExp } from '../work/wildmatch.ts';

export async function lsRemote(git: Git, args: string[]): Promise<number> {
  const o = parse(git, args, 'q,quiet upload-pack= t,tags h,heads refs get-url sort= exit-code symref server-option=');
  const [word, ...patterns] = o.operands;
  if (word === undefined && !(git.maybe && isNamed(git, 'origin')))
    throw new Fatal('No remote configured to list refs from.');
  const remote = git.maybe ? remoteOf(git, word ?? 'origin') : { url: word!, name: word! };
  if (word === undefined && !o.has('quiet')) git.err(`From ${remote.url}\n`);
  if (o.has('get-url')) {
    git.out(`${remote.url}\n`);
    return 0;
  }
  const source = await openRemote(git, remote.url);
  const { head, headId, refs } = source.refs();
  const all = [...(headId ? [['HEAD', headId] as const] : []), ...refs];
  const fits = (name: string) => {
    if (
      o.has('heads', 'tags') &&
      !(o.has('heads') && name.startsWith('refs/heads/')) &&
      !(o.has('tags') && name.startsWith('refs/tags/'))
    )
      return false;
    if (o.has('refs') && !name.startsWith('refs/')) return false;
    return (
      patterns.length === 0 ||
      patterns.some((pattern) => wildRegExp(`**/${pattern}`, true).test(`/${name}`) || pattern === name)
    );
  };
  const shown = all.filter(([name]) => fits(name));
  for (const [name, id] of shown) {
    if (name === 'HEAD' && o.has('symref') && head) git.out(`ref: ${head}\tHEAD\n`);
    git.out(`${id}\t${name}\n`);
    const local = source.local?.objects;
    if (local?.read(id)?.type === 'tag' && !o.has('refs')) git.out(`${peel(local, id).id}\t${name}^{}\n`);
  }
  return o.has('exit-code') && shown.length === 0 ? 2 : 0;
}
