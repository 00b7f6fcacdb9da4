import { describe, expect, it } from 'vitest';
import { type LoadOptions, loadProject, ProjectError, printProject } from '../../src/compose/index.ts';
import { filesOf, optionsOf } from './files.ts';

const load = (text: string, options?: Partial<LoadOptions>) =>
  loadProject(filesOf({ '/srv/shop/compose.yaml': text }), optionsOf(options));

describe('a project', () => {
  it('has names, a default network, absolute paths and what the environment says', async () => {
    const { project, workingDir, files, warnings } = await load(
      'services:\n  web:\n    image: nginx:${TAG:-1}\n    volumes: ["./a:/a"]\n    environment: [HOME, X]\n',
      { env: { HOME: '/root' } },
    );
    expect(project.services.web).toMatchObject({
      image: 'nginx:1',
      networks: { default: null },
      environment: { HOME: '/root', X: null },
      volumes: [{ type: 'bind', source: '/srv/shop/a', target: '/a' }],
      command: null,
    });
    expect(project.networks).toMatchObject({ default: { name: 'shop_default', ipam: {} } });
    expect([workingDir, files, warnings]).toEqual(['/srv/shop', ['/srv/shop/compose.yaml'], []]);
  });

  it('is not there', async () => {
    const error: unknown = await loadProject(filesOf({}), optionsOf()).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ProjectError);
    expect((error as Error).message).toBe('no configuration file provided: not found');
  });

  it('is printed as it is read again', async () => {
    const { project } = await load(
      'services:\n  a:\n    image: x\n    ports: ["1-3:1-3/udp"]\n    command: "sh -c \'a b\'"\n',
    );
    const text = printProject(project);
    expect(printProject((await load(text)).project)).toBe(text);
  });
});
