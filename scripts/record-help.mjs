// Records `docker X --help` of every command of a real docker client into test/recorded/help/X.txt.
// usage: node scripts/record-help.mjs [DOCKER-BINARY] [API-VERSION]
//
// A daemon is played by a small server that only answers /_ping: the client hides what the daemon's version lacks.
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';

const binary = process.argv[2] ?? 'docker';
const apiVersion = process.argv[3] ?? '1.41';
const directory = process.argv[4] ?? new URL('../test/recorded/help/', import.meta.url).pathname;

const server = createServer((_request, response) => {
  response.writeHead(200, { 'Api-Version': apiVersion, Ostype: 'linux', 'Docker-Experimental': 'false' }).end('OK');
});
await new Promise((done) => server.listen(0, '127.0.0.1', done));
const env = { PATH: process.env.PATH, HOME: '/nonexistent', DOCKER_HOST: `tcp://127.0.0.1:${server.address().port}` };

const help = (words) =>
  new Promise((done) => {
    const child = spawn(binary, [...words, '--help'], { env });
    let text = '';
    child.stdout.on('data', (data) => (text += data));
    child.on('close', () => done(text));
  });

/** Names below a "…Commands:" heading; what a plugin provides is left out. */
const subcommands = (text) =>
  [...text.matchAll(/^(?:[A-Z]\w+ )?Commands:\n((?: {2}\S.*\n?)+)/gm)].flatMap((match) =>
    [...match[1].matchAll(/^ {2}([a-z-]+)\*? /gm)].map((line) => line[1]),
  );

async function record(words) {
  const text = await help(words);
  writeFileSync(`${directory}/${['docker', ...words].join('-')}.txt`, text);
  for (const name of subcommands(text)) {
    await record([...words, name]);
  }
}

mkdirSync(directory, { recursive: true });
execFileSync(binary, ['--version']);
await record([]);
server.close();
