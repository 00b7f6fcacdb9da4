/** Placeholder */
import type { Git } from '../git.ts';
export class Graph {
  constructor(readonly git: Git) {}
  add(_id: string, _parents: readonly string[], _between: boolean): void {}
  gap(): string {
    return '';
  }
  commitLine(text: string): string {
    return `* ${text}\n`;
  }
  textLine(text: string): string {
    return `  ${text}\n`;
  }
  rest(): string {
    return '';
  }
}
