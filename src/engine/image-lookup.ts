import type { Image } from '../image/index.ts';
import { parseReference, ReferenceFormatError } from '../spec/index.ts';
import type { Daemon } from './daemon.ts';
import { badRequest, notFound } from './errors.ts';

/** The image a user names: reference, id or id prefix. 404 `No such image: NAME:TAG`. */
export function findImage(daemon: Daemon, name: string, platform = ''): Image {
  const image = lookupImage(daemon, name);
  if (!image) throw notFound(`No such image: ${withTag(name)}`);
  const [os, architecture] = platform.split('/');
  if ((os && os !== image.config.os) || (architecture && architecture !== image.config.architecture)) {
    throw notFound(`No such image: ${withTag(name)}`);
  }
  return image;
}

export function lookupImage(daemon: Daemon, name: string): Image | undefined {
  try {
    return daemon.images.resolve(name);
  } catch (error) {
    if (error instanceof ReferenceFormatError) throw badRequest(reasonOf(error));
    return undefined;
  }
}

/** The daemon's older reader of references does not name the repository. */
const reasonOf = (error: ReferenceFormatError): string => error.message.replace(/ \(.*\)(?= must be)/, '');

/** As the daemon's messages write an image that is not there: with the tag it looked for. */
export function withTag(name: string): string {
  if (/^(sha256:)?[0-9a-f]{64}$/.test(name)) return name;
  try {
    const reference = parseReference(name);
    return reference.tag || reference.digest ? name : `${name}:latest`;
  } catch (error) {
    if (error instanceof ReferenceFormatError) throw badRequest(reasonOf(error));
    throw error;
  }
}
