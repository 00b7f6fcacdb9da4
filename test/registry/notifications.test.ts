import { describe, expect, it } from 'vitest';
import { memoryRegistry, notifying, type RegistryEvent, webhook } from '../../src/registry/index.ts';
import { bodyText, epoch, type Fetch } from '../../src/spec/index.ts';
import { pushSample, registrySuite } from '../suites/registry.suite.ts';

describe('a registry that tells', () => registrySuite(() => notifying(memoryRegistry(), () => {})));

describe('notifications', () => {
  it('tell what succeeded, in order', async () => {
    const events: RegistryEvent[] = [];
    const registry = notifying(memoryRegistry(), (event) => events.push(event));
    const digest = await pushSample(registry, 'me/a', 'v1');
    await registry.getManifest('me/a', 'v1');
    await registry.getManifest('me/a', 'nosuch').catch(() => {});
    await registry.deleteManifest('me/a', 'v1').catch(() => {});
    await registry.deleteManifest('me/a', digest);
    expect(events.map(({ action, tag, target }) => [action, tag, target?.digest === digest])).toEqual([
      ['push', undefined, false],
      ['push', undefined, false],
      ['push', 'v1', true],
      ['pull', 'v1', true],
      ['delete', undefined, true],
    ]);
  });
  it('are posted; a receiver that fails does not matter to the registry', async () => {
    const posted: string[] = [];
    const failures: string[] = [];
    const fetch: Fetch = async (_, { body }) => {
      posted.push(await bodyText(body));
      return { status: posted.length === 1 ? 500 : 200, headers: [] };
    };
    const tell = webhook({
      url: 'http://hook',
      fetch,
      now: () => epoch,
      host: 'r:5000',
      failed: ({ message }) => failures.push(message),
    });
    tell({ action: 'push', repository: 'me/a', tag: 'v1' });
    tell({ action: 'delete', repository: 'me/a', tag: 'v1' });
    while (posted.length < 2) await Promise.resolve();
    expect(JSON.parse(posted[0]!).events).toEqual([
      {
        id: '1',
        timestamp: '1970-01-01T00:00:00Z',
        action: 'push',
        target: { repository: 'me/a', tag: 'v1' },
        request: { host: 'r:5000' },
      },
    ]);
    expect(failures).toEqual(['http://hook response status 500 unaccepted']);
  });
});
