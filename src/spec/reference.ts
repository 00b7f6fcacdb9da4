/**
 * Names of images, by distribution's reference grammar:
 *
 *   [domain/]path[:tag][@digest]        ubuntu   student/app:1   localhost:5000/a/b@sha256:…
 *
 * A `Reference` is normalised: `ubuntu` is docker.io/library/ubuntu. What people see is the familiar form.
 */
import type { Digest } from './oci.ts';

export interface Reference {
  /** docker.io, localhost:5000, ... */
  domain: string;
  /** library/ubuntu, student/app, ... */
  path: string;
  tag?: string;
  digest?: Digest;
}

/** Not a reference; the text is distribution's. */
export class ReferenceFormatError extends Error {
  override readonly name = 'ReferenceFormatError';
}

const defaultDomain = 'docker.io';
const officialPrefix = 'library/';
const nameLimit = 255;

const component = '[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*';
const domainLabel = '(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])';
const domain = `(?:${domainLabel}(?:\\.${domainLabel})*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?`;
const namePattern = `(?:(${domain})/)?(${component}(?:/${component})*)`;
const tagPattern = '[\\w][\\w.-]{0,127}';
const digestPattern = '[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}';
const referencePattern = new RegExp(`^${namePattern}(?::(${tagPattern}))?(?:@(${digestPattern}))?$`);
const tagOnly = new RegExp(`^${tagPattern}$`);
const identifier = /^[a-f0-9]{64}$/;

/** Reads a familiar or full name; no tag is added. Throws ReferenceFormatError. */
export function parseReference(text: string): Reference {
  if (identifier.test(text)) {
    throw new ReferenceFormatError(`invalid repository name (${text}), cannot specify 64-byte hexadecimal strings`);
  }
  const full = splitDomain(text);
  // The path ends where the tag begins; only it must be in lower case.
  const remote = full.rest.includes(':') ? full.rest.slice(0, full.rest.indexOf(':')) : full.rest;
  if (remote.toLowerCase() !== remote) {
    throw new ReferenceFormatError(`invalid reference format: repository name (${remote}) must be lowercase`);
  }
  return parseFull(`${full.domain}/${full.rest}`);
}

/** The first part is a domain when it looks like one (`.`, `:`, localhost, capitals), else Docker Hub's is meant. */
function splitDomain(text: string): { domain: string; rest: string } {
  const slash = text.indexOf('/');
  const first = text.slice(0, Math.max(slash, 0));
  const named = slash >= 0 && (/[.:]/.test(first) || first === 'localhost' || first.toLowerCase() !== first);
  const name = named ? { domain: first, rest: text.slice(slash + 1) } : { domain: defaultDomain, rest: text };
  if (name.domain === 'index.docker.io') name.domain = defaultDomain;
  if (name.domain === defaultDomain && !name.rest.includes('/')) name.rest = officialPrefix + name.rest;
  return name;
}

function parseFull(text: string): Reference {
  const match = referencePattern.exec(text);
  if (!match?.[1]) throw new ReferenceFormatError('invalid reference format');
  if (match[1].length + 1 + match[2]!.length > nameLimit) {
    throw new ReferenceFormatError(`repository name must not be more than ${nameLimit} characters`);
  }
  const reference: Reference = { domain: match[1], path: match[2]! };
  if (match[3]) reference.tag = match[3];
  if (match[4]) reference.digest = supportedDigest(match[4]);
  return reference;
}

// go-digest's texts: the algorithm is looked up first, then the length.
function supportedDigest(text: string): Digest {
  const [algorithm, hex] = text.split(':') as [string, string];
  if (algorithm !== 'sha256') throw new ReferenceFormatError('unsupported digest algorithm');
  if (hex.length !== 64) throw new ReferenceFormatError('invalid checksum digest length');
  if (hex.toLowerCase() !== hex) throw new ReferenceFormatError('invalid checksum digest format');
  return `sha256:${hex}`;
}

/**
 * What `docker inspect` and friends accept: a bare 64-digit ID or a digest names an image by its ID; anything else is a
 * reference. Throws ReferenceFormatError.
 */
export function parseAnyReference(text: string): Reference | { id: Digest } {
  if (identifier.test(text)) return { id: `sha256:${text}` };
  if (/^sha256:[a-f0-9]{64}$/.test(text)) return { id: text as Digest };
  return parseReference(text);
}

/** `docker.io/library/ubuntu:22.04`: the inverse of {@link parseReference}. */
export function formatReference(reference: Reference): string {
  return formatName(reference) + suffix(reference);
}

/** `docker.io/library/ubuntu` */
export const formatName = (reference: Reference): string => `${reference.domain}/${reference.path}`;

/** As Docker prints it: `ubuntu:22.04`, `student/app@sha256:…`. Parses back to the same reference. */
export function familiarReference(reference: Reference): string {
  return familiarName(reference) + suffix(reference);
}

/** The familiar form without tag and digest. */
export function familiarName({ domain, path }: Reference): string {
  if (domain !== defaultDomain) return `${domain}/${path}`;
  const short = path.startsWith(officialPrefix) ? path.slice(officialPrefix.length) : path;
  // A short name that would read as a domain (or as a path of its own) has to stay whole.
  return short.includes('/') ? path : short;
}

const suffix = ({ tag, digest }: Reference): string => (tag ? `:${tag}` : '') + (digest ? `@${digest}` : '');

/** Adds `:latest` to a name alone. */
export function withDefaultTag(reference: Reference): Reference {
  return reference.tag || reference.digest ? reference : { ...reference, tag: 'latest' };
}

export const isNameOnly = (reference: Reference): boolean => !reference.tag && !reference.digest;

export const isTag = (text: string): boolean => tagOnly.test(text);

/** Repository names inside a registry (distribution-spec "Pulling manifests"). */
export const isRepositoryPath = (text: string): boolean => new RegExp(`^${component}(?:/${component})*$`).test(text);
