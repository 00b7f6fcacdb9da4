/** The official python images: CPython under /usr/local on Debian or Alpine, with pip. */
import { parseRfc3339, programFile, SyntheticContent, type Timespec } from '../spec/index.ts';
import { seedOf } from './file-content.ts';
import type { Userland } from './images.ts';
import type { Recipe, RecipeStep } from './recipe.ts';
import { RootfsTree } from './tree.ts';

type MakeRecipe = (userland: Userland) => Promise<Recipe>;

interface PythonImage {
  version: string;
  created: string;
  gpgKey: string;
  sha256: string;
  pip: string;
  /** Other distributions in site-packages: name, version. */
  also: readonly (readonly [name: string, version: string])[];
  /** Bytes of the layers between the base and CPython's: what they are made by, and how much they weigh. */
  before: readonly (readonly [createdBy: string, size: number])[];
  /** Bytes of the layer with CPython. */
  size: number;
  /** Images of 2021 carried more variables and got pip in a layer of its own. */
  env?: readonly string[];
}

const path = 'PATH=/usr/local/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** Differs from Docker Hub: the standard library's files stand in for the real ones; the interpreter brings its own. */
const library =
  'abc argparse ast base64 bisect calendar codecs collections/__init__ contextlib copy csv dataclasses datetime decimal email/__init__ enum functools getpass glob gzip hashlib html/__init__ http/__init__ http/client http/server importlib/__init__ inspect io json/__init__ json/decoder json/encoder keyword linecache locale logging/__init__ math_ operator os pathlib pickle platform posixpath pprint queue random re/__init__ sched secrets select_ shlex shutil signal site smtplib socket socketserver sqlite3/__init__ ssl stat string struct subprocess tarfile tempfile textwrap threading time_ timeit token tokenize traceback types typing unittest/__init__ urllib/__init__ urllib/parse urllib/request uuid venv/__init__ warnings weakref wsgiref/__init__ wsgiref/simple_server xml/__init__ zipfile zipimport'
    .split(' ')
    .filter((name) => !name.endsWith('_'));

const at = (created: string): Timespec => ({ ...parseRfc3339(created)!, nsec: 0 });
const built = (createdBy: string, tree?: RootfsTree): RecipeStep => ({
  createdBy,
  comment: 'buildkit.dockerfile.v0',
  tree,
});

/** `python` on a base image. */
export const pythonImage =
  (base: MakeRecipe, facts: PythonImage): MakeRecipe =>
  async (userland) => {
    const below = await base(userland);
    const { created, version, gpgKey, sha256 } = facts;
    const env = [path, 'LANG=C.UTF-8', `GPG_KEY=${gpgKey}`, `PYTHON_VERSION=${version}`];
    env.push(...(facts.env ?? []), ...(facts.env ? [] : [`PYTHON_SHA256=${sha256}`]));
    const { tree, links } = interpreter(facts);
    return {
      created,
      steps: [
        ...below.steps,
        built(`ENV ${path}`),
        built('ENV LANG=C.UTF-8'),
        ...facts.before.map(([createdBy, size]) => built(createdBy, filler(createdBy, size, at(created)))),
        built(`ENV GPG_KEY=${gpgKey}`),
        built(`ENV PYTHON_VERSION=${version}`),
        ...(facts.env ? [] : [built(`ENV PYTHON_SHA256=${sha256}`)]),
        built(
          'RUN /bin/sh -c set -eux; wget -O python.tar.xz "https://www.python.org/ftp/python/${PYTHON_VERSION%%[a-z]*}/Python-$PYTHON_VERSION.tar.xz"; ./configure --enable-loadable-sqlite-extensions --enable-optimizations --enable-shared --with-ensurepip; make; make install; ldconfig; python3 --version; pip3 --version # buildkit',
          tree,
        ),
        built(
          'RUN /bin/sh -c set -eux; for src in idle3 pip3 pydoc3 python3 python3-config; do dst="$(echo "$src" | tr -d 3)"; ln -svT "$src" "/usr/local/bin/$dst"; done # buildkit',
          links,
        ),
        ...(facts.env ?? []).map((variable) => built(`ENV ${variable}`)),
        built('CMD ["python3"]'),
      ],
      config: { Env: env, Cmd: ['python3'] },
    };
  };

/**
 * Python as Docker's hardened images have it: the interpreter alone, without shell, pip and package manager, for a user who
 * is not root. Differs from dhi.io: it lies under /usr/local as in the official image, not under /opt/python.
 */
export const hardenedPython =
  (facts: Facts): MakeRecipe =>
  async () => {
    const { created, version } = facts;
    const short = version.split('.').slice(0, 2).join('.');
    const { tree, links } = interpreter({ ...facts, before: [], size: 41_000_000 });
    for (const { name } of tree.toEntries())
      if (
        /(^|\/)(pip|python[\d.]*-config)/.test(name.slice(name.lastIndexOf('bin/'))) ||
        name.includes('/site-packages/')
      )
        tree.remove(name);
    tree.directory(`usr/local/lib/python${short}/site-packages`).directory('tmp', 0o1777);
    links.remove('usr/local/bin/python-config');
    tree.file(
      'etc/passwd',
      `root:x:0:0:root:/root:/sbin/nologin\nnobody:x:65534:65534:nobody:/nonexistent:/sbin/nologin\n${nonroot}\n`,
    );
    tree.file('etc/group', 'root:x:0:\nnobody:x:65534:\nnonroot:x:65532:\n');
    tree.file(
      'etc/os-release',
      'PRETTY_NAME="Docker Hardened Images (Debian GNU/Linux 12)"\nID=debian\nVERSION_ID="12"\n',
    );
    return {
      created,
      steps: [
        { createdBy: 'COPY / / # buildkit', comment: 'buildkit.dockerfile.v0', tree },
        { createdBy: 'COPY / / # buildkit', comment: 'buildkit.dockerfile.v0', tree: links },
      ],
      config: { Env: [path, 'LANG=C.UTF-8', `PYTHON_VERSION=${version}`], Cmd: ['python3'], User: 'nonroot' },
    };
  };

const nonroot = 'nonroot:x:65532:65532:nonroot:/home/nonroot:/sbin/nologin';

/** Files nobody needs, of the size that a layer of packages has. */
function filler(name: string, size: number, mtime: Timespec): RootfsTree {
  const tree = new RootfsTree(mtime);
  const part = 32 << 20;
  for (let left = size, i = 0; left > 0; left -= part, i++) {
    const path = `usr/lib/x86_64-linux-gnu/layer-${seedOf(name).toString(16)}-${i}.so`;
    tree.file(path, new SyntheticContent(Math.min(left, part), seedOf(path)));
  }
  return tree;
}

function interpreter({ version, created, pip, also, size }: PythonImage): { tree: RootfsTree; links: RootfsTree } {
  const short = version.split('.').slice(0, 2).join('.');
  const tree = new RootfsTree(at(created));
  const bin = 'usr/local/bin';
  tree.file(`${bin}/python${short}`, programFile(`python/${version}`, 14_472, seedOf(version)), 0o755);
  tree.symlink(`${bin}/python3`, `python${short}`);
  tree
    .file(`${bin}/python${short}-config`, '#!/bin/sh\n', 0o755)
    .symlink(`${bin}/python3-config`, `python${short}-config`);
  for (const name of ['pip', 'pip3', `pip${short}`]) {
    tree.file(`${bin}/${name}`, programFile('pip', 228, seedOf(name)), 0o755);
  }
  const lib = `usr/local/lib/python${short}`;
  for (const name of library) tree.file(`${lib}/${name}.py`, standIn(`${lib}/${name}.py`));
  tree.directory(`${lib}/lib-dynload`).directory(`${lib}/site-packages`);
  for (const [name, of] of [['pip', pip] as const, ...also]) distribution(tree, `${lib}/site-packages`, name, of);
  tree.symlink('usr/local/lib/libpython3.so', `libpython${short}.so.1.0`);
  const shared = `usr/local/lib/libpython${short}.so.1.0`;
  tree.file(shared, new SyntheticContent(7_000_000, seedOf(shared)), 0o755);
  const rest = `${lib}/lib-dynload/library.bin`;
  tree.file(rest, new SyntheticContent(Math.max(0, size - tree.size), seedOf(rest)));
  const links = new RootfsTree(at(created));
  for (const name of ['python', 'python-config']) links.symlink(`${bin}/${name}`, name.replace('python', 'python3'));
  return { tree, links };
}

const standIn = (path: string): string => `# drydock: stands in for /${path}\n`;

function distribution(tree: RootfsTree, site: string, name: string, version: string): void {
  const info = `${site}/${name}-${version}.dist-info`;
  tree.file(`${site}/${name}/__init__.py`, standIn(`${site}/${name}/__init__.py`));
  tree.file(`${info}/METADATA`, `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\n`);
  tree.file(`${info}/INSTALLER`, 'pip\n');
  tree.file(`${info}/RECORD`, `${name}/__init__.py,,\n${name}-${version}.dist-info/METADATA,,\n`);
}

const apt = (packages: string) =>
  `RUN /bin/sh -c set -eux; apt-get update; apt-get install -y --no-install-recommends ${packages} ; rm -rf /var/lib/apt/lists/* # buildkit`;

export const python312 = {
  version: '3.12.11',
  created: '2025-06-04T00:00:00Z',
  gpgKey: '7169605F62C751356D054A26A821E680E5FA6305',
  sha256: 'c30bb24b7f1e9a19b11b55a546434f74e739bb4c271a3e3a80ff4380d49f7adb',
  pip: '25.0.1',
  also: [],
};

/** Differs from Docker Hub: without PYTHON_SHA256, and on bookworm whatever their age. */
const other = (version: string, created: string, gpgKey: string) => ({
  ...python312,
  version,
  created,
  gpgKey,
  env: [],
});
export const otherPythons = {
  '3.13': other('3.13.5', '2025-06-12T00:00:00Z', '7169605F62C751356D054A26A821E680E5FA6305'),
  '3.11': other('3.11.13', '2025-06-04T00:00:00Z', 'A035C8C19219BA821ECEA86B64E628F8D684696D'),
  '3.10': other('3.10.18', '2025-06-04T00:00:00Z', 'A035C8C19219BA821ECEA86B64E628F8D684696D'),
  '3.9': other('3.9.23', '2025-06-04T00:00:00Z', 'E3FF2839C048B25C084DEBE9B26995E310250568'),
  '3.8': other('3.8.20', '2024-09-07T00:00:00Z', 'E3FF2839C048B25C084DEBE9B26995E310250568'),
};
/** Found by its releases alone: no tag of it is locked. */
export const python37 = other('3.7.17', '2023-06-06T00:00:00Z', '0D96DF4D4110E5C43FBFB17F2D347EA6AA65421D');

/** Differs from Docker Hub: 3.6-slim stands on bookworm, not on bullseye. */
export const python36Slim = (base: MakeRecipe): MakeRecipe =>
  pythonImage(base, {
    version: '3.6.15',
    created: '2021-12-21T12:31:25Z',
    gpgKey: '0D96DF4D4110E5C43FBFB17F2D347EA6AA65421D',
    sha256: '',
    pip: '21.2.4',
    also: [
      ['setuptools', '57.5.0'],
      ['wheel', '0.37.1'],
    ],
    before: [[apt('ca-certificates netbase tzdata'), 3_100_000]],
    size: 41_000_000,
    env: [
      'PYTHON_PIP_VERSION=21.2.4',
      'PYTHON_SETUPTOOLS_VERSION=57.5.0',
      'PYTHON_GET_PIP_URL=https://github.com/pypa/get-pip/raw/3cb8888cc2869620f57d5d2da64da38f516078c7/public/get-pip.py',
      'PYTHON_GET_PIP_SHA256=c518250e91a70d7b20cceb15272209a4ded2a0c263ae5776f129e0d9b5674309',
    ],
  });

export type Facts = Omit<PythonImage, 'before' | 'size'>;

export const python312Slim = (base: MakeRecipe, facts: Facts = python312): MakeRecipe =>
  pythonImage(base, { ...facts, before: [[apt('ca-certificates netbase tzdata'), 9_300_000]], size: 41_400_000 });

export const python312Alpine = (base: MakeRecipe, facts: Facts = python312): MakeRecipe =>
  pythonImage(base, {
    ...facts,
    before: [['RUN /bin/sh -c set -eux; apk add --no-cache ca-certificates tzdata ; # buildkit', 1_800_000]],
    size: 37_000_000,
  });

/** Differs from Docker Hub: the compilers and libraries of buildpack-deps are bytes without programs. */
export const python312Full = (base: MakeRecipe, facts: Facts = python312): MakeRecipe =>
  pythonImage(base, {
    ...facts,
    before: [
      [apt('ca-certificates curl gnupg netbase sq wget'), 48_500_000],
      [apt('git mercurial openssh-client subversion procps'), 177_000_000],
      [apt('autoconf automake bzip2 default-libmysqlclient-dev dpkg-dev file g++ gcc'), 588_000_000],
      [apt('libbluetooth-dev tk-dev uuid-dev'), 18_900_000],
    ],
    size: 67_000_000,
  });
