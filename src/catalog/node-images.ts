/** node of the official library: what docker-library builds on buildpack-deps, on bookworm-slim and on alpine. */
import {
  emptyContent,
  foreignProgramFile,
  parseRfc3339,
  programFile,
  SyntheticContent,
  type Timespec,
} from '../spec/index.ts';
import { unpack } from './debian/rootfs.ts';
import { seedOf } from './file-content.ts';
import type { Userland } from './images.ts';
import { dependencyNames, packageIndex } from './package-data.ts';
import type { Recipe, RecipeStep } from './recipe.ts';
import { RootfsTree } from './tree.ts';

type MakeRecipe = (userland: Userland) => Promise<Recipe>;

/** Differs from Docker Hub: all releases have the layer sizes and the date of 20. */
const releases = {
  '12': { version: '12.22.12', npm: '6.14.16', names: ['lts-erbium'] },
  '14': { version: '14.21.3', npm: '6.14.18', names: ['lts-fermium'] },
  '16': { version: '16.20.2', npm: '8.19.4', names: ['lts-gallium'] },
  '18': { version: '18.20.8', npm: '10.8.2', names: ['lts-hydrogen'] },
  '20': { version: '20.19.3', npm: '10.8.2', names: ['20.19', 'lts-iron'] },
  '22': { version: '22.17.0', npm: '10.9.2', names: ['lts-jod', 'lts'] },
  '24': { version: '24.3.0', npm: '11.4.2', names: ['current'] },
};
type Release = (typeof releases)[keyof typeof releases];

/** Major version -> its newest release. */
export const newestNodes: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(releases).map(([major, { version }]) => [major, version]),
);

const yarnVersion = '1.22.22';
const created = '2025-07-01T01:43:46Z';
const mb = 1_000_000;

const at = (time: string): Timespec => ({ ...parseRfc3339(time)!, nsec: 0 });
const fresh = (): RootfsTree => new RootfsTree(at(created));
const built = (createdBy: string, tree?: RootfsTree): RecipeStep => ({
  createdBy,
  comment: 'buildkit.dockerfile.v0',
  tree,
});

/** A file as the layers so far have it. */
function fileBelow(steps: readonly RecipeStep[], path: string) {
  const entry = steps.findLast((step) => step.tree?.has(path))?.tree?.get(path);
  if (!entry) throw new RangeError(`no ${path} below`);
  return { entry, text: new TextDecoder().decode(entry.content.read(0, entry.size)) };
}

function append(tree: RootfsTree, steps: readonly RecipeStep[], path: string, line: string): void {
  const { entry, text } = fileBelow(steps, path);
  tree.file(path, text + line, entry.mode, entry.uid, entry.gid);
}

/** The bytes that the layer has beyond what is known of it. */
function fill(tree: RootfsTree, path: string, size: number): RootfsTree {
  const rest = size - tree.size;
  return rest > 0 ? tree.file(path, new SyntheticContent(rest, seedOf(path))) : tree;
}

/** A layer of `apt-get install`: packages of our index with what they need, and a file for the rest of its size. */
async function aptLayer(
  steps: readonly RecipeStep[],
  { programAt }: Userland,
  names: readonly string[],
  size: number,
): Promise<RootfsTree> {
  const index = await packageIndex();
  const { entry, text } = fileBelow(steps, 'var/lib/dpkg/status');
  const tree = fresh().file('var/lib/dpkg/status', entry.content);
  const installed = new Set([...text.matchAll(/^Package: (\S+)/gm)].map((match) => match[1]!));
  const add = async (name: string): Promise<void> => {
    if (installed.has(name) || !index[name]) return;
    installed.add(name);
    for (const dependency of dependencyNames(index[name].Depends)) await add(dependency);
    await unpack(tree, name, index[name], programAt);
  };
  for (const name of names) await add(name);
  return fill(tree, `usr/lib/x86_64-linux-gnu/${names[0]}.data`, size);
}

const buildpack = async (base: MakeRecipe, userland: Userland): Promise<Recipe> => {
  const below = await base(userland);
  const steps = [...below.steps];
  const layers: [command: string, names: string[], size: number][] = [
    ['ca-certificates curl gnupg netbase sq wget', ['ca-certificates', 'curl', 'gnupg', 'netbase', 'wget'], 48.5 * mb],
    ['git mercurial openssh-client subversion procps', ['git', 'openssh-client', 'procps'], 177 * mb],
    [
      'autoconf automake bzip2 default-libmysqlclient-dev dpkg-dev file g++ gcc imagemagick make patch python3 unzip xz-utils zlib1g-dev',
      ['bzip2', 'dpkg-dev', 'file', 'g++', 'gcc', 'make', 'patch', 'unzip', 'xz-utils'],
      588 * mb,
    ],
  ];
  for (const [command, names, size] of layers) {
    const tree = await aptLayer(steps, userland, names, size);
    steps.push(
      built(
        `RUN /bin/sh -c set -eux; apt-get update; apt-get install -y --no-install-recommends ${command}; rm -rf /var/lib/apt/lists/* # buildkit`,
        tree,
      ),
    );
  }
  return { ...below, steps };
};

const entrypoint = `#!/bin/sh
set -e

# What is no command, or begins with a dash, is for node.
if [ "\${1#-}" != "$1" ] || [ -z "$(command -v "$1")" ] || { [ -f "$1" ] && ! [ -x "$1" ]; }; then
  set -- node "$@"
fi

exec "$@"
`;

function userLayer(steps: readonly RecipeStep[], shell: string): RootfsTree {
  const tree = fresh();
  append(tree, steps, 'etc/passwd', `node:x:1000:1000::/home/node:${shell}\n`);
  append(tree, steps, 'etc/group', 'node:x:1000:\n');
  append(tree, steps, 'etc/shadow', 'node:!:20270:0:99999:7:::\n');
  return tree.directory('home').directory('home/node', 0o755, 1000, 1000);
}

function nodeLayer({ version, npm }: Release, size: number): RootfsTree {
  const tree = fresh();
  const modules = 'usr/local/lib/node_modules';
  tree.file(
    'usr/local/bin/node',
    programFile('node', 98_900_000, seedOf(version === releases['20'].version ? 'node' : `node-${version}`)),
    0o755,
  );
  tree.symlink('usr/local/bin/nodejs', '/usr/local/bin/node');
  const manifest = (name: string, version: string, bin: Record<string, string>): string =>
    `${JSON.stringify({ name, version, bin }, null, 2)}\n`;
  tree.file(`${modules}/npm/package.json`, manifest('npm', npm, { npm: 'bin/npm-cli.js', npx: 'bin/npx-cli.js' }));
  for (const name of ['npm', 'npx']) {
    tree.file(`${modules}/npm/bin/${name}-cli.js`, programFile(name, 3000, seedOf(name)), 0o755);
    tree.symlink(`usr/local/bin/${name}`, `../lib/node_modules/npm/bin/${name}-cli.js`);
  }
  tree.file(`${modules}/corepack/package.json`, manifest('corepack', '0.32.0', { corepack: 'dist/corepack.js' }));
  tree.file(`${modules}/corepack/dist/corepack.js`, foreignProgramFile(1_000_000, seedOf('corepack')), 0o755);
  tree.symlink('usr/local/bin/corepack', '../lib/node_modules/corepack/dist/corepack.js');
  tree.file(`${modules}/npm/node_modules/.data`, new SyntheticContent(9 * mb, seedOf('npm')));
  tree.directory('usr/local/share/doc/node').file('usr/local/share/doc/node/gdbinit', emptyContent);
  return fill(tree, 'usr/local/include/node/headers', size);
}

function yarnLayer(): RootfsTree {
  const tree = fresh();
  const yarn = `opt/yarn-v${yarnVersion}`;
  tree.file(`${yarn}/bin/yarn`, foreignProgramFile(44_000, seedOf('yarn')), 0o755);
  tree.symlink(`${yarn}/bin/yarnpkg`, 'yarn');
  for (const name of ['yarn', 'yarnpkg']) tree.symlink(`usr/local/bin/${name}`, `/${yarn}/bin/${name}`);
  return fill(tree, `${yarn}/lib/cli.js`, 5.34 * mb);
}

/** Differs from Docker Hub: yarn and corepack are there and say that they are not simulated. */
const nodeImage =
  (release: Release, base: MakeRecipe, flavour: 'full' | 'slim' | 'alpine'): MakeRecipe =>
  async (userland) => {
    const below = flavour === 'full' ? await buildpack(base, userland) : await base(userland);
    const alpine = flavour === 'alpine';
    const addUser = alpine
      ? 'addgroup -g 1000 node && adduser -u 1000 -G node -s /bin/sh -D node'
      : 'groupadd --gid 1000 node && useradd --uid 1000 --gid node --shell /bin/bash --create-home node';
    const install = `ARCH= OPENSSL_ARCH= && curl -fsSLO --compressed "https://nodejs.org/dist/v$NODE_VERSION/node-v$NODE_VERSION-linux-x64.tar.xz" && tar -xJf "node-v$NODE_VERSION-linux-x64.tar.xz" -C /usr/local --strip-components=1 --no-same-owner && ln -s /usr/local/bin/node /usr/local/bin/nodejs && node --version && npm --version && rm -rf /tmp/*`;
    const size = { full: 164, slim: 120, alpine: 119 }[flavour] * mb;
    const entry = fresh().file('usr/local/bin/docker-entrypoint.sh', entrypoint, 0o755);
    const user = built(
      `RUN /bin/sh -c ${addUser} # buildkit`,
      userLayer(below.steps, alpine ? '/bin/sh' : '/bin/bash'),
    );
    const path = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
    return {
      created,
      steps: [
        ...below.steps,
        ...(alpine ? [] : [user]),
        built(`ENV NODE_VERSION=${release.version}`),
        ...(alpine
          ? [
              built(
                `RUN /bin/sh -c ${addUser} && ${install} # buildkit`,
                withUser(below.steps, nodeLayer(release, size)),
              ),
            ]
          : [built(`RUN /bin/sh -c ${install} # buildkit`, nodeLayer(release, size))]),
        built(`ENV YARN_VERSION=${yarnVersion}`),
        built(
          'RUN /bin/sh -c set -ex && curl -fsSLO --compressed "https://yarnpkg.com/downloads/$YARN_VERSION/yarn-v$YARN_VERSION.tar.gz" && mkdir -p /opt && tar -xzf yarn-v$YARN_VERSION.tar.gz -C /opt/ && ln -s /opt/yarn-v$YARN_VERSION/bin/yarn /usr/local/bin/yarn && rm -rf /tmp/* # buildkit',
          yarnLayer(),
        ),
        built('COPY docker-entrypoint.sh /usr/local/bin/ # buildkit', entry),
        built('ENTRYPOINT ["docker-entrypoint.sh"]'),
        built('CMD ["node"]'),
      ],
      config: {
        Env: [path, `NODE_VERSION=${release.version}`, `YARN_VERSION=${yarnVersion}`],
        Entrypoint: ['docker-entrypoint.sh'],
        Cmd: ['node'],
        ...(alpine && { WorkingDir: '/' }),
      },
    };
  };

/** Alpine's image does both in one layer. */
function withUser(steps: readonly RecipeStep[], tree: RootfsTree): RootfsTree {
  append(tree, steps, 'etc/passwd', 'node:x:1000:1000:Linux User,,,:/home/node:/bin/sh\n');
  append(tree, steps, 'etc/group', 'node:x:1000:node\n');
  append(tree, steps, 'etc/shadow', 'node:!:20270:0:99999:7:::\n');
  return tree.directory('home').directory('home/node', 0o2755, 1000, 1000);
}

/** Another release of a major version, with the npm of the newest. */
export const nodeOf = (
  major: string,
  version: string,
  base: MakeRecipe,
  flavour: 'full' | 'slim' | 'alpine',
): MakeRecipe => nodeImage({ ...releases[major as keyof typeof releases], version }, base, flavour);

/** Tag -> recipe, over the catalogue's own base images. */
export function nodeTags(bases: {
  debian: MakeRecipe;
  slim: MakeRecipe;
  alpine: MakeRecipe;
}): Record<string, MakeRecipe> {
  const tags: Record<string, MakeRecipe> = {};
  for (const [major, release] of Object.entries(releases)) {
    const full = nodeImage(release, bases.debian, 'full');
    const slim = nodeImage(release, bases.slim, 'slim');
    const alpine = nodeImage(release, bases.alpine, 'alpine');
    for (const name of [major, ...release.names])
      Object.assign(tags, { [name]: full, [`${name}-slim`]: slim, [`${name}-alpine`]: alpine });
    Object.assign(tags, { [`${major}-bookworm`]: full, [`${major}-bookworm-slim`]: slim });
    if (major === '24') Object.assign(tags, { latest: full, slim, alpine });
  }
  return { ...tags, '20-alpine3.22': tags['20-alpine']! };
}
