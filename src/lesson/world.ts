import {
  bodyText,
  type Content,
  contentText,
  type Handler,
  type HttpRequest,
  type HttpResponse,
  textContent,
} from '../spec/index.ts';
import type { Inspection, LayerChange } from '../trace/index.ts';
import type { BuildRecord } from './builds.ts';
import type { Lesson } from './format.ts';

/** What goals look at. */
export interface World {
  inspection: Inspection;
  /** Builds that ended, oldest first. */
  builds: readonly BuildRecord[];
  /** Changes of a layer (chainId) or container (id). */
  changes(id: string): Promise<LayerChange[]>;
  /** Text of a file as a layer (chainId) holds it; undefined when absent or too long to be text. */
  layerText(id: string, path: string): Promise<string | undefined>;
  /** Text of a file of the host; undefined when absent. */
  file(path: string): string | undefined;
  /** GET of the Engine API; undefined when it has no such thing. */
  engine(target: string): Promise<string | undefined>;
  /** GET of a port of the host; undefined when nothing answers. */
  http(port: number, path: string, accept?: string): Promise<Answer | undefined>;
  /** Exit status of a command of the host. */
  exec(command: string): Promise<number>;
}

export interface Answer {
  status: number;
  headers: HttpResponse['headers'];
  body: string;
}

/** The part of a machine that a lesson needs. */
export interface LessonHost {
  readonly engine: Handler;
  inspect(): Promise<Inspection>;
  layerChanges(id: string): Promise<LayerChange[]>;
  layerFile(id: string, path: string): Promise<Content | undefined>;
  readFile(path: string): Content | undefined;
  writeFile(path: string, content: Content): void;
  request(port: number, request: HttpRequest): Promise<HttpResponse>;
  run(
    argv: readonly string[],
    stdio: { stdout(bytes: Uint8Array): void; stderr(bytes: Uint8Array): void },
    options?: { timeoutMs?: number },
  ): Promise<number>;
}

/** A body or a file longer than this is not looked at as text. */
const mostText = 1 << 20;

/**
 * The state of a host as goals see it, at this moment. `timeoutMs`, of the host's time, ends a command that a goal runs:
 * for a host that someone watches (one that skips idle time would skip to it).
 */
export async function worldOf(host: LessonHost, builds: readonly BuildRecord[], timeoutMs?: number): Promise<World> {
  const textOf = (content: Content | undefined): string | undefined =>
    content && content.size <= mostText ? contentText(content) : undefined;
  return {
    inspection: await host.inspect(),
    builds,
    changes: (id) => host.layerChanges(id),
    layerText: async (id, path) => textOf(await host.layerFile(id, path)),
    file: (path) => textOf(host.readFile(path)),
    async engine(target) {
      const response = await host.engine({ method: 'GET', target, headers: [['Host', 'docker']] }, {});
      const text = await bodyText(response.body, mostText);
      return response.status === 200 ? text : undefined;
    },
    async http(port, path, accept = '*/*') {
      try {
        const { status, headers, body } = await host.request(port, {
          method: 'GET',
          target: path,
          headers: [
            ['Host', `localhost:${port}`],
            ['Accept', accept],
          ],
        });
        return { status, headers, body: await bodyText(body, mostText) };
      } catch {
        return undefined; // refused, cut off, or longer than a goal looks at
      }
    },
    exec: (command) => host.run(['/bin/bash', '-c', command], { stdout() {}, stderr() {} }, { timeoutMs }),
  };
}

/** Puts a lesson's workspace and set-up in place; resolves with what failed of the set-up. */
export async function beginLesson(
  lesson: Pick<Lesson, 'workspace' | 'setup'>,
  host: LessonHost,
): Promise<string | undefined> {
  for (const [path, text] of Object.entries(lesson.workspace)) host.writeFile(path, textContent(text));
  for (const line of lesson.setup) {
    let output = '';
    const decoder = new TextDecoder();
    const take = (bytes: Uint8Array): void => {
      output = (output + decoder.decode(bytes, { stream: true })).slice(-1000);
    };
    const status = await host.run(['/bin/bash', '-c', line], { stdout: take, stderr: take });
    if (status !== 0) return `set-up "${line}" exits ${status}: ${output.trim().split('\n').slice(-3).join(' / ')}`;
  }
  return undefined;
}

const unheard = { stdout() {}, stderr() {} };

/** Someone reads between two commands: a server has the time to start, a background script to end. */
export const pause = (host: LessonHost): Promise<number> => host.run(['/bin/sleep', '2'], unheard);

/** What a step does unseen when it is shown, and the time that it has for it. */
export async function runBackground(host: LessonHost, command: string): Promise<void> {
  void host.run(['/bin/bash', '-c', command], unheard);
  await pause(host);
}
