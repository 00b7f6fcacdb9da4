import { createDigester } from '../../content/index.ts';
import { type Digest, paced, type Steps, utf8 } from '../../spec/index.ts';
import type { Backend, CacheRecord, Layer } from '../backend.ts';
import type { State } from './state.ts';

/** What a step's result depends on, part by part: the operation, and each file it copies, by name. */
export type Inputs = Readonly<Record<string, string>>;

/** A name a step: a COPY has as many as it has files. */
export function* keyOf(parent: Digest, inputs: Inputs): Steps<Digest> {
  const hash = createDigester();
  hash.update(utf8(parent));
  for (const name of Object.keys(inputs).sort()) {
    yield;
    hash.update(utf8(JSON.stringify([name, inputs[name]])));
  }
  return hash.digest();
}

export interface StepResult {
  key: Digest;
  hit: boolean;
  /** Null: nothing changed. */
  layer: Layer | null;
  reason: string;
}

/** The result of a step from the cache, else from `work`, which is then remembered. */
export async function cached(
  backend: Backend,
  state: State,
  step: { inputs: Inputs; description: string; type: string; ignore: string | undefined },
  work: () => Promise<Layer | null>,
): Promise<StepResult> {
  const key = await paced(keyOf(state.key, step.inputs), backend.pause);
  const record = await backend.cache.get(key);
  const now = backend.clock.now();
  if (record && !step.ignore) {
    await backend.cache.put({ ...record, lastUsed: now, usageCount: record.usageCount + 1 });
    return { key, hit: true, layer: record.layer, reason: 'operation and inputs are the same as before' };
  }
  const reason = step.ignore ?? missReason(await backend.cache.list(), state, step);
  const layer = await work();
  await backend.cache.put({
    key,
    layer,
    layers: layer ? [...state.layers, layer.diffId] : state.layers,
    description: step.description,
    created: now,
    lastUsed: now,
    usageCount: 1,
    type: step.type,
    parents: [state.key],
    inputs: step.inputs,
  });
  return { key, hit: false, layer, reason };
}

function missReason(records: CacheRecord[], state: State, step: { inputs: Inputs; description: string }): string {
  const same = records.filter((record) => record.inputs.operation === step.inputs.operation);
  const here = same.findLast((record) => record.parents.includes(state.key));
  if (!here) return same.length > 0 ? 'what it stands on changed' : 'it was not built before';
  const names = [...new Set([...Object.keys(here.inputs), ...Object.keys(step.inputs)])].sort();
  const changed = names.filter((name) => here.inputs[name] !== step.inputs[name]);
  return changed.length > 0 ? `${changed.slice(0, 5).join(', ')} changed` : 'its record was removed';
}
