/** Other people's lessons become ours, run on the engine, and say what was left out. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { checkLessons } from '../../src/companion/commands/lessons.ts';
import { hostIp } from '../../src/lesson/import/killercoda.ts';
import { commandsOf, importLesson, importLessons, LessonError, parseLesson } from '../../src/lesson/index.ts';

import { hostAddress } from '../../src/sim/net/host-network.ts';

const fixtures = new URL('../fixtures/import/', import.meta.url).pathname;

function filesOf(name: string): Record<string, string> {
  const folder = join(fixtures, name);
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = entries.map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(paths.map((path) => [path.slice(folder.length + 1), readFileSync(path, 'utf8')]));
}

const imported = Object.fromEntries(
  ['killercoda', 'labspace', 'tutorial'].map((name) => [name, importLesson(name, filesOf(name))]),
);
const lessonOf = (name: string) => parseLesson(name, imported[name]!.files);
const typed = (name: string) => lessonOf(name).steps.map(({ solution }) => solution.map(({ run }) => run));

const tutorial = (page: string, beside: Record<string, string> = {}) => {
  const { files, notes } = importLesson('page', { 'page.md': page, ...beside });
  const { steps, texts } = parseLesson('page', files);
  return { typed: steps.map(({ solution }) => solution.map(({ run }) => run)), texts: texts.en, notes };
};

it('a command of several lines is one: loops, quotes, here-documents in pairs', () => {
  const commands = [
    'for i in 1 2; do\n  echo "$i" # it\'s\ndone',
    'docker run alpine sh -c "\necho a\n"',
    'case $x in\n  a) ls ;;\nesac',
    "cat <<'A' <<B\n1\nA\n2\nB",
    'echo $((1 << 3)) "$(cat "x")" ${#x} done',
    "echo it's", // a mistake of the text is not its rest
    'f() {\n  ls\n}',
  ];
  expect(commandsOf(commands.join('\n'))).toEqual(commands);
});

it('a tutorial’s blocks: what is no command is not typed, whatever its fence says', () => {
  const page = [
    '```bash\ndocker run [OPTIONS] IMAGE\n```',
    '```bash\n/  root\n├── bin\n```',
    '```bash\nREPOSITORY   TAG\nalpine       latest\n```',
    '```bash\ndocker pull alpine\nUsing default tag: latest\nlatest: Pulling from library/alpine\ndocker images\nalpine   latest   4a5b6c   3 weeks ago\n```',
    '```bash\n# remove it\ndocker rm <container id>\ndocker ps -a\n```',
    '```\ndocker version\n```',
    '```\nhello from a container\n```',
    'So:\n\n    $ docker info\n    Containers: 0',
  ].join('\n\n');
  const { typed, texts, notes } = tutorial(page);
  expect(typed).toEqual([['docker pull alpine', 'docker images', 'docker ps -a', 'docker version', 'docker info']]);
  expect(texts.steps[0]!.body).toContain('> Using default tag: latest');
  expect(notes).toEqual(['step "page": "docker rm <container id>" wants something of one\'s own']);
});

it('a tutorial’s files: by their fences, by a paragraph that is a name, scripts by their first line', () => {
  const page = [
    '```yaml title="compose.yaml"\nservices: {}\n```',
    '**`app.py`**:\n\n```python\nprint(1)\n```',
    '**run.sh**\n\n```bash\n#!/bin/sh\nset -e\n```',
    'With this content:\n\n```dockerfile\nFROM alpine\n```',
    'Copy the following content into index.js file.\n\n```\nconsole.log(1);\n```',
    'For example:\n\n```dockerfile\nRUN true\n```',
  ].join('\n\n');
  expect(tutorial(page).typed[0]!.map((run) => /> (\S+)/.exec(run)![1])).toEqual([
    'compose.yaml',
    'app.py',
    'run.sh',
    'Dockerfile',
    'index.js',
  ]);
});

it('a book’s pages: in the order of its contents, or of their numbers', () => {
  const pages = { 'docs/b.md': '# B\n\ntext', 'docs/a.md': '# A\n\ntext', 'docs/README.md': '# R\n\ntext' };
  const titles = (files: Record<string, string>) =>
    parseLesson('book', importLesson('book', files).files).texts.en.steps.map(({ title }) => title);
  expect(titles(pages)).toEqual(['R', 'A', 'B']);
  expect(titles({ ...pages, 'SUMMARY.md': '* [b](docs/b.md)\n* [a](docs/a.md)' })).toEqual(['B', 'A']);
  expect(titles({ ...pages, 'mkdocs.yml': 'nav:\n  - Bee: b.md\n  - README.md\n' })).toEqual(['B', 'R']);
  expect(titles({ '10-x.md': '# X\n\nt', '9-y.md': '# Y\n\nt', 'LICENSE.md': '# L\n\nt' })).toEqual(['Y', 'X']);
});

it('a Killercoda scenario: actions, assets, set-up and verify scripts', () => {
  const lesson = lessonOf('killercoda');
  expect(lesson.texts.en.title).toBe('A box on the shelf');
  expect(lesson.texts.en.steps.map(({ title }) => title)).toEqual(['Introduction', 'Make it', 'Look', 'Step 3']);
  expect(lesson.workspace['/root/notes/note.txt']).toBe('remember\n');
  expect(lesson.setup).toEqual(["chmod '+w' /root/notes/note.txt"]);
  expect(lesson.steps.map(({ background, foreground }) => background ?? foreground)).toEqual([
    'bash /opt/scenario/intro.sh',
    undefined,
    'bash /opt/scenario/step2.sh',
    undefined,
  ]);
  expect(typed('killercoda')).toEqual([
    [],
    [
      'cat notes/note.txt',
      'docker run -d --name shelf \\\n  alpine tail -f /dev/null',
      'docker exec shelf touch /note',
    ],
    ['docker ps'],
    [],
  ]);
  expect(lesson.steps[1]!.goals).toEqual([{ exec: { run: 'bash /opt/scenario/step1/verify.sh' } }]);
  expect(imported.killercoda!.notes).toEqual(['assets of host02: there is one host']);
});

it('a Labspace: run and save blocks, variables, project files', () => {
  const lesson = lessonOf('labspace');
  expect(lesson.workspace).toEqual({ '/root/project/page.html': '<p>hi</p>\n' });
  expect(typed('labspace')).toEqual([
    ["cat > Dockerfile <<'EOF'\nFROM alpine\nCOPY page.html /srv/\nEOF", 'docker build -t pack/app .'],
    ['docker images', 'docker events', 'docker rmi pack/app'],
  ]);
  expect(lesson.texts.en.steps[0]!.body).toContain('Look at the page (`page.html`) first.');
  expect(lesson.texts.en.steps[0]!.body).toContain('> RUN never');
  expect(imported.labspace!.notes).toEqual(['section "Pack": :conditionaldisplay is plain text']);
});

it('a Markdown tutorial: sessions without their output, here-documents whole', () => {
  expect(typed('tutorial')).toEqual([
    [],
    ['docker pull alpine', 'docker images'],
    ["cat > note <<'END'\n## not a section\nEND", 'cat note'],
    [
      'mkdir -p notes && cat > notes/app.py <<\'EOF\'\nprint("{{ braces }}")\nEOF',
      'tail -f /etc/hostname',
      'docker run -it alpine \\\n  sh',
      'cat /etc/alpine-release \\\n  /etc/hostname',
      'docker ps -q',
    ],
  ]);
  const { body, solution } = { ...lessonOf('tutorial').texts.en.steps[3]!, ...lessonOf('tutorial').steps[3]! };
  expect(solution.map(({ terminal }) => terminal)).toEqual([undefined, 'Terminal 2', undefined, undefined, undefined]);
  expect(body).toContain('> ```\n> 3.22.0\n> ```');
  expect(lessonOf('tutorial').texts.en.title).toBe('Two commands');
});

it('they run on the engine to their ends', { timeout: 120_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'drydock-import-'));
  try {
    const interrupted = importLesson('interrupted', {
      ...scenario({ steps: [{ text: 'a.md', verify: 'v.sh' }] }),
      'a.md': '`sleep 9 &`{{exec}} `docker run -p 80:80 nginx:alpine`{{exec}} `echo on > /root/on`{{exec interrupt}}',
      'v.sh': 'test -f /root/on && ! curl -s localhost',
    });
    for (const [name, { files }] of Object.entries({ ...imported, interrupted })) {
      mkdirSync(join(folder, name));
      for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, name, file), text);
    }
    const problems: string[] = [];
    for await (const checked of checkLessons(folder, [...Object.keys(imported), 'interrupted']))
      problems.push(...checked.problems.map((problem) => `${checked.name}: ${problem}`));
    expect(problems).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it('several terminals: what stays in one does not hold up the others, and ends before more is typed in it', {
  timeout: 60_000,
}, async () => {
  const lab = {
    'labspace.yaml': 'terminals: [{id: host}]\nsections: [{title: Two, contentPath: a.md}]',
    'a.md': [
      '```bash terminal-id=watcher\ntail -f /etc/hostname\n```',
      '```bash terminal-id=host\ntest -t 0 && pgrep -c tail\n```',
      '```bash terminal-id=watcher\n! pgrep tail\n```',
      '```bash\ndocker offload start\n```',
      '```bash terminal-id=watcher\nsleep 1\n```',
    ].join('\n'),
  };
  const { files } = importLesson('two', lab);
  expect(parseLesson('two', files).steps[0]!.solution.map(({ terminal }) => terminal)).toEqual([
    'watcher',
    undefined,
    'watcher',
    undefined,
    'watcher',
  ]);
  const folder = mkdtempSync(join(tmpdir(), 'drydock-import-'));
  try {
    for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text);
    for await (const { problems } of checkLessons('', [folder]))
      expect(problems).toEqual([
        'step "Two": "docker offload start" exits 1: docker: unknown command: docker offload / Run \'docker --help\' for more information',
      ]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it('Katacoda’s file blocks, and a scenario without steps', () => {
  const step = [
    '<pre class="file" data-filename="app/poc.sh" data-target="replace">',
    'echo 1 &gt; x',
    '</pre>',
    '<pre class="file" data-filename="log" data-target="append">more</pre>',
    '<pre class="file" data-target="clipboard">only read</pre>',
    '```',
    'ls | wc -l &&',
    'echo done',
    '```{{execute}}',
  ].join('\n');
  const one = importLesson('one', { ...scenario({ steps: [{ text: 'a.md' }] }), 'a.md': step });
  expect(parseLesson('one', one.files).steps[0]!.solution.map(({ run }) => run)).toEqual([
    "mkdir -p app && cat > app/poc.sh <<'EOF'\necho 1 > x\nEOF",
    "cat >> log <<'EOF'\nmore\nEOF",
    'ls | wc -l &&\necho done',
  ]);
  const bare = importLesson('two', { 'index.json': '{"title": "Ubuntu", "backend": {"imageid": "ubuntu"}}' });
  expect(parseLesson('two', bare.files).texts.en.steps.map(({ title }) => title)).toEqual(['Ubuntu']);
});

it('addresses of ports are links to the Browser view, ^C is a line of its own', () => {
  const { files, notes } = importLesson('one', {
    ...scenario({ steps: [{ text: 'a.md' }] }),
    'a.md': [
      '[A]({{TRAFFIC_HOST1_80}}) [B]({{TRAFFIC_SELECTOR}}) [C]({{TRAFFIC_HOST2_80}}) [[HOST_IP]]',
      'https://[[HOST_SUBDOMAIN]]-8080-[[KATACODA_HOST]].environments.katacoda.com',
      '`docker run -p 80:80 nginx`{{exec}} then `sed s/PORT/80/ /etc/killercoda/host`{{exec interrupt}}',
    ].join('\n'),
  });
  const { steps, texts, workspace } = parseLesson('one', files);
  expect(texts.en.steps[0]!.body).toMatch(
    /^\[A\]\(http:\/\/localhost:80\) \[B\]\(http:\/\/localhost\) \[C\]\(\) 10\.0\.2\.15/,
  );
  expect(texts.en.steps[0]!.body).toContain('http://localhost:8080\n');
  expect(hostIp).toBe(hostAddress);
  expect(steps[0]!.solution.map(({ run }) => run)).toEqual([
    'docker run -p 80:80 nginx',
    '^C',
    'sed s/PORT/80/ /etc/killercoda/host',
  ]);
  expect(workspace).toEqual({ '/etc/killercoda/host': 'http://localhost:PORT\n' });
  expect(notes).toEqual(['step "Introduction": a link to a port of another host']);
  const lab = importLesson('two', {
    'labspace.yaml': 'sections: [{ title: A, contentPath: ./a.md }]',
    'a.md':
      'See :tabLink[the app]{href="http://localhost:8000" title="App"}, :tabLink[git]{href="http://git"}, :fileLink[`a.py`]{path="a.py"}.',
  });
  expect(parseLesson('two', lab.files).texts.en.steps[0]!.body).toBe(
    'See [the app](http://localhost:8000), git, `a.py`.',
  );
  expect(lab.notes).toEqual(['section "A": :tabLink is plain text']);
});

it('a tutorial’s folder is in the home directory, its scripts can be run', () => {
  const { files } = importLesson('one', {
    'README.md': '# One\n\n```sh\n./bin/go\n```\n',
    'bin/go': '#!/bin/sh\necho go\n',
  });
  const { workspace, setup } = parseLesson('one', files);
  expect(workspace).toEqual({ '/root/bin/go': '#!/bin/sh\necho go\n' });
  expect(setup).toEqual(['chmod +x /root/bin/go']);
});

it('assets by wildcards: `*` a part of a name, `**` with the folders below', () => {
  const assets = {
    host01: [
      { file: '*', target: '/flat' },
      { file: 'app/**/*.json', target: '/deep' },
    ],
  };
  const files = {
    'a.md': '',
    'assets/x': '1',
    'assets/app/a.json': '2',
    'assets/app/in/b.json': '3',
    'assets/app/c': '4',
  };
  const { files: made } = importLesson('one', { ...scenario({ steps: [{ text: 'a.md' }], assets }), ...files });
  expect(parseLesson('one', made).workspace).toEqual({ '/flat/x': '1', '/deep/a.json': '2', '/deep/in/b.json': '3' });
});

it.each([
  ['<pre class="file"'.repeat(15_000)],
  ['`a`{{exec'.repeat(25_000)],
  [':filelink['.repeat(25_000)],
  ['```\n'.repeat(10_000)],
  ['[[HOST_SUBDOMAIN]]-'.repeat(13_000)],
])('a page made to take long does not: %#', (page) => {
  const began = performance.now();
  const makers: Record<string, string>[] = [
    scenario({ steps: [{ text: 'a.md' }] }),
    { 'labspace.yaml': 'sections: [{ contentPath: a.md }]' },
    {},
  ];
  for (const one of makers) expect(() => importLesson('one', { ...one, 'a.md': page })).not.toThrow(RangeError);
  expect(performance.now() - began).toBeLessThan(2000);
});

const scenario = (details: unknown) => ({ 'index.json': JSON.stringify({ details }) });

it.each([
  [{}, 'neither index.json'],
  [{ 'index.json': '{' }, 'index.json:'],
  [{ 'index.json': 'null' }, 'details.steps must be a list'],
  [scenario({ steps: [7] }), 'details.steps must be a list'],
  [scenario({}), 'no step in it'],
  [{ 'labspace.yaml': 'sections: 3' }, 'sections must be a list'],
  [{ 'labspace.yaml': 'a: &a [x]\nb: ['.padEnd(40, '*a,') }, 'labspace.yaml:'],
  [{ 'a.md': 'x'.repeat(9 << 20) }, 'more than'],
])('refuses %#', (files, wanted) => {
  expect(() => importLesson('one', files as unknown as Record<string, string>)).toThrow(LessonError);
  expect(() => importLesson('one', files as unknown as Record<string, string>)).toThrow(wanted);
});

it('leads nowhere out of its folder', () => {
  const details = {
    steps: [{ text: '../../etc/passwd', verify: '../x' }],
    assets: { host01: [{ file: '../index.json', target: '../../etc' }] },
  };
  const { files, notes } = importLesson('one', scenario(details));
  expect(parseLesson('one', files).workspace).toEqual({});
  expect(notes.length).toBe(3);
});

it('a Killercoda course: its scenarios in the order of structure.json, nested and renamed', () => {
  const scenario = (title: string) => JSON.stringify({ title, details: { steps: [{ title: 'Do', text: 'step.md' }] } });
  const step = 'Type\n\n```\necho hi\n```{{exec}}\n';
  const { lessons, notes } = importLessons('academy', {
    'structure.json': JSON.stringify({
      items: [{ path: 'b' }, { path: 'more', title: 'ignored' }, { path: 'nowhere' }, { path: 'plain' }],
    }),
    'a/index.json': scenario('A'),
    'a/step.md': step,
    'b/index.json': scenario('B'),
    'b/step.md': step,
    'more/structure.json': JSON.stringify({ items: [{ path: '../a', title: 'A again' }, { path: 'deep/c' }] }),
    'more/deep/c/index.json': scenario('C'),
    'more/deep/c/step.md': step,
    'plain/z/index.json': scenario('Z'),
    'plain/y/index.json': scenario('Y'),
    'plain/y/step.md': step,
    'plain/z/step.md': step,
  });
  expect(lessons.map(({ name }) => name)).toEqual(['1-b', '2-a', '3-more-deep-c', '4-plain-y', '5-plain-z']);
  const parsed = lessons.map(({ name, lesson }) => parseLesson(name, lesson.files));
  expect(parsed.map(({ texts, order }) => [texts.en.title, order])).toEqual([
    ['B', 100],
    ['A again', 101],
    ['C', 102],
    ['Y', 103],
    ['Z', 104],
  ]);
  expect(notes).toEqual(['structure.json: no scenario at nowhere']);
  const loop = { 'structure.json': '{"items":[{"path":"x"}]}', 'x/structure.json': '{"items":[{"path":"../y"}]}' };
  expect(() => importLessons('loop', { ...loop, 'y/structure.json': '{"items":[{"path":"../x"}]}' })).toThrow(
    LessonError,
  );
});
