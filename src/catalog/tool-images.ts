/** Images of tools on top of base images: registry and golang of the official library. Scripts are our own. */
import { foreignProgramFile, parseRfc3339, programFile, type Timespec } from '../spec/index.ts';
import { seedOf } from './file-content.ts';
import type { Userland } from './images.ts';
import type { Recipe, RecipeStep } from './recipe.ts';
import { RootfsTree } from './tree.ts';
import { weigh } from './weight.ts';

type MakeRecipe = (userland: Userland) => Promise<Recipe>;

const at = (created: string): Timespec => ({ ...parseRfc3339(created)!, nsec: 0 });
const built = (createdBy: string, tree?: RootfsTree): RecipeStep => ({
  createdBy,
  comment: 'buildkit.dockerfile.v0',
  tree,
});
const defaultPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

const registryConfig = `version: 0.1
log:
  fields:
    service: registry
storage:
  cache:
    blobdescriptor: inmemory
  filesystem:
    rootdirectory: /var/lib/registry
http:
  addr: :5000
  headers:
    X-Content-Type-Options: [nosniff]
health:
  storagedriver:
    enabled: true
    interval: 10s
    threshold: 3
`;

const registryEntrypoint = `#!/bin/sh
set -e
case "$1" in
    *.yaml|*.yml) set -- registry serve "$@" ;;
    serve|garbage-collect|help|-*) set -- registry "$@" ;;
esac
exec "$@"
`;

/** 25.4 MB: alpine 3.18, certificates, the registry (17 MB). */
interface RegistryRelease {
  version: string;
  created: string;
  /** Of the program. */
  size: number;
  /** Where its configuration lies, without a slash at the front. */
  config: string;
}

export const registryReleases = {
  '2': {
    version: '2.8.3',
    created: '2023-10-02T18:42:33Z',
    size: 17_400_000,
    config: 'etc/docker/registry/config.yml',
  },
  '3': { version: '3.0.0', created: '2025-04-03T22:30:54Z', size: 49_000_000, config: 'etc/distribution/config.yml' },
} satisfies Record<string, RegistryRelease>;

/** Differs from Docker Hub: the program of 3 is the one of 2. */
export const registry =
  (base: MakeRecipe, { version, created, size, config }: RegistryRelease): MakeRecipe =>
  async (userland) => {
    const below = await base(userland);
    const tree = (): RootfsTree => new RootfsTree(at(created));
    return {
      created,
      steps: [
        ...below.steps,
        built(
          'RUN /bin/sh -c apk add --no-cache ca-certificates # buildkit',
          weigh(tree(), 500_000, 'etc/ssl/certs/ca-certificates.crt'),
        ),
        built(
          `RUN /bin/sh -c set -eux; \tversion='${version}'; \tapkArch="$(apk --print-arch)"; \twget -O registry.tar.gz "https://github.com/distribution/distribution/releases/download/v\${version}/registry_\${version}_linux_\${arch}.tar.gz"; \ttar --extract --verbose --file registry.tar.gz --directory /bin/ registry; \trm registry.tar.gz; \tregistry --version # buildkit`,
          tree().file('bin/registry', programFile('docker-registry', size, seedOf('registry')), 0o755),
        ),
        built(`COPY ./config-example.yml /${config} # buildkit`, tree().file(config, registryConfig)),
        built('VOLUME [/var/lib/registry]'),
        built('EXPOSE map[5000/tcp:{}]'),
        built(
          'COPY docker-entrypoint.sh /entrypoint.sh # buildkit',
          tree().file('entrypoint.sh', registryEntrypoint, 0o755),
        ),
        built('ENTRYPOINT ["/entrypoint.sh"]'),
        built(`CMD ["/${config}"]`),
      ],
      config: {
        Env: [`PATH=${defaultPath}`],
        ExposedPorts: { '5000/tcp': {} },
        Volumes: { '/var/lib/registry': {} },
        Entrypoint: ['/entrypoint.sh'],
        Cmd: [`/${config}`],
        WorkingDir: '/',
      },
    };
  };

const install = (packages: string): string =>
  `RUN /bin/sh -c set -eux; \tapt-get update; \tapt-get install -y --no-install-recommends ${packages
    .split(' ')
    .map((name) => `\t\t${name} `)
    .join('')}\t; \trm -rf /var/lib/apt/lists/* # buildkit`;

/** /usr/local/go: the tools, which are not simulated and say so, and the weight of the rest. */
function goTree(tree: RootfsTree, bytes: number, version: string): RootfsTree {
  tree.file('usr/local/go/VERSION', `go${version}\ntime 2025-01-30T19:14:21Z\n`);
  tree.file('usr/local/go/bin/go', foreignProgramFile(12_964_000, seedOf('go')), 0o755);
  tree.file('usr/local/go/bin/gofmt', foreignProgramFile(2_890_000, seedOf('gofmt')), 0o755);
  return weigh(tree, bytes, 'usr/local/go/pkg/tool/linux_amd64/compile');
}

/**
 * 822 MB: bookworm, three layers of buildpack-deps and the compiler's, Go itself.
 *
 * Differs from Docker: the layers below Go are weight; what Debian's packages in them do is not there.
 */
export const golang =
  (base: MakeRecipe, alpine: boolean): MakeRecipe =>
  async (userland) => {
    const below = await base(userland);
    const created = '2025-02-04T19:23:36Z';
    const version = '1.22.12';
    const tree = (): RootfsTree => new RootfsTree(at(created));
    const tools: RecipeStep[] = alpine
      ? [
          built(
            'RUN /bin/sh -c apk add --no-cache ca-certificates # buildkit',
            weigh(tree(), 521_000, 'etc/ssl/certs/ca-certificates.crt'),
          ),
        ]
      : [
          built(
            install('ca-certificates curl gnupg netbase sq wget'),
            weigh(tree(), 48_400_000, 'usr/lib/x86_64-linux-gnu/libicudata.so.72.1'),
          ),
          built(
            install('git mercurial openssh-client subversion procps'),
            weigh(tree(), 177_000_000, 'usr/lib/git-core/git'),
          ),
          built(
            install('g++ gcc libc6-dev make pkg-config'),
            weigh(tree(), 235_000_000, 'usr/lib/gcc/x86_64-linux-gnu/12/cc1plus'),
          ),
        ];
    const path = `PATH=/go/bin:/usr/local/go/bin:${defaultPath}`;
    const work = tree().directory('go', 0o1777).directory('go/src', 0o1777).directory('go/bin', 0o1777);
    return {
      created,
      steps: [
        ...below.steps,
        ...tools,
        built(`ENV GOLANG_VERSION=${version}`),
        built('ENV GOTOOLCHAIN=local'),
        built('ENV GOPATH=/go'),
        built(`ENV ${path}`),
        built('COPY /target/ / # buildkit', goTree(tree(), alpine ? 228_000_000 : 245_000_000, version)),
        built('RUN /bin/sh -c mkdir -p "$GOPATH/src" "$GOPATH/bin" && chmod -R 1777 "$GOPATH" # buildkit', work),
        built('WORKDIR /go', tree()),
      ],
      config: {
        Env: [path, `GOLANG_VERSION=${version}`, 'GOTOOLCHAIN=local', 'GOPATH=/go'],
        Cmd: alpine ? ['/bin/sh'] : ['bash'],
        WorkingDir: '/go',
      },
    };
  };
