/** A QuickJS of one process: its own wasm instance, so that its memory is its own, with limits on time and memory. */
import releaseSync from '@jitl/quickjs-wasmfile-release-sync';
import {
  newQuickJSWASMModuleFromVariant,
  newVariant,
  type QuickJSContext,
  type QuickJSHandle,
  type QuickJSRuntime,
} from 'quickjs-emscripten-core';
import type { Assets } from '../../../port/index.ts';

let compiled: Promise<WebAssembly.Module> | undefined;

/** The compiled module is shared by all processes of a page. */
async function wasmModule(assets: Assets): Promise<WebAssembly.Module> {
  compiled ??= assets.load('quickjs.wasm').then((bytes) => WebAssembly.compile(bytes));
  compiled.catch(() => {
    compiled = undefined; // A failed load may be tried again.
  });
  return compiled;
}

export interface Engine {
  runtime: QuickJSRuntime;
  context: QuickJSContext;
  /** Bytes of the wasm memory: grows, never shrinks. */
  memory(): number;
  dispose(): void;
}

/** The heap that JavaScript may have, as V8's default on a small machine. */
const heapLimit = 512 << 20;

/** QuickJS counts stack in bytes of wasm's stack, which is 5 MB. */
const stackLimit = 1 << 20;

export async function startEngine(assets: Assets): Promise<Engine> {
  const variant = newVariant(releaseSync, { wasmModule: await wasmModule(assets) });
  const quickjs = await newQuickJSWASMModuleFromVariant(variant);
  const runtime = quickjs.newRuntime();
  runtime.setMemoryLimit(heapLimit);
  runtime.setMaxStackSize(stackLimit);
  const context = runtime.newContext();
  return {
    runtime,
    context,
    memory: () => quickjs.getWasmMemory().buffer.byteLength,
    dispose() {
      // The instance goes with its last reference; freeing its objects one by one would only take time.
    },
  };
}

/** What crosses the border between the two worlds by value. */
export type Value = undefined | null | boolean | number | string | Uint8Array | Value[] | { [key: string]: Value };

/** Moves values across; objects travel as JSON, bytes as ArrayBuffers. */
export class Border {
  private readonly parse: QuickJSHandle;
  private readonly stringify: QuickJSHandle;

  constructor(readonly context: QuickJSContext) {
    this.parse = context.unwrapResult(context.evalCode('JSON.parse', '<border>'));
    this.stringify = context.unwrapResult(context.evalCode('JSON.stringify', '<border>'));
  }

  in(value: Value): QuickJSHandle {
    const { context } = this;
    if (value === undefined) return context.undefined;
    if (value === null) return context.null;
    if (typeof value === 'boolean') return value ? context.true : context.false;
    if (typeof value === 'number') return context.newNumber(value);
    // As a string of C it would end at its first NUL.
    if (typeof value === 'string' && !value.includes('\0')) return context.newString(value);
    if (value instanceof Uint8Array) return context.newArrayBuffer(value.slice().buffer);
    const json = context.newString(JSON.stringify(value));
    return context.unwrapResult(context.callFunction(this.parse, context.undefined, json));
  }

  out(handle: QuickJSHandle): Value {
    const { context } = this;
    switch (context.typeof(handle)) {
      case 'undefined':
        return undefined;
      case 'boolean':
      case 'number':
        return context.typeof(handle) === 'number' ? context.getNumber(handle) : (context.dump(handle) as boolean);
      case 'string':
        return this.text(handle);
      default:
        return this.object(handle);
    }
  }

  /** A string with a NUL in it crosses as JSON: as a string of C it would end there. */
  private text(handle: QuickJSHandle): string {
    const { context } = this;
    const text = context.getString(handle);
    const length = context.getProp(handle, 'length').consume((value) => context.getNumber(value));
    if (text.length === length) return text;
    const json = context.unwrapResult(context.callFunction(this.stringify, context.undefined, handle));
    return JSON.parse(json.consume((value) => context.getString(value))) as string;
  }

  private object(handle: QuickJSHandle): Value {
    if (this.context.sameValue(handle, this.context.null)) return null;
    try {
      return this.context.getArrayBuffer(handle).consume(({ value }) => value.slice());
    } catch {
      return this.context.dump(handle) as Value; // Not bytes: a plain object.
    }
  }
}
