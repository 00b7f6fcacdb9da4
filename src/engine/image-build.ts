import { BuildError, type Backend as BuilderBackend, type BuildMessage, build } from '../builder/index.ts';
import { type Body, type BuildOptions, EngineError, type JsonMessage } from '../spec/index.ts';
import { bodyContent } from './body-content.ts';
import { builderBackend } from './builder-backend.ts';
import type { Daemon } from './daemon.ts';
import { notSimulated } from './errors.ts';

/** POST /build, in the classic form or (version 2) BuildKit's. */
export async function* imageBuild(
  daemon: Daemon,
  context: Body | undefined,
  options: BuildOptions,
): AsyncGenerator<JsonMessage> {
  if (options.squash) throw notSimulated('docker build --squash');
  const backend: BuilderBackend = builderBackend(daemon);
  const queue: BuildMessage[] = [];
  let wake = (): void => {};
  let over = false;
  const done = build(
    {
      version: options.version === '2' ? '2' : '1',
      t: options.tags,
      ...(options.dockerfile ? { dockerfile: options.dockerfile } : {}),
      ...(options.remote ? { remote: options.remote } : {}),
      q: options.quiet,
      nocache: options.noCache,
      pull: options.pull,
      rm: options.rm,
      forcerm: options.forceRm,
      buildargs: options.buildArgs,
      labels: options.labels,
      ...(options.target ? { target: options.target } : {}),
      ...(options.platform ? { platform: options.platform } : {}),
      cachefrom: options.cacheFrom,
      host: {
        networkMode: options.networkMode,
        extraHosts: options.extraHosts,
        memory: options.memory,
        memorySwap: options.memorySwap,
        cpuShares: options.cpuShares,
        cpuPeriod: options.cpuPeriod,
        cpuQuota: options.cpuQuota,
        cpusetCpus: options.cpusetCpus,
        cpusetMems: options.cpusetMems,
        cgroupParent: options.cgroupParent,
        shmSize: options.shmSize,
        ulimits: options.ulimits,
      },
      auths: options.auth,
      secrets: options.secrets,
      contexts: options.contexts,
      nocachefilter: options.noCacheFilter,
      check: options.check,
      attests: options.attests,
      ...(options.output && { output: options.output }),
      ...(options.signal ? { signal: options.signal } : {}),
    },
    await bodyContent(context),
    backend,
    (message) => {
      queue.push(message);
      wake();
    },
  ).finally(() => {
    over = true;
    wake();
  });
  done.catch(() => {});
  for (;;) {
    const message = queue.shift();
    if (message) yield message as JsonMessage;
    else if (over) break;
    else
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
  }
  try {
    await done;
  } catch (error) {
    throw error instanceof BuildError ? new EngineError(error.status, error.message) : error;
  }
}
