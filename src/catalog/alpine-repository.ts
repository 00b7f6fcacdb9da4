import type { Handler } from '../spec/index.ts';
import type { ProgramAt } from './file-content.ts';

export function alpineMirrors(_programAt: ProgramAt): Record<string, Handler> {
  return {};
}
