/**
 * The closed union of everything observable. The engine, the simulated kernel and the registries emit; views, lessons,
 * the narration and the timeline fold. An event says what happened, in the terms of the specs, after it happened.
 */
import type { Digest } from '../spec/index.ts';

export type TraceEvent =
  // A line was typed (or a script line began); all that follows belongs to it until its end. `terminal` is the name of
  // the shell's terminal: `pts/0` on the host, `<hostname>:pts/0` in a container, '' without one. `pid` pairs begin and
  // end; a script's lines nest in the line that started it. `typed`: at an interactive prompt.
  | { type: 'command.begin'; terminal: string; line: string; pid: number; typed: boolean }
  | { type: 'command.end'; terminal: string; status: number; pid: number }
  // HTTP between client, engine and registry. `id` pairs request and response. `from` and `to` are `docker`, `engine`
  // or a registry's host; a body is told when it is text, and at most its first {@link bodyShown} characters.
  | { type: 'http.request'; id: number; from: string; to: string; method: string; target: string; body?: string }
  | { type: 'http.response'; id: number; status: number; body?: string }
  // A call inside the engine's host: a route of the API calls an operation of the engine, the engine its snapshotter or
  // its runtime. `about`: the key, id or name it is about. `id` pairs call and end; a stream ends when it was begun.
  | { type: 'call'; id: number; from: EnginePart; to: EnginePart; operation: string; about: string }
  | { type: 'call.end'; id: number; error?: string }
  // Images and layers.
  | { type: 'layer.commit'; chainId: string; diffId: Digest; parent: string; size: number; createdBy: string }
  | { type: 'layer.remove'; chainId: string }
  | { type: 'image.create'; id: Digest; references: string[] }
  | { type: 'image.tag'; id: Digest; reference: string }
  | { type: 'image.untag'; reference: string }
  | { type: 'image.delete'; id: Digest }
  // Containers (state as `docker inspect` says it).
  | { type: 'container.create'; id: string; name: string; image: string; snapshot: string }
  | { type: 'container.state'; id: string; name: string; status: string; exitCode?: number; pid?: number }
  | { type: 'container.remove'; id: string; name: string }
  // Builds.
  | {
      type: 'build.begin';
      build: string;
      steps: number;
      form: 'classic' | 'buildkit';
      /** As it was read; at most its first {@link dockerfileShown} characters. */
      dockerfile: { name: string; text: string };
      /** The stages that are built, in file order. */
      stages: BuildStage[];
      /** What `docker build --check` says of it. */
      findings: BuildFinding[];
    }
  // An instruction begins; `build.step` says what the cache decided, and may come after the work was done.
  | { type: 'build.step.begin'; build: string; line: number }
  | {
      type: 'build.step';
      build: string;
      stage: string;
      step: number;
      instruction: string;
      line: number;
      cache: 'hit' | 'miss';
      /** Why, e.g. "COPY . : app.py changed". */
      reason: string;
    }
  | { type: 'build.step.end'; build: string; step: number; layer?: string; size?: number; imageId?: string; ms: number }
  | { type: 'build.end'; build: string; error?: string }
  // Registry transfers, blob by blob.
  | {
      type: 'blob';
      direction: 'push' | 'pull';
      registry: string;
      repository: string;
      digest: string;
      state: 'exists' | 'mounted' | 'begin' | 'done' | 'failed';
      size?: number;
      from?: string;
    }
  // The union filesystem at work (merged view of the mount whose upperdir is `upper`).
  | { type: 'overlay.copyup'; upper: string; path: string; from: string; size: number }
  | { type: 'overlay.whiteout'; upper: string; path: string }
  | { type: 'overlay.opaque'; upper: string; path: string }
  | { type: 'overlay.create'; upper: string; path: string }
  | {
      type: 'overlay.lookup';
      upper: string;
      path: string;
      layers: { dir: string; found: 'hit' | 'miss' | 'whiteout' | 'opaque' }[];
    }
  // The kernel.
  | { type: 'process.start'; pid: number; ppid: number; namespaces: Record<string, number>; args: string[] }
  | { type: 'process.exec'; pid: number; args: string[] }
  | { type: 'process.exit'; pid: number; code: number; signal?: number }
  | { type: 'process.signal'; pid: number; signal: number; from: number }
  | { type: 'process.oom'; pid: number; cgroup: string }
  // The network. A namespace is told by its inode number; `via` are the interfaces crossed, as `inode/name`.
  // `from` and `to` are what the client says (`to` with the port). `result`: `connected`, `dropped` (nobody answers),
  // `reset` (docker-proxy accepted, nobody behind it did) or an errno.
  | {
      type: 'net.connect';
      /** Host PID. */
      pid: number;
      namespace: number;
      from: string;
      to: string;
      result: string;
      via: string[];
      /** Where it came, or was refused: after NAT. */
      reached?: string;
      target?: number;
      /** Of a refusal: addresses on which the port is open there all the same. */
      bound?: string[];
    }
  // A name server was asked. 127.0.0.11 is the engine's, of a container on a user-defined network.
  | {
      type: 'net.lookup';
      pid: number;
      namespace: number;
      server: string;
      name: string;
      /** `unreachable`: the server did not answer. */
      result: 'ok' | 'nxdomain' | 'servfail' | 'unreachable';
      addresses: string[];
    }
  // UDP and ICMP: the first of each socket to each receiver.
  | {
      type: 'net.packet';
      pid: number;
      namespace: number;
      protocol: string;
      from: string;
      to: string;
      result: 'delivered' | 'dropped' | 'refused' | 'unreachable';
      via: string[];
      size: number;
    };

/** Characters of a Dockerfile that an event tells. */
export const dockerfileShown = 32_768;

export interface BuildStage {
  /** Its name; without one its index in the file. */
  name: string;
  /** What FROM names. */
  base: string;
  /** The stage it starts from, when that is one of the same build: an index in the list of stages. */
  from?: number;
  line: number;
  instructions: BuildInstruction[];
}

export interface BuildInstruction {
  text: string;
  line: number;
  /** Its last line. */
  end: number;
  /** It is a step of its own; BuildKit only notes the others in the image's configuration. */
  step: boolean;
  /** The stage that --from (or a mount's from) names, as in {@link BuildStage.from}. */
  from?: number;
}

export interface BuildFinding {
  rule: string;
  detail: string;
  line: number;
  url: string;
}

export type EnginePart = 'api' | 'engine' | 'snapshotter' | 'runtime';

/** Characters of an HTTP body that an event tells. */
export const bodyShown = 4096;

export type TraceEventType = TraceEvent['type'];
export type TraceEventOf<T extends TraceEventType> = Extract<TraceEvent, { type: T }>;
