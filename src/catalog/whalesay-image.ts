import { parseRfc3339, programFile } from '../spec/index.ts';
import { type ProgramAt, seedOf } from './file-content.ts';
import type { Userland } from './images.ts';
import type { Recipe } from './recipe.ts';
import { RootfsTree } from './tree.ts';

const created = '2015-05-25T22:04:23Z';
const cows = 'usr/share/cowsay/cows';

/** Differs from Docker Hub: the whale is drawn by us. */
const whale = `$the_cow = <<"EOC";
    $thoughts
     $thoughts
      $thoughts       [##][##]
           [##][##][##][##]    /|
        ______________________/ |
   ~~~ |  $eyes                   / ~~~
    ~~~ \\\\_____________________/ ~~
EOC
`;

/** docker/whalesay: cowsay on Ubuntu, whose default cow is a whale. */
export const whalesay =
  (base: (userland: Userland) => Promise<Recipe>) =>
  async (userland: Userland): Promise<Recipe> => {
    const below = await base(userland);
    return {
      created,
      steps: [
        ...below.steps,
        {
          createdBy:
            '/bin/sh -c apt-get update && apt-get install -y cowsay --no-install-recommends && rm -rf /var/lib/apt/lists/* && mv /usr/share/cowsay/cows/default.cow /usr/share/cowsay/cows/orig-default.cow',
          tree: cowsay(userland.programAt),
        },
        {
          createdBy:
            '/bin/sh -c #(nop) ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/usr/games',
        },
        {
          createdBy: `/bin/sh -c #(nop) COPY file:${seedOf('docker.cow').toString(16).padStart(8, '0').repeat(8)} in /usr/share/cowsay/cows/`,
          tree: folder().file(`${cows}/docker.cow`, whale),
        },
        {
          createdBy: '/bin/sh -c ln -sv /usr/share/cowsay/cows/docker.cow /usr/share/cowsay/cows/default.cow',
          tree: folder().symlink(`${cows}/default.cow`, `/${cows}/docker.cow`),
        },
      ],
      config: {
        Env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/usr/games'],
        Cmd: ['/bin/bash'],
      },
    };
  };

function folder(): RootfsTree {
  const tree = new RootfsTree({ ...parseRfc3339(created)!, nsec: 0 });
  const parts = cows.split('/');
  for (let depth = 1; depth <= parts.length; depth++) tree.directory(parts.slice(0, depth).join('/'), 0o755);
  return tree;
}

function cowsay(programAt: ProgramAt): RootfsTree {
  const program = programAt('/usr/games/cowsay')!;
  const size = 4664;
  return folder()
    .directory('usr/games', 0o755)
    .file('usr/games/cowsay', programFile(program, size, seedOf('usr/games/cowsay')), 0o755)
    .symlink('usr/games/cowthink', 'cowsay');
}
