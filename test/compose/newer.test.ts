/** What 2.36.2 (compose-go 2.6.4) does otherwise than the recorded 2.26.1, as its source tells. */
import { describe, expect, it } from 'vitest';
import { loadProject, printProject } from '../../src/compose/index.ts';
import { filesOf, optionsOf } from './files.ts';

const web = (lines: string, more = '') =>
  `services:\n  web:\n    image: i\n${lines.replaceAll(/^/gm, '    ')}\n${more}`;

async function result(text: string, files: Record<string, string> = {}, services: string[] = []): Promise<string> {
  const all = { '/srv/shop/compose.yaml': text, ...files };
  try {
    const { project } = await loadProject(filesOf(all), optionsOf({ services }));
    return printProject(project);
  } catch (error) {
    return (error as Error).message;
  }
}

const at = '/srv/shop/compose.yaml';

describe('refused', () => {
  it.each([
    ['services:\n  web:\n    image: a\n    image: b\n', 'line 4: mapping key "image" already defined at line 3'],
    [web('labels: {1: x}'), 'non-string key in services.web.labels: 1'],
    [web('ports: [{target: 80, host_ip: nowhere}]'), 'services.web.ports.[]: invalid ip address: nowhere'],
    [
      web('pull_policy: sometimes'),
      `validating ${at}: services.web.pull_policy Does not match pattern 'always|never|build|if_not_present|missing|refresh|daily|weekly|every_([0-9]+[wdhms])+'`,
    ],
    [web('scale: -1'), 'services.web.scale: must be greater than or equal to 0'],
    [
      web('environment: ["A =1"]'),
      "decoding failed due to the following error(s):\n\nerror decoding 'services[web].environment': environment variable A  is declared with a trailing space",
    ],
    [
      web('mem_limit: 5q'),
      "decoding failed due to the following error(s):\n\nerror decoding 'services[web].mem_limit': invalid suffix: 'q'",
    ],
    [web('provider: {type: x}').replace('    image: i\n', ''), ''],
  ])('%#', async (text, said) => {
    if (said) expect(await result(text)).toBe(said);
    else expect(await result(text)).toContain('provider:\n      type: x\n');
  });
});

describe('printed', () => {
  it.each([
    [web('healthcheck: {test: x, interval: 1d12h}'), 'interval: 36h0m0s'],
    [web("deploy: {resources: {limits: {cpus: '0.25'}}}"), 'cpus: 0.25\n'],
    [web('secrets: [{source: s, mode: 0440}]', 'secrets: {s: {file: ./s}}'), 'mode: "0440"'],
    [
      web('networks: {n: {priority: 5, aliases: [a]}}', 'networks: {n: {}}'),
      'aliases:\n          - a\n        priority: 5',
    ],
    [web('gpus: all'), 'gpus:\n      - count: -1\n'],
    [
      web('post_start: [{command: echo hi, user: root}]'),
      'post_start:\n      - command:\n          - echo\n          - hi\n        user: root',
    ],
    [web('volumes: [{type: image, source: x, target: /y, image: {subpath: z}}]'), 'image:\n          subpath: z'],
    [web('extra_hosts: {a: [1.1.1.1, 2.2.2.2]}'), 'extra_hosts:\n      - a=1.1.1.1\n      - a=2.2.2.2\n'],
  ])('%#', async (text, part) => {
    expect(await result(text)).toContain(part);
  });

  it('labels of files under those of the service', async () => {
    const text = await result(web('label_file: l\nlabels: {b: own}'), { '/srv/shop/l': 'a=1\nb=2\n' });
    expect(text).toContain('labels:\n      a: "1"\n      b: own\n');
    expect(text).not.toContain('label_file');
  });

  it('a variable of an env file by what the service says', async () => {
    const text = await result(web('env_file: e\nenvironment: {B: own}'), { '/srv/shop/e': 'B=file\nD=$B\n' });
    expect(text).toContain('B: own\n      D: own\n');
  });

  it('of a service named, only what it needs', async () => {
    const text = await result(
      'services: {a: {image: i, networks: [n]}, b: {image: i, depends_on: [a]}, c: {image: i}}\nnetworks: {n: {}}',
      {},
      ['a'],
    );
    expect(text).toBe(
      'name: shop\nservices:\n  a:\n    image: i\n    networks:\n      "n": null\nnetworks:\n  "n":\n    name: shop_n\n',
    );
  });
});
