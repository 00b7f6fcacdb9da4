/**
 * Projects and command lines for `docker compose config`, recorded by scripts/record-compose-config.mjs. A case is a name, what
 * lies in /srv/shop (a text alone is compose.yaml; paths may climb), arguments and environment. One thing wrong at most:
 * of two errors Go tells the one its map gives first.
 */
const cases = [];

/** @param {string} name @param {string | Record<string, string>} files @param {{ args?: string[], env?: Record<string, string>, stdin?: string, cwd?: string }} [more] */
function add(name, files, more = {}) {
  const { args = ['config'], ...rest } = more;
  cases.push({ name, files: typeof files === 'string' ? { 'compose.yaml': files } : files, args, ...rest });
}

/** A service `web` of these lines. */
const web = (body, more = '') =>
  `services:\n  web:\n    image: nginx\n${body
    .trim()
    .split('\n')
    .map((line) => `    ${line}\n`)
    .join('')}${more}`;

// --- the whole of it
add('nothing there', { 'other.txt': 'x' });
add('an empty file', '');
add('only a comment', '# nothing\n');
add('a list at the top', '- a\n- b\n');
add('a text at the top', 'hello\n');
add('one service', web(''));
add('no services', 'volumes:\n  data: {}\n');
add('services null', 'services:\n');
add('a service null', 'services:\n  web:\n');
add('neither image nor build', 'services:\n  web: {}\n');
add('version', `version: "3.9"\n${web('')}`);
add('version as number', `version: 3.9\n${web('')}`);

// --- names
add('name in the file', `name: My-Shop\n${web('')}`);
add('name of variables', `name: "\${WHO:-them}-shop"\n${web('')}`);
add('name by flag', web(''), { args: ['-p', 'other', 'config'] });
add('name by flag wrong', web(''), { args: ['-p', 'Other!', 'config'] });
add('name by environment', web(''), { env: { COMPOSE_PROJECT_NAME: 'fromenv' } });
add('name by environment wrong', web(''), { env: { COMPOSE_PROJECT_NAME: 'From Env' } });
add('name by .env', { 'compose.yaml': web(''), '.env': 'COMPOSE_PROJECT_NAME=dotted\n' });
add('name used in the file', web('environment:\n  N: "$COMPOSE_PROJECT_NAME"'));
add('name empty by variables', `name: "\${NOBODY:-}"\n${web('')}`);
add('name a list', `name: [a]\n${web('')}`);

// --- which files
add('docker-compose.yml', { 'docker-compose.yml': web('') });
add('two names', { 'compose.yaml': web(''), 'docker-compose.yml': web('tty: true') });
add('an override', { 'compose.yaml': web(''), 'compose.override.yaml': web('tty: true') });
add('a file in a parent', { 'compose.yaml': web('volumes: ["./a:/a"]'), 'deep/er/x': '' }, { cwd: 'deep/er' });
add(
  'two files by flag',
  { 'a.yaml': web('ports: ["80"]'), 'b.yaml': web('ports: ["81"]') },
  {
    args: ['-f', 'a.yaml', '-f', 'b.yaml', 'config'],
  },
);
add(
  'a file by flag elsewhere',
  { '../other/c.yaml': web('volumes: ["./d:/d"]') },
  {
    args: ['-f', '../other/c.yaml', 'config'],
  },
);
add('a file by flag not there', {}, { args: ['-f', 'none.yaml', 'config'] });
add('a file by flag a directory', { 'dir/x': '' }, { args: ['-f', 'dir', 'config'] });
add('standard input', { 'x/y': '' }, { args: ['-f', '-', 'config'], stdin: web('volumes: ["./d:/d"]') });
add(
  'COMPOSE_FILE',
  { 'a.yaml': web('ports: ["80"]'), 'b.yaml': web('ports: ["81"]') },
  {
    env: { COMPOSE_FILE: 'a.yaml:b.yaml' },
  },
);
add(
  'COMPOSE_FILE with a separator',
  { 'a.yaml': web(''), 'b.yaml': web('tty: true') },
  {
    env: { COMPOSE_FILE: 'a.yaml;b.yaml', COMPOSE_PATH_SEPARATOR: ';' },
  },
);
add('COMPOSE_FILE not there', {}, { env: { COMPOSE_FILE: 'a.yaml' } });
add('COMPOSE_FILE in .env', { '.env': 'COMPOSE_FILE=z.yaml\n', 'z.yaml': web('tty: true') });
add(
  'project directory',
  { 'a/compose.yaml': web('volumes: ["./d:/d"]'), 'b/.env': 'X=1\n' },
  {
    args: ['--project-directory', 'b', '-f', 'a/compose.yaml', 'config'],
  },
);

// --- variables
add(
  'variables of all kinds',
  web(`environment:
  - A=$SET
  - B=\${SET}
  - C=\${SET:-no}
  - D=\${NONE:-no}
  - E=\${EMPTY:-no}
  - F=\${EMPTY-no}
  - G=\${NONE-no}
  - H=\${SET:+yes}
  - I=\${EMPTY:+yes}
  - J=\${EMPTY+yes}
  - K=\${NONE+yes}
  - L=\${NONE:-\${SET}}
  - M=\${NONE:-\${NADA:-deep}}
  - N=$$SET
  - O=$\${SET}
  - P=\${NONE:-a b:c}
  - Q=\${SET}-\${SET}_x
  - R=\${NONE:-}\${SET:-x}
  - S=a}b{c
  - T=\${NONE:-{}}
  - U=\${NONE:-a}b}c`),
  { env: { SET: 'set', EMPTY: '' } },
);
add('a variable not set', web('command: echo $NOPE ${NOPE2}'));
add('a required variable', web('hostname: ${MUST:?tell me}'));
add('a required variable without words', web('hostname: ${MUST?}'));
add('a required variable set', web('hostname: ${MUST:?tell me}\nuser: "${E?}"'), { env: { MUST: 'm', E: '' } });
add('a bad variable', web('hostname: "${}"'));
add('a dollar alone', web('hostname: "a$"'));
add('a dollar before a digit', web('hostname: "$1"'));
add('an unclosed variable', web('hostname: "${A"'));
add('a bad default inside', web('hostname: "${A:-${}}"'));
add('keys are not replaced', web('labels:\n  $SET: a\n  b: $SET'), { env: { SET: 's' } });
add(
  'casts',
  web(`tty: "\${T}"
privileged: "\${F:-false}"
scale: "\${N}"
cpus: "\${C}"
read_only: "yes"
healthcheck:
  retries: "\${N}"
  disable: "off"
ulimits:
  nproc: "\${N}"`),
  { env: { T: 'true', N: '3', C: '0.5' } },
);
add('a cast that fails', web('scale: "${N}"'), { env: { N: 'many' } });
add('a boolean that fails', web('tty: "${N}"'), { env: { N: 'maybe' } });
add('no interpolation', web('hostname: ${A:-b}\nports: ["${P}:80", "81"]\nenvironment: [X, "Y=$Z"]'), {
  args: ['config', '--no-interpolate'],
});

// --- .env and env_file
add('.env of all kinds', {
  'compose.yaml': web('environment: [A, B, C, D, E, F, G, H, I, J, K, L, M, N]'),
  '.env': `# comment
A=plain
B="double $A\\n"
C='single $A'
export D=exported
E = spaced
F=with # comment
G=with#nocomment
H: yaml
I="say \\"hi\\""
J='it\\'s'
K=
L=\${A}-x
M="two
lines"
N=\${NONE:-def}
`,
});
add(
  '.env under the environment',
  { 'compose.yaml': web('environment: [A, B]'), '.env': 'A=file\nB=$A\n' },
  { env: { A: 'env' } },
);
add('.env with a bad line', { 'compose.yaml': web(''), '.env': 'A=1\nB B=2\n' });
add('.env with a bad name', { 'compose.yaml': web(''), '.env': 'A=1\nB!=2\n' });
add('.env with an open quote', { 'compose.yaml': web(''), '.env': 'A="open\n' });
add('.env with a variable not set', { 'compose.yaml': web('environment: [A]'), '.env': 'A=$NOTHERE\n' });
add(
  '--env-file',
  { 'compose.yaml': web('environment: [A, B]'), 'x.env': 'A=x\n', '.env': 'A=dot\nB=dot\n' },
  {
    args: ['--env-file', 'x.env', 'config'],
  },
);
add(
  'two --env-file',
  { 'compose.yaml': web('environment: [A, B]'), 'x.env': 'A=x\n', 'y.env': 'A=y\nB=$A\n' },
  {
    args: ['--env-file', 'x.env', '--env-file', 'y.env', 'config'],
  },
);
add('--env-file not there', web(''), { args: ['--env-file', 'none.env', 'config'] });
add(
  'COMPOSE_ENV_FILES',
  { 'compose.yaml': web('environment: [A]'), 'x.env': 'A=x\n' },
  { env: { COMPOSE_ENV_FILES: 'x.env' } },
);
add('env_file', {
  'compose.yaml': web('env_file: a.env\nenvironment:\n  B: own\n  C:'),
  'a.env': 'A=1\nB=file\nC=file\nD=$B\nE\n',
});
add('env_file list', {
  'compose.yaml': web('env_file:\n  - a.env\n  - path: b.env\n  - path: none.env\n    required: false'),
  'a.env': 'A=1\nB=1\n',
  'b.env': 'B=2\nC=$A\n',
});
add('env_file not there', web('env_file: none.env'));
add('environment from outside', web('environment:\n  - HERE\n  - GONE\n  - EMPTY=\n  - V=a=b'), { env: { HERE: 'x' } });
add(
  'environment map',
  web('environment:\n  S: text\n  N: 1\n  F: 1.5\n  B: true\n  E: ""\n  Z:\n  BIG: 12345678901234567890\n  O: 0755'),
  { env: { Z: 'z' } },
);

// --- YAML
add(
  'anchors and merge keys',
  `x-base: &base
  restart: always
  environment: &env
    A: a
services:
  one:
    <<: *base
    image: i
  two:
    <<: [*base, {tty: true, restart: "no"}]
    image: i
    environment:
      <<: *env
      B: b
`,
);
add(
  'extensions everywhere',
  `x-top: {a: 1, b: [x, {y: z}]}
services:
  web:
    image: i
    volumes: ["d:/d"]
    x-own: hi
    deploy:
      x-deploy: 1
    logging:
      driver: json-file
      x-log: true
networks:
  default:
    x-net: 5
volumes:
  d:
    x-vol: 1.5
`,
);
add('a duplicate key', 'services:\n  web:\n    image: a\n    image: b\n');
add('a duplicate key at the top', `${web('')}services: {}\n`);
add('a key that is a number', 'services:\n  web:\n    image: a\n    labels:\n      1: x\n');
add('bad indentation', 'services:\n  web:\n    image: a\n   ports: []\n');
add('a tab', 'services:\n\tweb:\n    image: a\n');
add('an open bracket', 'services:\n  web:\n    ports: ["80"\n    image: a\n');
add('a colon too many', 'services:\n  web:\n    image: a: b\n');
add('an open quote', 'services:\n  web:\n    image: "a\n');
add('an unknown alias', 'services:\n  web:\n    image: *nope\n');
add('a key without colon', 'services:\n  web:\n    image: a\n    tty\n');
add('documents', `${web('ports: ["80"]')}---\n${web('tty: true')}`);
add('reset', {
  'compose.yaml': web('ports: ["80"]\nenvironment: {A: 1, B: 2}'),
  'compose.override.yaml': 'services:\n  web:\n    ports: !reset []\n    environment:\n      A: !reset null\n',
});
add('override tag', {
  'compose.yaml': web('ports: ["80"]'),
  'compose.override.yaml': 'services:\n  web:\n    ports: !override ["81"]\n',
});
add(
  'texts that need quotes',
  web(`labels:
  a: "yes"
  b: "1"
  c: "null"
  d: "1.0"
  e: "a: b"
  f: "# x"
  g: "- x"
  h: "it's"
  i: 'say "x"'
  j: " lead"
  k: "trail "
  l: "two\\nlines"
  m: "two\\nlines\\n"
  n: "\\ttab"
  o: "1:30"
  p: "2024-01-01"
  q: "0x1F"
  r: "~"
  s: "*a"
  t: "&a"
  u: "{a}"
  v: "[a]"
  w: "a #b"
  x: "a:b"
  y: "@a"
  z: "é ü 😀"
  aa: "%a"
  ab: "!a"
  ac: "?a"
  ad: "? a"
  ae: ",a"
  af: "\\n"
  ag: "  two\\n lead"
  ah: "a\\\\b"
  ai: "1_000"
  aj: "<<"
  ak: "="
  al: "..."
  am: "0o7"
  an: "08"
  ao: ".5"
  ap: "+1"
  aq: "a,b"
  ar: "a]b"
  as: "x: "
  at: "n"
  au: "Off"
  av: "\`x\`"
  aw: "\\u0001"
  ax: "line one\\n\\nline three\\n\\n"
  ay: "${'long '.repeat(30)}end"`),
);
add(
  'keys in natural order',
  web(
    'labels:\n  a10: x\n  a9: x\n  a1b: x\n  A: x\n  _u: x\n  "1": x\n  "02": x\n  "true": x\n  a.b: x\n  a-b: x\n  a/b: x\n  ab: x',
  ),
);
add(
  'block texts',
  web(
    'command:\n  - sh\n  - -c\n  - |\n    echo a\n    echo b\n  - >\n    folded\n    text\nlabels:\n  l: |-\n    x\n      y',
  ),
);

// --- merging
const two = (name, a, b, more = {}) => add(name, { 'compose.yaml': web(a), 'compose.override.yaml': web(b) }, more);
two(
  'merge lists',
  'ports: ["80:80"]\ncap_add: [A]\ndns: 1.1.1.1\ntmpfs: /a\nexpose: ["1"]\nsecurity_opt: [x]',
  'ports: ["80:80", "81:81"]\ncap_add: [A, B]\ndns: [2.2.2.2]\ntmpfs: [/b]\nexpose: ["1", "2"]\nsecurity_opt: [x]',
);
two(
  'merge maps',
  'environment: {A: 1, B: 1}\nlabels: [x=1]\nsysctls: {a: 1}',
  'environment: [B=2, C=3]\nlabels: {x: 2, y: 3}\nsysctls: [a=2]',
);
two('merge volumes', 'volumes: ["a:/a", "./b:/b"]', 'volumes: ["./c:/b", "d:/d"]', {
  args: ['config', '--no-consistency'],
});
two(
  'merge commands',
  'command: a b\nentrypoint: [x]\nhealthcheck: {test: a, interval: 1s}',
  'command: [c]\nentrypoint: y z\nhealthcheck: {test: [CMD, b], retries: 2}',
);
two('merge logging', 'logging: {driver: a, options: {x: "1"}}', 'logging: {driver: b, options: {y: "2"}}');
two('merge logging of one driver', 'logging: {driver: a, options: {x: "1"}}', 'logging: {options: {y: "2"}}');
two(
  'merge ulimits',
  'ulimits: {nofile: 1, nproc: {soft: 1, hard: 2}}',
  'ulimits: {nofile: {soft: 3, hard: 4}, nproc: 5}',
);
two('merge networks', 'networks: [default]', 'networks: {default: {aliases: [x]}}');
two(
  'merge depends_on',
  'depends_on: [a]',
  'depends_on: {a: {condition: service_healthy}, b: {condition: service_started}}',
  { args: ['config', '--no-consistency'] },
);
two('merge build', 'build: ./x', 'build: {args: {A: 1}, target: t}');
two('merge a list over a map', 'deploy: {replicas: 1}', 'deploy: [a]');
two('merge extra hosts', 'extra_hosts: ["a:1.1.1.1"]', 'extra_hosts: {a: 2.2.2.2, b: 3.3.3.3}');
two('merge devices', 'devices: ["/dev/a:/dev/x"]', 'devices: ["/dev/b:/dev/x"]');

// --- extends and include
add(
  'extends in the file',
  'services:\n  base:\n    image: i\n    environment: {A: 1}\n    ports: ["80"]\n  web:\n    extends: base\n    environment: {B: 2}\n    ports: ["81"]\n',
);
add('extends another file', {
  'compose.yaml': 'services:\n  web:\n    extends:\n      file: sub/base.yaml\n      service: base\n    command: x\n',
  'sub/base.yaml':
    'services:\n  base:\n    image: i\n    build: ./ctx\n    volumes: ["./data:/data"]\n    env_file: b.env\n    extends: more\n  more:\n    tty: true\n',
  'sub/b.env': 'FROM=base\n',
});
add('extends nothing', 'services:\n  web:\n    extends: none\n    image: i\n');
add('extends nothing of a file', {
  'compose.yaml': 'services:\n  web:\n    extends: {file: b.yaml, service: none}\n',
  'b.yaml': 'services:\n  x: {image: i}\n',
});
add('extends a file not there', 'services:\n  web:\n    extends: {file: b.yaml, service: none}\n');
add('extends in a circle', 'services:\n  a:\n    image: i\n    extends: a\n');
add('extends of extends', {
  'compose.yaml': 'services:\n  web:\n    extends: {file: a/a.yaml, service: a}\n',
  'a/a.yaml': 'services:\n  a:\n    extends: {file: ../b/b.yaml, service: b}\n    volumes: ["./va:/va"]\n',
  'b/b.yaml': 'services:\n  b:\n    image: i\n    volumes: ["./vb:/vb"]\n',
});
add('include', {
  'compose.yaml': `include: [sub/compose.yaml]\n${web('depends_on: [db]')}`,
  'sub/compose.yaml': 'services:\n  db:\n    image: db:${V}\n    volumes: ["./x:/x", "data:/d"]\nvolumes: {data: {}}\n',
  'sub/.env': 'V=9\n',
});
add('include long', {
  'compose.yaml': `include:\n  - path: [sub/a.yaml, sub/b.yaml]\n    project_directory: pd\n    env_file: my.env\n${web('')}`,
  'sub/a.yaml': 'services:\n  db:\n    image: db:${V}\n    build: .\n',
  'sub/b.yaml': 'services:\n  db:\n    tty: true\n',
  'my.env': 'V=8\n',
});
add('include in a circle', {
  'compose.yaml': 'include: [b.yaml]\nservices: {a: {image: i}}\n',
  'b.yaml': 'include: [compose.yaml]\nservices: {b: {image: i}}\n',
});
add('include a conflict', {
  'compose.yaml': 'include: [b.yaml]\nservices: {a: {image: i}}\n',
  'b.yaml': 'services: {a: {image: j}}\n',
});
add('include not there', 'include: [b.yaml]\nservices: {a: {image: i}}\n');
add('include nested', {
  'compose.yaml': `include: [s/a.yaml]\n${web('')}`,
  's/a.yaml': 'include: [t/b.yaml]\nservices: {a: {image: i, volumes: ["./a:/a"]}}\n',
  's/t/b.yaml': 'services: {b: {image: i, volumes: ["./b:/b"]}}\n',
});

// --- short forms
add(
  'ports',
  web(
    'ports:\n  - 80\n  - "8080:80"\n  - "127.0.0.1:81:81"\n  - "82-83:82-83"\n  - "90-92"\n  - "53:53/udp"\n  - "[::1]:99:99"\n  - "1000-1002:5000"\n  - target: 70\n    published: "7070"\n    protocol: udp\n    mode: host\n    name: x\n    app_protocol: http\n  - {target: 71, published: 7171}\n  - {target: 72, host_ip: 10.0.0.1}',
  ),
);
for (const [name, spec] of [
  ['a word', 'http:80'],
  ['too big', '80:99999'],
  ['three', '1:2:3'],
  ['protocol', '80/x'],
  ['ranges', '1-2:1-3'],
  ['nothing', '8080:'],
  ['ip', '1.2.3:80:80'],
])
  add(`ports wrong: ${name}`, web(`ports: ["${spec}"]`));
add('ports twice', web('ports: ["80:80", "80:80"]'));
add('ports twice by ranges', web('ports: ["80-81:80-81", "80:80"]'));
add('ports a wrong address', web('ports: [{target: 80, host_ip: nowhere}]'));
add('ports without target', web('ports: [{published: "80"}]'));
add(
  'volumes',
  web(
    `volumes:
  - data:/data
  - ./rel:/rel
  - ../up:/up:ro
  - /abs:/abs:rw,z
  - ~/home:/home
  - /anon
  - data:/nocopy:nocopy
  - ./p:/p:rshared
  - type: bind
    source: ./long
    target: /long
    bind: {create_host_path: false, propagation: rslave}
  - type: volume
    source: data
    target: /vol/
    volume: {nocopy: true, subpath: s}
  - {type: tmpfs, target: /tmp, tmpfs: {size: 64m, mode: 0755}}
  - type: bind
    source: /x
    target: /y
    read_only: true
    consistency: cached`,
    'volumes:\n  data:\n',
  ),
);
for (const [name, spec] of [
  ['empty section', 'a::b'],
  ['too many', 'a:b:c:d'],
  ['ends in a colon', 'a:'],
])
  add(`volumes wrong: ${name}`, web(`volumes: ["${spec}"]`));
add('volumes without type', web('volumes: [{source: a, target: /a}]'));
add('volumes bind without source', web('volumes: [{type: bind, target: /a}]'));
add('volumes twice', web('volumes: ["a:/x", "b:/x"]', 'volumes: {a: {}, b: {}}\n'));
add('volumes and tmpfs', web('volumes: ["a:/x"]\ntmpfs: /x', 'volumes: {a: {}}\n'));
add('command lines', web(`command: sh -c "echo 'a b' \\"c\\"" d\\ e 'f g'\nentrypoint: ""`));
add('command null', web('command: null\nentrypoint: []'));
add('command unfinished', web(`command: "echo 'a"`));
add(
  'build',
  `services:
  a:
    build: .
  b:
    build:
      context: ./dir
      dockerfile: ../Dockerfile.x
      args:
        A: 1
        B:
        C: c
      target: t
      labels: [l=1]
      cache_from: [x]
      cache_to: [y]
      no_cache: true
      pull: true
      network: host
      shm_size: 128m
      extra_hosts: ["h:1.2.3.4"]
      tags: [t1, t2]
      platforms: [linux/amd64]
      privileged: true
      additional_contexts: [res=./res, web=https://x/y]
      ssh: [default]
      secrets: [s]
      ulimits: {nofile: 5}
      isolation: x
  c:
    build: https://github.com/a/b.git#main:sub
  d:
    build: {dockerfile_inline: "FROM x\\nRUN y\\n"}
secrets:
  s: {file: ./s}
`,
  { env: { B: 'envb' } },
);
add('build args without values', 'services:\n  a:\n    build:\n      context: .\n      args: [A, B, C=3]\n', {
  env: { A: '1' },
});
add(
  'depends_on',
  'services:\n  a: {image: i, depends_on: [b]}\n  b: {image: i, depends_on: {c: {condition: service_healthy, restart: true}}}\n  c: {image: i, healthcheck: {test: [CMD, x]}}\n',
);
add(
  'implied dependencies',
  'services:\n  a: {image: i, links: ["b:x", c], volumes_from: ["d:ro", "container:z"], ipc: "service:e", pid: host}\n  b: {image: i}\n  c: {image: i}\n  d: {image: i}\n  e: {image: i}\n  f: {image: i, network_mode: "service:b"}\n',
);
add(
  'healthcheck',
  web(
    'healthcheck:\n  test: ["CMD", "curl", "-f", "x"]\n  interval: 1m30s\n  timeout: 10s\n  retries: 0\n  start_period: 1h\n  start_interval: 500ms',
  ),
);
add('healthcheck off', web('healthcheck: {disable: true}'));
add('healthcheck none', web('healthcheck: {test: NONE}'));
add('healthcheck wrong', web('healthcheck: {test: [curl, x]}'));
add('healthcheck a wrong span', web('healthcheck: {test: x, interval: 5}'));
add('healthcheck a span without unit', web('healthcheck: {test: x, interval: "5"}'));
add('healthcheck days', web('healthcheck: {test: x, interval: 1d}'));
add('ulimits', web('ulimits:\n  nproc: 65535\n  nofile:\n    soft: 20000\n    hard: 40000\n  core: 0'));
add(
  'resources',
  web(
    'mem_limit: 512m\nmem_reservation: 1gb\nmemswap_limit: -1\nmem_swappiness: 10\nshm_size: 64mb\ncpus: 1.5\ncpu_shares: 100\ncpu_quota: 5\ncpu_percent: 12.5\ncpuset: 0,1\npids_limit: 5\noom_score_adj: -10\noom_kill_disable: true\ncpu_count: 2',
  ),
);
add('a wrong size', web('mem_limit: lots'));
add(
  'secrets and configs',
  web(
    `secrets:
  - plain
  - source: long
    target: t
    uid: "1"
    gid: "2"
configs:
  - conf
  - source: conf
    target: /etc/c`,
    `secrets:
  plain: {file: ./plain.txt}
  long: {environment: SECRET}
configs:
  conf: {content: "a $$b"}
  `,
  ),
  { env: { SECRET: 'x' } },
);
add('secrets external', web('secrets: [e]', 'secrets:\n  e: {external: true}\n'));
add('secrets of nothing', web('secrets: [e]', 'secrets:\n  e: {}\n'));
add('secrets of two', web('secrets: [e]', 'secrets:\n  e: {file: a, environment: B}\n'));
add('configs from the environment', web('configs: [e]', 'configs:\n  e: {environment: B}\n'), { env: { B: 'text' } });
add(
  'networks',
  web(
    `networks:
  front:
  back:
    aliases: [a, b]
    ipv4_address: 172.16.0.5`,
    `networks:
  front: {driver: bridge, driver_opts: {a: 1}, internal: true, attachable: true, labels: [l=1], enable_ipv6: true}
  back:
    name: real
    ipam:
      driver: default
      config:
        - subnet: 172.16.0.0/16
          gateway: 172.16.0.1
          ip_range: 172.16.1.0/24
          aux_addresses: {h: 172.16.0.9}
  unused: {}
`,
  ),
);
add(
  'networks external',
  web('networks: [a, b]', 'networks:\n  a: {external: true}\n  b: {external: true, name: bb}\n'),
);
add('networks external of old', web('networks: [a]', 'networks:\n  a: {external: {name: x}}\n'));
add('volumes external', web('volumes: ["a:/a"]', 'volumes:\n  a: {external: true}\n'));
add('volumes external with driver', web('volumes: ["a:/a"]', 'volumes:\n  a: {external: true, driver: x}\n'));
add(
  'volumes with a name and options',
  web(
    'volumes: ["a:/a"]',
    'volumes:\n  a:\n    name: "n-$X"\n    driver: local\n    driver_opts: {type: none, o: bind, device: ./dev}\n    labels: {l: 1}\n',
  ),
  { env: { X: 'x' } },
);
add('logging', web('logging:\n  driver: json-file\n  options:\n    max-size: "10m"\n    max-file: 3\n    nil:'));
add(
  'deploy',
  web(`deploy:
  mode: replicated
  replicas: 2
  labels: {a: b}
  update_config: {parallelism: 2, delay: 10s, order: start-first, max_failure_ratio: 0.5}
  restart_policy: {condition: on-failure, delay: 5s, max_attempts: 3, window: 120s}
  placement: {constraints: ["a==b"], preferences: [{spread: x}], max_replicas_per_node: 1}
  endpoint_mode: vip
  resources:
    limits: {memory: 50M, pids: 3}
    reservations:
      memory: 20M
      devices: [{capabilities: [gpu], driver: nvidia, count: all}]`),
);
add('deploy cpus', web("deploy: {resources: {limits: {cpus: '0.25'}, reservations: {cpus: 0.5}}}"));
add('devices', web('devices:\n  - /dev/a\n  - /dev/b:/dev/c\n  - /dev/d:/dev/e:r'));
add('extra hosts', web('extra_hosts:\n  - "a:1.2.3.4"\n  - "b=5.6.7.8"\n  - "six=[::1]"\n  - "c:::1"'));
add('extra hosts wrong', web('extra_hosts: ["a"]'));
add(
  'many plain keys',
  web(`hostname: h
domainname: d
user: "1000:1000"
working_dir: /w
restart: on-failure:3
privileged: true
read_only: true
tty: true
stdin_open: true
init: true
stop_signal: SIGINT
stop_grace_period: 1m
security_opt: [no-new-privileges:true]
cap_add: [NET_ADMIN]
cap_drop: [ALL]
dns: [8.8.8.8, 1.1.1.1]
dns_opt: [x]
dns_search: example.com
group_add: [a, 5]
sysctls: {net.core.somaxconn: 1024}
tmpfs: [/run, "/tmp:size=1m"]
expose: [80, "81/udp"]
labels: {a.b: c, d: 1, e: true}
annotations: {x: y}
platform: linux/amd64
pull_policy: if_not_present
container_name: cn
ipc: host
pid: host
uts: host
userns_mode: host
cgroup: host
cgroup_parent: p
isolation: default
runtime: runc
mac_address: 02:42:ac:11:65:43
external_links: [a, "b:c"]
storage_opt: {size: 1G}
device_cgroup_rules: ["c 1:3 mr"]
attach: false
scale: 1`),
);
add(
  'develop',
  'services:\n  web:\n    build: .\n    develop:\n      watch:\n        - {path: ./src, action: sync, target: /app, ignore: [node_modules/]}\n        - {path: package.json, action: rebuild}\n',
);
add(
  'develop without target',
  'services:\n  web:\n    build: .\n    develop:\n      watch:\n        - {path: ./src, action: sync}\n',
);
add('init false', web('init: false'));

// --- what the schema refuses
for (const [name, body] of [
  ['an unknown key', 'foo: 1'],
  ['ports a map', 'ports: {a: b}'],
  ['ports a text', 'ports: "80:80"'],
  ['image a number', 'hostname: 5'],
  ['environment a text', 'environment: A=1'],
  ['environment with a list', 'environment: {A: [1]}'],
  ['volumes a text', 'volumes: a:/a'],
  ['a port with an unknown key', 'ports: [{target: 80, foo: 1}]'],
  ['a volume with an unknown key', 'volumes: [{type: bind, source: a, target: /a, foo: 1}]'],
  ['a volume of no type', 'volumes: [{type: other, target: /a}]'],
  ['depends_on a wrong condition', 'depends_on: {a: {condition: ready}}'],
  ['depends_on without condition', 'depends_on: {a: {}}'],
  ['depends_on a text', 'depends_on: a'],
  ['healthcheck an unknown key', 'healthcheck: {tests: x}'],
  ['build a list', 'build: [a]'],
  ['build an unknown key', 'build: {contex: .}'],
  ['deploy an unknown key', 'deploy: {replica: 1}'],
  ['a list twice the same', 'cap_add: [A, A]'],
  ['command a number', 'command: 5'],
  ['command with a number', 'command: [a, 5]'],
  ['cpu_percent too big', 'cpu_percent: 101'],
  ['restart a boolean', 'restart: no'],
  ['restart false', 'restart: false'],
  ['ulimits without hard', 'ulimits: {nofile: {soft: 1}}'],
  ['networks an unknown key', 'networks: {default: {alias: [a]}}'],
  ['pull_policy unknown', 'pull_policy: sometimes'],
  ['expose with a map', 'expose: [{a: 1}]'],
  ['tty a number', 'tty: 1'],
  ['a null key', 'hostname:'],
  ['labels with a map', 'labels: {a: {b: c}}'],
  ['logging a text', 'logging: x'],
  ['scale a fraction', 'scale: 1.5'],
  ['secrets with a number', 'secrets: [5]'],
  ['env_file with an unknown key', 'env_file: [{path: a, foo: 1}]'],
  ['extra_hosts a number', 'extra_hosts: 5'],
])
  add(`schema: ${name}`, web(body));
add('schema: an unknown key at the top', `${web('')}foo: 1\n`);
add('schema: services a list', 'services: [web]\n');
add('schema: a service a text', 'services:\n  web: nginx\n');
add('schema: a service with a bad name', 'services:\n  "we b": {image: i}\n');
add('schema: a volume with a bad name', `${web('')}volumes: {"a b": {}}\n`);
add('schema: a network with an unknown key', `${web('')}networks: {n: {foo: 1}}\n`);
add('schema: a volume a text', `${web('')}volumes: {v: x}\n`);
add('schema: ipam wrong', `${web('')}networks: {n: {ipam: {config: [{subnet: 5}]}}}\n`);
add('schema: include a text', `include: a.yaml\n${web('')}`);
add('schema: a secret with an unknown key', `${web('')}secrets: {s: {files: x}}\n`);

// --- what is not consistent
for (const [name, body, more] of [
  ['an undefined volume', 'volumes: ["data:/data"]'],
  ['an undefined network', 'networks: [front]'],
  ['an undefined secret', 'secrets: [s]'],
  ['an undefined config', 'configs: [c]'],
  ['an undefined dependency', 'depends_on: [db]'],
  ['itself a dependency', 'depends_on: [web]'],
  ['network_mode and networks', 'network_mode: host\nnetworks: [a]', 'networks: {a: {}}\n'],
  ['network_mode of nobody', 'network_mode: "service:db"'],
  ['container_name and scale', 'container_name: x\nscale: 2'],
  ['container_name and replicas', 'container_name: x\ndeploy: {replicas: 2}'],
  ['scale and replicas', 'scale: 2\ndeploy: {replicas: 3}'],
  ['scale and the same replicas', 'scale: 2\ndeploy: {replicas: 2}'],
  ['scale below zero', 'scale: -1'],
  ['mem_limit and limits', 'mem_limit: 1m\ndeploy: {resources: {limits: {memory: 2m}}}'],
  ['dockerfile twice', 'build: {dockerfile: a, dockerfile_inline: b}'],
  ['platforms', 'platform: linux/arm64\nbuild: {context: ., platforms: [linux/amd64]}'],
  ['a trailing space in a variable', 'environment: ["A =1"]'],
])
  add(`consistency: ${name}`, web(body, more));
add(
  'consistency: a cycle',
  'services:\n  a: {image: i, depends_on: [b]}\n  b: {image: i, depends_on: [c]}\n  c: {image: i, depends_on: [a]}\n',
);
add('consistency: off', web('volumes: ["data:/data"]\ndepends_on: [db]'), { args: ['config', '--no-consistency'] });
add('not normalised', web('volumes: ["a:/a"]\nbuild: .', 'volumes: {a: }\n'), { args: ['config', '--no-normalize'] });
add('paths not resolved', web('volumes: ["./a:/a"]\nbuild: ./x\nenv_file: e.env', ''), {
  args: ['config', '--no-path-resolution'],
});

// --- profiles and services
const profiles =
  'services:\n  a: {image: i}\n  b: {image: i, profiles: [debug]}\n  c: {image: i, profiles: [test, debug]}\n  d: {image: i, profiles: [other], networks: [n], volumes: ["v:/v"]}\nnetworks: {n: {}}\nvolumes: {v: {}}\n';
add('profiles: none', profiles);
add('profiles: one', profiles, { args: ['--profile', 'debug', 'config'] });
add('profiles: two', profiles, { args: ['--profile', 'test', '--profile', 'other', 'config'] });
add('profiles: all', profiles, { args: ['--profile', '*', 'config'] });
add('profiles: by environment', profiles, { env: { COMPOSE_PROFILES: 'test,other' } });
add('profiles: by name', profiles, { args: ['config', 'd'] });
add('profiles: a dependency off', 'services:\n  a: {image: i, depends_on: [b]}\n  b: {image: i, profiles: [p]}\n');
add(
  'profiles: a dependency off that need not be',
  'services:\n  a: {image: i, depends_on: {b: {condition: service_started, required: false}}}\n  b: {image: i, profiles: [p]}\n',
);
add('services by name', 'services:\n  a: {image: i, depends_on: [b]}\n  b: {image: i}\n  c: {image: i}\n', {
  args: ['config', 'a'],
});
add('services by a wrong name', web(''), { args: ['config', 'nope'] });
add('listed: services', profiles, { args: ['config', '--services'] });
add('listed: volumes', web('volumes: ["v:/v"]', 'volumes: {v: {}}\n'), { args: ['config', '--volumes'] });
add('listed: images', 'services:\n  a: {build: .}\n', { args: ['config', '--images'] });
add('listed: profiles', profiles, { args: ['--profile', '*', 'config', '--profiles'] });
add(
  'listed: a hash',
  web('ports: ["8080:80"]\nenvironment: {A: "<1>"}\ncommand: a b\nlabels: {x: y}\nvolumes: ["/a:/a"]'),
  { args: ['config', '--hash', 'web'] },
);
add('listed: hashes', 'services:\n  a: {image: i}\n  b: {image: i, build: ., scale: 3, deploy: {replicas: 3}}\n', {
  args: ['config', '--hash', '*'],
});
add('listed: a variable', web('hostname: ${HOST_OF-a b}'), { args: ['config', '--variables'] });
add('listed: a variable that must be', web('hostname: ${HOST_OF:?tell}'), { args: ['config', '--variables'] });
add('listed: a variable in json', web('hostname: ${HOST_OF:+x}'), {
  args: ['config', '--variables', '--format', 'json'],
});
add('listed: hash of nobody', web(''), { args: ['config', '--hash', 'nope'] });
add('a flag unknown', web(''), { args: ['config', '--nope'] });
add('quiet', web(''), { args: ['config', '-q'] });
add('quiet and wrong', web('foo: 1'), { args: ['config', '--quiet'] });
add(
  'json',
  web(
    'ports: ["80"]\nenvironment: {A: "<&>"}\nx-y: 1\ndeploy: {replicas: 1}\nulimits: {nofile: {soft: 0, hard: 2}}',
    'x-top: {b: 1, a: [2]}\nnetworks: {default: {ipam: {config: [{subnet: 10.0.0.0/24}]}}}\n',
  ),
  { args: ['config', '--format', 'json'] },
);
add('json: nothing', 'services: {}\n', { args: ['config', '--format', 'json'] });
add('a format unknown', web(''), { args: ['config', '--format', 'toml'] });
add('container names twice', 'services:\n  a: {image: i, container_name: x}\n  b: {image: i, container_name: x}\n');

// --- as people write them
add(
  'as written: bad-cmd',
  `services:
  web:
    image: nginx
    comand: sleep
`,
);
add(
  'as written: bad-dash',
  `services:
  - web:
      image: nginx
`,
);
add(
  'as written: bad-dep',
  `services:
  web:
    image: nginx
    depends_on:
      - db:
          condition: service_healthy
  db:
    image: mysql
`,
);
add(
  'as written: bad-env',
  `services:
  web:
    image: nginx
    environment:
      - A: b
`,
);
add(
  'as written: bad-indent',
  `services:
  web:
  image: nginx
`,
);
add(
  'as written: bad-net',
  `services:
  web:
    image: nginx
    networks:
      - frontend
`,
);
add(
  'as written: bad-port',
  `services:
  web:
    image: nginx
    ports:
      - 80:80
      - 22:22
      - 2222:22/tcp
`,
);
add(
  'as written: bad-quote',
  `services:
  web:
    image: nginx
    environment:
      A: "x
      B: y
`,
);
add(
  'as written: bad-volumes',
  `services:
  web:
    image: nginx
    volumes:
      html:/usr/share/nginx/html
`,
);
add(
  'as written: django',
  `services:
  db:
    image: postgres
    volumes:
      - ./data/db:/var/lib/postgresql/data
    environment:
      - POSTGRES_DB=postgres
      - POSTGRES_USER=postgres
      - POSTGRES_PASSWORD=postgres
  web:
    build: .
    command: python manage.py runserver 0.0.0.0:8000
    volumes:
      - .:/code
    ports:
      - "8000:8000"
    environment:
      - POSTGRES_NAME=postgres
    depends_on:
      - db
`,
);
add(
  'as written: elk',
  `version: '2.2'
services:
  es01:
    image: docker.elastic.co/elasticsearch/elasticsearch:7.17.0
    container_name: es01
    environment:
      - node.name=es01
      - "ES_JAVA_OPTS=-Xms512m -Xmx512m"
    ulimits:
      memlock:
        soft: -1
        hard: -1
    mem_limit: 1g
    cpu_shares: 512
    volumes:
      - data01:/usr/share/elasticsearch/data
    networks:
      elastic:
        ipv4_address: 172.28.0.5
        aliases:
          - elastic
  kibana:
    image: kibana
    volumes_from:
      - es01:ro
    network_mode: bridge
    cap_add:
      - SYS_ADMIN
    sysctls:
      - net.core.somaxconn=1024
    tmpfs: /tmp
    stop_grace_period: 30s
    dns: 8.8.8.8
    extra_hosts:
      - "host.docker.internal:host-gateway"
    shm_size: '2gb'
volumes:
  data01:
    driver: local
networks:
  elastic:
    driver: bridge
    ipam:
      config:
        - subnet: 172.28.0.0/16
`,
);
add(
  'as written: flask',
  `services:
  web:
    build: .
    ports:
      - "8000:5000"
    develop:
      watch:
        - action: sync
          path: .
          target: /code
  redis:
    image: "redis:alpine"
`,
);
add(
  'as written: gpu',
  `services:
  test:
    image: nvidia/cuda:12.9.0-base-ubuntu22.04
    command: nvidia-smi
    deploy:
      resources:
        reservations:
          devices:
            - driver: nvidia
              device_ids: ['0', '3']
              capabilities: [gpu]
`,
);
add(
  'as written: kafka',
  `services:
  zookeeper:
    image: confluentinc/cp-zookeeper:7.4.0
    hostname: zookeeper
    environment:
      ZOOKEEPER_CLIENT_PORT: 2181
      ZOOKEEPER_TICK_TIME: 2000
  broker:
    image: confluentinc/cp-kafka:7.4.0
    depends_on: [zookeeper]
    ports: ["29092:29092", "9092:9092", "9101:9101"]
    environment:
      KAFKA_BROKER_ID: 1
      KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: PLAINTEXT:PLAINTEXT,PLAINTEXT_HOST:PLAINTEXT
      KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: 1
      KAFKA_AUTO_CREATE_TOPICS_ENABLE: "true"
      KAFKA_FOO: true
      KAFKA_HEAP: '-Xmx512m'
      KAFKA_RATIO: 0.75
      KAFKA_E:
`,
);
add(
  'as written: nginx-php',
  `version: "3.8"
services:
  nginx:
    image: nginx:1.25
    ports: ['80:80', "443:443"]
    volumes:
      - ./src:/var/www/php
      - type: bind
        source: ./.docker/nginx/conf.d
        target: /etc/nginx/conf.d
        read_only: true
    depends_on: [php]
  php:
    build: ./.docker/php
    working_dir: /var/www/php
    volumes:
      - ./src:/var/www/php:cached
    depends_on:
      mysql:
        condition: service_healthy
  mysql:
    image: mysql/mysql-server:8.0
    environment:
      MYSQL_ROOT_PASSWORD: root
      MYSQL_ROOT_HOST: "%"
      MYSQL_DATABASE: demo
    volumes:
      - ./.docker/mysql/my.cnf:/etc/mysql/conf.d/my.cnf
      - mysqldata:/var/lib/mysql
    healthcheck:
      test: mysqladmin ping -h 127.0.0.1 -u root --password=$$MYSQL_ROOT_PASSWORD
      interval: 5s
      retries: 10
  phpmyadmin:
    image: phpmyadmin/phpmyadmin:5
    ports:
      - 8080:80
    environment:
      - PMA_HOST=mysql
volumes:
  mysqldata:
`,
);
add('as written: node-mongo', {
  'compose.yaml': `services:
  app:
    container_name: docker-node-mongo
    restart: always
    build: .
    ports:
      - "80:3000"
    external_links:
      - mongo
    links: [mongo]
    env_file: .env
    environment:
      - NODE_ENV=production
      - MONGO_URL=mongodb://\${MONGO_USER:-root}:\${MONGO_PASS:-secret}@mongo:27017/?authSource=admin
    command: ["npm", "run", "dev"]
    volumes:
      - .:/usr/src/app
      - /usr/src/app/node_modules
  mongo:
    container_name: mongo
    image: mongo
    ports:
      - '27017:27017'
    command: --auth --quiet
    volumes: ["~/data:/data/db"]
`,
  '.env': 'MONGO_USER=me\n',
});
add(
  'as written: prometheus',
  `networks:
  monitor-net:
    driver: bridge
volumes:
    prometheus_data: {}
    grafana_data: {}
services:
  prometheus:
    image: prom/prometheus:v2.43.0
    container_name: prometheus
    volumes:
      - ./prometheus:/etc/prometheus
      - prometheus_data:/prometheus
    command:
      - '--config.file=/etc/prometheus/prometheus.yml'
      - '--storage.tsdb.path=/prometheus'
      - '--web.console.libraries=/etc/prometheus/console_libraries'
      - '--storage.tsdb.retention.time=200h'
      - '--web.enable-lifecycle'
    restart: unless-stopped
    expose:
      - 9090
    networks:
      - monitor-net
    labels:
      org.label-schema.group: "monitoring"
  node-exporter:
    image: quay.io/prometheus/node-exporter:latest
    pid: host
    command:
      - '--path.procfs=/host/proc'
      - '--collector.filesystem.mount-points-exclude=^/(sys|proc|dev|host|etc)($$|/)'
    volumes:
      - /proc:/host/proc:ro
      - /sys:/host/sys:ro
      - /:/rootfs:ro,rslave
    restart: unless-stopped
    networks: [monitor-net]
  grafana:
    image: grafana/grafana
    environment:
      - GF_SECURITY_ADMIN_USER=\${ADMIN_USER:-admin}
      - GF_SECURITY_ADMIN_PASSWORD=\${ADMIN_PASSWORD:-admin}
      - GF_USERS_ALLOW_SIGN_UP=false
    volumes: [grafana_data:/var/lib/grafana]
    ports: [3000:3000]
    networks: [monitor-net]
    user: "472"
  cadvisor:
    image: gcr.io/cadvisor/cadvisor
    privileged: true
    devices:
      - /dev/kmsg:/dev/kmsg
    volumes:
      - /var/run:/var/run:rw
      - /var/lib/docker:/var/lib/docker:ro
    deploy:
      mode: global
`,
);
add(
  'as written: rails',
  `version: "3"
services:
  db: &db
    image: postgres
    volumes:
      - ./tmp/db:/var/lib/postgresql/data
    environment: &env
      POSTGRES_PASSWORD: password
      RAILS_ENV: development
  web:
    build: .
    command: bash -c "rm -f tmp/pids/server.pid && bundle exec rails s -p 3000 -b '0.0.0.0'"
    volumes: [".:/myapp"]
    ports: ["3000:3000"]
    depends_on: [db]
    environment:
      <<: *env
      PATH: "$PATH:/x"
    stdin_open: true
    tty: true
`,
);
add(
  'as written: secrets',
  `services:
  db:
    image: mysql:8
    environment:
      MYSQL_ROOT_PASSWORD_FILE: /run/secrets/db_root_password
    secrets:
      - db_root_password
      - source: db_password
        target: pw
    configs:
      - source: my_config
        target: /etc/my.cnf
secrets:
  db_password:
    file: db_password.txt
  db_root_password:
    file: ./db_root_password.txt
configs:
  my_config:
    content: |
      [mysqld]
      max=\${MAX:-5}
      a = "b"
`,
);
add(
  'as written: spring',
  `services:
  backend:
    build:
      context: backend
      args:
        - VERSION
        - BUILD=1
      cache_from: ["type=local,src=/x"]
    restart: always
    secrets: [db-password]
    environment:
      MYSQL_HOST: db
    networks: [react-spring, spring-mysql]
  db:
    image: mariadb:10.6.4-focal
    healthcheck:
      test: ["CMD-SHELL", 'mysqladmin ping -h 127.0.0.1 --password="$$(cat /run/secrets/db-password)" --silent']
      interval: 3s
      retries: 5
      start_period: 30s
    secrets: [db-password]
    volumes: [db-data:/var/lib/mysql]
    networks: [spring-mysql]
  frontend:
    build: {context: frontend, target: development}
    ports: [3000:3000]
    volumes: ["./frontend/src:/code/src", /project/node_modules]
    networks: [react-spring]
    expose: [3306, 33060]
volumes: {db-data: {}}
secrets:
  db-password: {file: db/password.txt}
networks: {react-spring: {}, spring-mysql: {}}
`,
);
add(
  'as written: swarm',
  `version: "3.9"
x-logging: &default-logging
  driver: "json-file"
  options:
    max-size: "5m"
    max-file: "2"
x-common:
  &common
  restart: unless-stopped
  logging: *default-logging
services:
  api:
    <<: *common
    image: \${REGISTRY:?set REGISTRY}/api:\${TAG:-latest}
    deploy:
      replicas: 3
      resources:
        limits:
          memory: 256M
        reservations:
          memory: 128M
      update_config:
        parallelism: 1
        delay: 10s
      restart_policy:
        condition: any
        delay: 5s
        window: 2m
`,
);
add(
  'as written: traefik',
  `services:
  reverse-proxy:
    image: traefik:v3.0
    command: --api.insecure=true --providers.docker
    ports:
      - "80:80"
      - "8080:8080"
    volumes:
      - /var/run/docker.sock:/var/run/docker.sock
  whoami:
    image: traefik/whoami
    labels:
      - "traefik.http.routers.whoami.rule=Host(\`whoami.docker.localhost\`)"
      - traefik.enable=true
    scale: 2
`,
);
add(
  'as written: voting',
  `services:
  vote:
    build:
      context: ./vote
      target: dev
    depends_on:
      redis:
        condition: service_healthy
    healthcheck:
      test: ["CMD", "curl", "-f", "http://localhost"]
      interval: 15s
      timeout: 5s
      retries: 3
      start_period: 10s
    volumes:
     - ./vote:/usr/local/app
    ports:
      - "8080:80"
    networks:
      - front-tier
      - back-tier
  result:
    build: ./result
    entrypoint: nodemon --inspect=0.0.0.0 server.js
    depends_on:
      db:
        condition: service_healthy
    volumes:
      - ./result:/usr/local/app
    ports:
      - "8081:80"
      - "127.0.0.1:9229:9229"
    networks:
      - front-tier
      - back-tier
  worker:
    build:
      context: ./worker
    depends_on:
      redis:
        condition: service_healthy
      db:
        condition: service_healthy
    networks:
      - back-tier
  redis:
    image: redis:alpine
    volumes:
      - "./healthchecks:/healthchecks"
    healthcheck:
      test: /healthchecks/redis.sh
      interval: "5s"
    networks:
      - back-tier
  db:
    image: postgres:15-alpine
    environment:
      POSTGRES_USER: "postgres"
      POSTGRES_PASSWORD: "postgres"
    volumes:
      - "db-data:/var/lib/postgresql/data"
      - "./healthchecks:/healthchecks"
    healthcheck:
      test: /healthchecks/postgres.sh
      interval: "5s"
    networks:
      - back-tier
  seed:
    build: ./seed-data
    profiles: ["seed"]
    depends_on:
      vote:
        condition: service_healthy
    networks:
      - front-tier
    restart: "no"
volumes:
  db-data:
networks:
  front-tier:
  back-tier:
`,
);
add(
  'as written: wordpress',
  `version: '3.3'

services:
   db:
     image: mysql:5.7
     volumes:
       - db_data:/var/lib/mysql
     restart: always
     environment:
       MYSQL_ROOT_PASSWORD: somewordpress
       MYSQL_DATABASE: wordpress
       MYSQL_USER: wordpress
       MYSQL_PASSWORD: wordpress

   wordpress:
     depends_on:
       - db
     image: wordpress:latest
     ports:
       - "8000:80"
     restart: always
     environment:
       WORDPRESS_DB_HOST: db:3306
       WORDPRESS_DB_USER: wordpress
       WORDPRESS_DB_PASSWORD: wordpress
volumes:
    db_data: {}
`,
);

add('as written: of old', 'web:\n  image: nginx\n');
two('merge healthchecks', 'healthcheck: {test: a, interval: 1s}', 'healthcheck: {disable: true}');
two(
  'merge ports of all kinds',
  'ports: ["80:80", {target: 81, published: "81"}]',
  'ports: ["81:81", "127.0.0.1:80:80"]',
);
two(
  'merge deploy',
  'deploy: {labels: {a: b}, resources: {limits: {memory: 1m}}}',
  'deploy: {labels: [a=c, d=e], resources: {reservations: {memory: 1m}}}',
);
two('merge env files', 'env_file: a.env', 'env_file: [{path: b.env, required: false}]', {
  args: ['config', '--services'],
});
two('merge secrets', 'secrets: [a]', 'secrets: [{source: a, target: t}, b]', { args: ['config', '--no-consistency'] });
two('merge a null', 'command: a\nhostname: h', 'command: null');
two('merge profiles', 'profiles: [a]', 'profiles: [b]', { args: ['--profile', 'b', 'config'] });

add(
  'no interpolation of everything',
  web(
    'volumes: ["a:/a:rw", "./b:/b:ro,z"]\nports: ["80-81:80-81"]\ndevices: [/dev/x]\nbuild: {args: [A, B=$C]}\nsecrets: [s]\nulimits: {nofile: 5}\nenv_file: e.env\ndepends_on: [db]',
    '  db: {image: "${I}"}\nvolumes: {a: {}}\nsecrets: {s: {file: ./s}}\n',
  ),
  { args: ['config', '--no-interpolate'] },
);
add('no interpolation in json', web('labels: [a=<b>]\nextra_hosts: ["a:1"]'), {
  args: ['config', '--no-interpolate', '--format', 'json'],
});
add('not normalised in json', web('labels: [a=b]\nlinks: [x]'), {
  args: ['config', '--no-normalize', '--no-consistency', '--format', 'json'],
});
add('resets', {
  'compose.yaml': 'services:\n  w:\n    image: i\n    ports: ["80"]\n    environment: {A: 1}\n  v: {image: j}\n',
  'compose.override.yaml':
    'services:\n  w:\n    ports: !reset null\n    environment: !override {B: 2}\n  v: !reset null\n',
});
add('env_file that need not be, by a variable', web('env_file: [{path: none.env, required: "${R:-false}"}]'));

// --- and more that is refused
for (const [name, body] of [
  ['annotations a number', 'annotations: 5'],
  ['blkio an unknown key', 'blkio_config: {foo: 1}'],
  ['build args a text', 'build: {args: A=1}'],
  ['configs a map', 'configs: {a: b}'],
  ['cpus a list', 'cpus: [1]'],
  ['credential_spec an unknown key', 'credential_spec: {foo: 1}'],
  ['devices a map', 'devices: {a: b}'],
  ['dns a number', 'dns: 8'],
  ['healthcheck a text', 'healthcheck: curl'],
  ['healthcheck test a number', 'healthcheck: {test: 5}'],
  ['init a number', 'init: 5'],
  ['links twice the same', 'links: [a, a]'],
  ['mem_limit a list', 'mem_limit: []'],
  ['networks a number', 'networks: 5'],
  ['profiles a text', 'profiles: a'],
  ['stop_grace_period a number', 'stop_grace_period: 5'],
  ['tmpfs a map', 'tmpfs: {a: b}'],
  ['update_config an unknown order', 'deploy: {update_config: {order: any}}'],
  ['user a number', 'user: 1000'],
  ['working_dir a list', 'working_dir: [a]'],
])
  add(`schema: ${name}`, web(body));

export default cases;
