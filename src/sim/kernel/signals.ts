/** signal(7) on x86-64: numbers, names and default actions. */

export const signalNumbers = {
  HUP: 1,
  INT: 2,
  QUIT: 3,
  ILL: 4,
  TRAP: 5,
  ABRT: 6,
  BUS: 7,
  FPE: 8,
  KILL: 9,
  USR1: 10,
  SEGV: 11,
  USR2: 12,
  PIPE: 13,
  ALRM: 14,
  TERM: 15,
  STKFLT: 16,
  CHLD: 17,
  CONT: 18,
  STOP: 19,
  TSTP: 20,
  TTIN: 21,
  TTOU: 22,
  URG: 23,
  XCPU: 24,
  XFSZ: 25,
  VTALRM: 26,
  PROF: 27,
  WINCH: 28,
  IO: 29,
  PWR: 30,
  SYS: 31,
} as const;

export type SignalName = keyof typeof signalNumbers;

/** SIGRTMIN is 34 to programs (glibc keeps 32 and 33). */
export const maxSignal = 64;

const names = new Map(Object.entries(signalNumbers).map(([name, number]) => [number as number, name]));

/** Without SIG: `TERM`; RTMIN, RTMIN+n, RTMAX-n; undefined for what is no signal. */
export function signalName(signal: number): string | undefined {
  if (signal >= 34 && signal <= 64) {
    if (signal <= 49) return signal === 34 ? 'RTMIN' : `RTMIN+${signal - 34}`;
    return signal === 64 ? 'RTMAX' : `RTMAX-${64 - signal}`;
  }
  return names.get(signal);
}

/** `9`, `KILL`, `SIGKILL`, `sigkill`, `RTMIN+1`; undefined when it is none. */
export function signalNumber(text: string): number | undefined {
  if (/^\d+$/.test(text)) return Number(text) <= maxSignal ? Number(text) : undefined;
  const name = text.toUpperCase().replace(/^SIG/, '');
  const realtime = /^RT(MIN|MAX)([+-]\d+)?$/.exec(name);
  if (realtime) return (realtime[1] === 'MIN' ? 34 : 64) + Number(realtime[2] ?? 0);
  return { ...signalNumbers, CLD: 17, POLL: 29, IOT: 6 }[name as SignalName];
}

export type DefaultAction = 'terminate' | 'core' | 'ignore' | 'stop' | 'continue';

const core = new Set<number>([3, 4, 5, 6, 7, 8, 11, 24, 25, 31]);
const stop = new Set<number>([19, 20, 21, 22]);
const ignored = new Set<number>([17, 23, 28]);

export function defaultAction(signal: number): DefaultAction {
  if (signal === signalNumbers.CONT) return 'continue';
  if (core.has(signal)) return 'core';
  if (stop.has(signal)) return 'stop';
  return ignored.has(signal) ? 'ignore' : 'terminate';
}

export const uncatchable = (signal: number): boolean => signal === signalNumbers.KILL || signal === signalNumbers.STOP;
