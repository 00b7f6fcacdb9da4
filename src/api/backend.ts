/**
 * What the API needs of an engine; the engine satisfies it structurally and never hears of HTTP.
 *
 * Every method rejects with `EngineError` (status and the daemon's text). `name` is an id, an unambiguous id prefix or
 * a name. Streams of messages (`AsyncIterable<JsonMessage>`) that throw before their first message become an HTTP error;
 * later, an `errorDetail` line.
 */
import type {
  Attachment,
  AttachOptions,
  AuthConfig,
  Body,
  BuildOptions,
  CommitOptions,
  ContainerCreateRequest,
  ContainerCreateResponse,
  ContainerInspect,
  ContainerSummary,
  DiskUsage,
  DistributionInspect,
  EndpointSettings,
  EventMessage,
  ExecCreateRequest,
  ExecInspect,
  FilesystemChange,
  Filters,
  HostConfig,
  ImageDeleteItem,
  ImageHistoryItem,
  ImageInspect,
  ImageSearchResult,
  ImageSummary,
  JsonMessage,
  LogOptions,
  NetworkCreateRequest,
  NetworkResource,
  OutputFrame,
  PathStat,
  StatsSample,
  SystemInfo,
  TopResponse,
  VersionInfo,
  Volume,
  VolumeCreateRequest,
  WaitResponse,
} from '../spec/index.ts';

export interface ContainerBackend {
  containerList(options: { all: boolean; size: boolean; limit: number; filters: Filters }): Promise<ContainerSummary[]>;
  containerCreate(name: string, request: ContainerCreateRequest, platform: string): Promise<ContainerCreateResponse>;
  containerInspect(name: string, size: boolean): Promise<ContainerInspect>;
  /** Rejects with status 304 (no body) when it runs already. */
  containerStart(name: string, detachKeys: string): Promise<void>;
  containerStop(name: string, timeout?: number): Promise<void>;
  containerRestart(name: string, timeout?: number): Promise<void>;
  containerKill(name: string, signal: string): Promise<void>;
  containerPause(name: string): Promise<void>;
  containerUnpause(name: string): Promise<void>;
  containerRename(name: string, newName: string): Promise<void>;
  containerUpdate(name: string, update: Partial<HostConfig>): Promise<{ Warnings: string[] | null }>;
  /** The outer promise settles when the wait is registered, the inner one when the condition is met. */
  containerWait(
    name: string,
    condition: '' | 'not-running' | 'next-exit' | 'removed',
  ): Promise<{ result: Promise<WaitResponse>; cancel(): void }>;
  containerAttach(name: string, options: AttachOptions): Promise<Attachment>;
  containerLogs(name: string, options: LogOptions): Promise<{ tty: boolean; frames: AsyncIterable<OutputFrame> }>;
  containerResize(name: string, height: number, width: number): Promise<void>;
  containerTop(name: string, psArgs: string): Promise<TopResponse>;
  containerStats(name: string, options: { stream: boolean; oneShot: boolean }): Promise<AsyncIterable<StatsSample>>;
  containerDelete(name: string, options: { force: boolean; volumes: boolean; link: boolean }): Promise<void>;
  containerPrune(filters: Filters): Promise<{ ContainersDeleted: string[] | null; SpaceReclaimed: number }>;
  containerChanges(name: string): Promise<FilesystemChange[] | null>;
  containerExport(name: string): Promise<Body>;
  containerArchive(name: string, path: string): Promise<{ stat: PathStat; body: Body }>;
  containerArchiveInfo(name: string, path: string): Promise<PathStat>;
  putContainerArchive(
    name: string,
    path: string,
    body: Body | undefined,
    options: { noOverwriteDirNonDir: boolean; copyUIDGID: boolean },
  ): Promise<void>;
}

export interface ExecBackend {
  containerExec(name: string, request: ExecCreateRequest): Promise<{ Id: string }>;
  /** Undefined when detached. */
  execStart(id: string, options: { detach: boolean; tty: boolean }): Promise<Attachment | undefined>;
  execInspect(id: string): Promise<ExecInspect>;
  execResize(id: string, height: number, width: number): Promise<void>;
}

export interface ImageBackend {
  imageList(options: { all: boolean; digests: boolean; filters: Filters }): Promise<ImageSummary[]>;
  /** Pull (`fromImage`) or import (`fromSrc`, body when it is '-'). */
  imageCreate(options: {
    fromImage: string;
    tag: string;
    fromSrc: string;
    repo: string;
    message: string;
    changes: string[];
    platform: string;
    auth?: AuthConfig;
    body?: Body;
  }): AsyncIterable<JsonMessage>;
  imageInspect(name: string): Promise<ImageInspect>;
  imageHistory(name: string): Promise<ImageHistoryItem[]>;
  imageTag(name: string, repo: string, tag: string): Promise<void>;
  imagePush(name: string, tag: string, auth?: AuthConfig): AsyncIterable<JsonMessage>;
  imageDelete(name: string, options: { force: boolean; noprune: boolean }): Promise<ImageDeleteItem[]>;
  imagePrune(filters: Filters): Promise<{ ImagesDeleted: ImageDeleteItem[] | null; SpaceReclaimed: number }>;
  imageSearch(term: string, limit: number, filters: Filters, auth?: AuthConfig): Promise<ImageSearchResult[]>;
  imageGet(names: string[]): Promise<Body>;
  imageLoad(body: Body | undefined, quiet: boolean): AsyncIterable<JsonMessage>;
  imageCommit(options: CommitOptions): Promise<{ Id: string }>;
  imageBuild(context: Body | undefined, options: BuildOptions): AsyncIterable<JsonMessage>;
  buildPrune(options: { all: boolean; keepStorage: number; filters: Filters }): Promise<{
    CachesDeleted: string[] | null;
    SpaceReclaimed: number;
  }>;
  distributionInspect(name: string, auth?: AuthConfig): Promise<DistributionInspect>;
}

export interface NetworkBackend {
  networkList(filters: Filters): Promise<NetworkResource[]>;
  networkInspect(name: string, options: { verbose: boolean; scope: string }): Promise<NetworkResource>;
  networkCreate(request: NetworkCreateRequest): Promise<{ Id: string; Warning: string }>;
  networkConnect(name: string, container: string, endpoint?: Partial<EndpointSettings> | null): Promise<void>;
  networkDisconnect(name: string, container: string, force: boolean): Promise<void>;
  networkDelete(name: string): Promise<void>;
  networkPrune(filters: Filters): Promise<{ NetworksDeleted: string[] | null }>;
}

export interface VolumeBackend {
  volumeList(filters: Filters): Promise<{ Volumes: Volume[]; Warnings: string[] | null }>;
  volumeCreate(request: VolumeCreateRequest): Promise<Volume>;
  volumeInspect(name: string): Promise<Volume>;
  volumeDelete(name: string, force: boolean): Promise<void>;
  volumePrune(filters: Filters): Promise<{ VolumesDeleted: string[] | null; SpaceReclaimed: number }>;
}

export interface SystemBackend {
  systemPing(): Promise<{ builderVersion: string }>;
  systemVersion(): Promise<VersionInfo>;
  systemInfo(): Promise<SystemInfo>;
  systemAuth(auth: AuthConfig): Promise<{ Status: string; IdentityToken: string }>;
  /** Past events from `since`, then (unless `until` has passed) those to come. Subscribed when returned. */
  systemEvents(options: { since: string; until: string; filters: Filters }): Promise<{
    events: AsyncIterable<EventMessage>;
    cancel(): void;
  }>;
  systemDataUsage(): Promise<DiskUsage>;
}

export interface Backend
  extends ContainerBackend,
    ExecBackend,
    ImageBackend,
    NetworkBackend,
    VolumeBackend,
    SystemBackend {}
