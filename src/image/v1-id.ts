/**
 * Docker's v1 IDs: the directory names in `docker save`. An ID is the sha256 of a JSON of the layer's chainID, the parent's
 * ID and, for the top layer, the image's v1 fields (moby image/v1).
 */
import { digestOfBytes } from '../content/index.ts';
import { type Digest, goJson, type ImageConfig, utf8 } from '../spec/index.ts';
import { emptyContainerConfig, orderContainerConfig } from './config.ts';

/** The `json` file of one layer's directory. */
export interface V1Layer {
  /** 64 hex digits. */
  id: string;
  /** Its bytes as text. */
  json: string;
}

/** From the base up, one per layer. */
export function v1Layers(config: ImageConfig): V1Layer[] {
  const out: V1Layer[] = [];
  let chainId = '';
  let parent = '';
  config.rootfs.diff_ids.forEach((diffId, at) => {
    chainId = at === 0 ? diffId : digestOfBytes(utf8(`${chainId} ${diffId}`));
    const fields = at === config.rootfs.diff_ids.length - 1 ? topFields(config) : lowerFields;
    const id = v1Id(fields, chainId, parent);
    out.push({ id: hex(id), json: v1Json({ ...fields, os: config.os }, hex(id), parent && hex(parent)) });
    parent = id;
  });
  return out;
}

type Fields = Record<string, unknown>;
const hex = (digest: string): string => digest.slice('sha256:'.length);

// Layers below the top stand for images that never were: nothing is known of them.
const lowerFields: Fields = { created: '1970-01-01T00:00:00Z', container_config: emptyContainerConfig };

// Order of moby's V1Image struct, id and parent apart.
const structOrder = [
  'comment',
  'created',
  'container',
  'container_config',
  'docker_version',
  'author',
  'config',
  'architecture',
  'variant',
  'os',
];

function topFields(config: ImageConfig): Fields {
  const fields: Fields = { ...config, container_config: orderContainerConfig(config.container_config ?? {}) };
  if (config.config) fields.config = orderContainerConfig(config.config);
  fields.created ??= '0001-01-01T00:00:00Z';
  return fields;
}

function v1Id(fields: Fields, chainId: string, parent: string): Digest {
  const hashed: Fields = { ...ordered(fields), layer_id: chainId, ...(parent && { parent }) };
  return digestOfBytes(
    utf8(
      goJson(
        Object.fromEntries(
          Object.keys(hashed)
            .sort()
            .map((key) => [key, hashed[key]]),
        ),
      ),
    ),
  );
}

const v1Json = (fields: Fields, id: string, parent: string): string =>
  goJson({ id, ...(parent && { parent }), ...ordered(fields) });

const ordered = (fields: Fields): Fields =>
  Object.fromEntries(structOrder.filter((key) => fields[key]).map((key) => [key, fields[key]]));
