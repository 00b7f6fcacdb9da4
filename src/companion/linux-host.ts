import type { Handler } from '../spec/index.ts';

/** The engine on real Linux, and what a script needs in its environment to reach it. */
export interface LinuxHost {
  env: Record<string, string>;
  engine: Handler;
  close(): Promise<void>;
}

export async function openLinuxHost(): Promise<LinuxHost> {
  throw new Error('drydock: --engine linux is not there yet');
}

export async function runOnLinux(_script: string, _args: string[]): Promise<number> {
  throw new Error('drydock: --engine linux is not there yet');
}
