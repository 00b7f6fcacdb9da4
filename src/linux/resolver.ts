import { type ChildProcess, spawn } from 'node:child_process';
import program from './resolver.pl?raw';

/** The resolver at 127.0.0.11 of one network namespace: a small program that has entered it. */
export class Resolver {
  private readonly child: ChildProcess;

  constructor(netns: string) {
    this.child = spawn('perl', ['-e', program, netns], { stdio: ['pipe', 'ignore', 'inherit'], detached: true });
    this.child.on('error', () => {}); // no perl: names are not found
    this.child.stdin?.on('error', () => {});
  }

  setNames(names: readonly { name: string; address: string }[]): void {
    this.child.stdin?.write(`${names.map(({ name, address }) => `${name} ${address}\n`).join('')}.\n`);
  }

  close(): void {
    this.child.stdin?.end();
  }
}
