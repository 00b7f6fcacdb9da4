/**
 * What a registry is: the OCI distribution API, one method per end-point (distribution-spec, "Endpoints").
 *
 * Everything that is a registry implements this: memory, the client (a registry far away), and anything that filters
 * another. The server turns any of them into HTTP, so client plus server is a proxy.
 *
 * Every method rejects with {@link RegistryError}; NAME_INVALID and UNAUTHORIZED/DENIED are possible everywhere, the
 * others are listed with each method.
 */
import type { Body, Content, Descriptor, Digest, Index } from '../spec/index.ts';

export interface Registry {
  /** `HEAD /v2/<name>/blobs/<digest>` end-2. BLOB_UNKNOWN. */
  headBlob(repository: string, digest: Digest): Promise<Descriptor>;
  /** `GET /v2/<name>/blobs/<digest>` end-2. BLOB_UNKNOWN. */
  getBlob(repository: string, digest: Digest): Promise<Content>;
  /** `DELETE /v2/<name>/blobs/<digest>` end-10. BLOB_UNKNOWN. */
  deleteBlob(repository: string, digest: Digest): Promise<void>;

  /** `POST /v2/<name>/blobs/uploads/` end-4a. */
  startUpload(repository: string): Promise<Upload>;
  /** `GET` of an upload's location, end-13. BLOB_UPLOAD_UNKNOWN. */
  uploadStatus(repository: string, upload: string): Promise<Upload>;
  /** `PATCH` end-5. BLOB_UPLOAD_UNKNOWN; a chunk that does not begin at `offset`: BLOB_UPLOAD_INVALID, status 416. */
  uploadChunk(repository: string, upload: string, chunk: Body, offset?: number): Promise<Upload>;
  /** `PUT ?digest=` end-6, with a last chunk or none. DIGEST_INVALID, BLOB_UPLOAD_UNKNOWN. */
  finishUpload(repository: string, upload: string, digest: Digest, chunk?: Body): Promise<Descriptor>;
  /** `DELETE` of an upload's location. BLOB_UPLOAD_UNKNOWN. */
  cancelUpload(repository: string, upload: string): Promise<void>;
  /** `POST ?digest=` end-4b: the whole blob at once; a content in the same process is kept by reference. */
  pushBlob(repository: string, digest: Digest, blob: Body): Promise<Descriptor>;
  /**
   * `POST ?mount=&from=` end-11. The blob's descriptor when it was mounted; an upload that was begun instead when `from`
   * does not have it or may not be read.
   */
  mountBlob(repository: string, digest: Digest, from: string): Promise<{ mounted: Descriptor } | { upload: Upload }>;

  /** `HEAD /v2/<name>/manifests/<reference>` end-3. MANIFEST_UNKNOWN, NAME_UNKNOWN. */
  headManifest(repository: string, reference: string): Promise<Descriptor>;
  /** `GET /v2/<name>/manifests/<reference>` end-3. MANIFEST_UNKNOWN, NAME_UNKNOWN. */
  getManifest(repository: string, reference: string): Promise<ManifestBlob>;
  /** `PUT` end-7. MANIFEST_INVALID, MANIFEST_BLOB_UNKNOWN, TAG_INVALID, DIGEST_INVALID. */
  putManifest(repository: string, reference: string, mediaType: string, content: Content): Promise<Descriptor>;
  /** `DELETE` by tag or digest, end-9. MANIFEST_UNKNOWN. */
  deleteManifest(repository: string, reference: string): Promise<void>;

  /** `GET /v2/<name>/tags/list` end-8. Sorted bytewise. NAME_UNKNOWN. */
  listTags(repository: string, page?: Page): Promise<Listing>;
  /** `GET /v2/_catalog` (Docker registry API). Sorted bytewise. */
  listRepositories(page?: Page): Promise<Listing>;
  /** `GET /v2/<name>/referrers/<digest>` end-12. An unknown digest has none. */
  referrers(repository: string, digest: Digest, artifactType?: string): Promise<Index>;
}

/** A blob upload session. */
export interface Upload {
  id: string;
  /** Bytes received. */
  size: number;
}

export interface ManifestBlob {
  descriptor: Descriptor;
  content: Content;
}

export interface Page {
  /** At most so many. */
  n?: number;
  /** Only names after this one. */
  last?: string;
}

export interface Listing {
  names: string[];
  /** Whether there are more after the last. */
  more: boolean;
}
