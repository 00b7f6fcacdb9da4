/**
 * BuildKit's progress, as it comes in the answer to POST /build?version=2: JSON lines
 * `{"id":"moby.buildkit.trace","aux":SolveStatus}`, at the end `{"id":"moby.image.id","aux":{"ID":"sha256:…"}}`, or
 * `{"id":"moby.buildkit.source","aux":SourceInfo}` and an error line.
 *
 * Differs from Docker: `aux` of a trace is plain JSON, not a base64 protobuf (buildkit api/services/control StatusResponse).
 */
import type { Digest } from './oci.ts';

/** One node of the build graph. Sent again whenever something about it changed; the last one counts. */
export interface Vertex {
  digest: Digest;
  /** Vertices it stands on. */
  inputs: Digest[];
  /** "[2/3] RUN make" */
  name: string;
  /** RFC 3339. Absent: not begun. */
  started?: string;
  completed?: string;
  cached?: boolean;
  error?: string;
}

/** A task within a vertex: "transferring context:", "exporting layers", "writing image sha256:…". */
export interface VertexStatus {
  id: string;
  vertex: Digest;
  name: string;
  /** Bytes; total 0 when it is not known. */
  current: number;
  total: number;
  timestamp: string;
  started?: string;
  completed?: string;
}

/** Output of a RUN. */
export interface VertexLog {
  vertex: Digest;
  stream: 1 | 2;
  msg: string;
  timestamp: string;
}

/** A finding of the Dockerfile's checks. */
export interface VertexWarning {
  vertex: Digest;
  level: number;
  /** "JSONArgsRecommended: JSON arguments recommended for CMD to …" */
  short: string;
  detail: string[];
  url: string;
  info?: { filename: string; data: string };
  /** Lines, 1-based, inclusive. */
  range?: { start: number; end: number };
}

export interface SolveStatus {
  vertexes?: Vertex[];
  statuses?: VertexStatus[];
  logs?: VertexLog[];
  warnings?: VertexWarning[];
}

/** Where a build failed, for the excerpt that the client prints. */
export interface SourceInfo {
  filename: string;
  data: string;
  range: { start: number; end: number };
}
