import { type SignalName, signalNumbers } from '../../kernel/signals.ts';

const names = new Map<number, string>(Object.entries(signalNumbers).map(([name, number]) => [number, name]));

/** Without SIG; undefined for what is no signal. */
export const signalName = (number: number): string | undefined => names.get(number) ?? realtime(number);

const realtime = (n: number): string | undefined => {
  if (n < 34 || n > 64) return undefined;
  if (n === 34) return 'RTMIN';
  if (n === 64) return 'RTMAX';
  return n < 50 ? `RTMIN+${n - 34}` : `RTMAX-${64 - n}`;
};

/** `INT`, `SIGINT`, `2`, any case; EXIT is 0. */
export const signalNumber = (text: string): number | undefined => {
  if (/^\d+$/.test(text)) {
    const n = Number(text);
    return n === 0 || signalName(n) ? n : undefined;
  }
  const name = text.toUpperCase().replace(/^SIG/, '');
  if (name === 'EXIT') return 0;
  if (name === 'RTMIN') return 34;
  if (name === 'RTMAX') return 64;
  return signalNumbers[name as SignalName];
};

/** strsignal(3). */
const descriptions: Record<number, string> = {
  1: 'Hangup',
  2: 'Interrupt',
  3: 'Quit',
  4: 'Illegal instruction',
  5: 'Trace/breakpoint trap',
  6: 'Aborted',
  7: 'Bus error',
  8: 'Floating point exception',
  9: 'Killed',
  10: 'User defined signal 1',
  11: 'Segmentation fault',
  12: 'User defined signal 2',
  13: 'Broken pipe',
  14: 'Alarm clock',
  15: 'Terminated',
  16: 'Stack fault',
  24: 'CPU time limit exceeded',
  25: 'File size limit exceeded',
  26: 'Virtual timer expired',
  27: 'Profiling timer expired',
  29: 'I/O possible',
  30: 'Power failure',
  31: 'Bad system call',
};

export const signalDescription = (number: number): string => descriptions[number] ?? `Unknown signal ${number}`;
