import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { ordered, writeJson } from './print.ts';
import type { NetworkSpec, Service, VolumeSpec } from './project.ts';
import { network, service as serviceType, type Type, volume } from './types.ts';
import type { Value } from './value.ts';

const hash = (type: Type, value: unknown): string =>
  bytesToHex(sha256(utf8ToBytes(writeJson(ordered(type, value as Value, 'json'), ''))));

/** The label `com.docker.compose.config-hash`: of all that makes another container necessary when it changes. */
export function serviceHash(service: Service): string {
  const { build: _b, pull_policy: _p, scale: _s, depends_on: _d, profiles: _r, deploy, ...rest } = service;
  const { replicas: _, ...kept } = deploy ?? {};
  return hash(serviceType, { ...rest, ...(deploy && { deploy: kept }) });
}

export const networkHash = (spec: NetworkSpec): string => hash(network, spec);

export const volumeHash = (spec: VolumeSpec): string => hash(volume, { ...spec, driver: spec.driver ?? 'local' });
