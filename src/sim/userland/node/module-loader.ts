/** ES modules: QuickJS links and runs them; where they lie and what CommonJS gives them the guest's loader says. */
import type { QuickJSHandle } from 'quickjs-emscripten-core';
import type { Engine, Value } from './engine.ts';
import type { EventLoop } from './event-loop.ts';

export function moduleLoader(loop: EventLoop, engine: Engine, guest: QuickJSHandle): void {
  const { context, runtime } = engine;
  const ask = (name: string, ...args: Value[]): { value: string } | { error: Error } => {
    const fn = context.getProp(guest, name);
    const handles = args.map((arg) => loop.border.in(arg));
    const result = context.callFunction(fn, context.undefined, handles);
    fn.dispose();
    for (const handle of handles) handle.dispose();
    if (result.error) {
      const { name: kind, message } = (context.dump(result.error) ?? {}) as Record<string, string>;
      result.error.dispose();
      return { error: Object.assign(new Error(message), { name: kind }) };
    }
    const value = context.getString(result.value);
    result.value.dispose();
    return { value };
  };
  runtime.setModuleLoader(
    (name) => ask('moduleSource', name),
    (from, to) => ask('moduleResolve', from, to),
  );
}
