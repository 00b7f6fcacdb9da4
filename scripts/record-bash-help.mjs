/** Records what `help` of the installed bash says of each topic, for src/sim/userland/shell/bash-help.json. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';

const bash = (script, ...args) =>
  execFileSync('/bin/bash', ['--norc', '-c', script, 'bash', ...args], { encoding: 'utf8', env: { LC_ALL: 'C' } });

const topics = bash('compgen -A helptopic').trimEnd().split('\n');
const described = Object.fromEntries(
  topics.map((topic) => {
    // A pattern matches every topic that begins with it: the one that is meant is last of its own name.
    const exact = (flag) =>
      bash(`help ${flag} "$1"`, topic)
        .split('\n')
        .find((l) => l.startsWith(`${topic}${flag === '-d' ? ' - ' : ': '}`)) ?? '';
    const whole = bash('help "$1"', topic);
    const at = whole.indexOf(exact('-s'));
    return [
      topic,
      {
        synopsis: exact('-s').slice(topic.length + 2),
        brief: exact('-d').slice(topic.length + 3),
        text: whole.slice(Math.max(0, at)),
      },
    ];
  }),
);
writeFileSync('src/sim/userland/shell/bash-help.json', `${JSON.stringify(described, null, 1)}\n`);
