import type { Single } from '../../dockerfile/index.ts';
import { BuildError } from '../backend.ts';
import type { Dispatcher } from './effect.ts';

const names = [
  ...['ABRT', 'ALRM', 'BUS', 'CHLD', 'CLD', 'CONT', 'FPE', 'HUP', 'ILL', 'INT', 'IO', 'IOT', 'KILL', 'PIPE', 'POLL'],
  ...['PROF', 'PWR', 'QUIT', 'SEGV', 'STKFLT', 'STOP', 'SYS', 'TERM', 'TRAP', 'TSTP', 'TTIN', 'TTOU', 'URG', 'USR1'],
  ...['USR2', 'VTALRM', 'WINCH', 'XCPU', 'XFSZ', 'RTMIN', 'RTMAX'],
];

/** A number above 0, or a name with or without SIG; real-time ones as RTMIN+n and RTMAX-n (signal(7)). */
export function isSignal(text: string): boolean {
  if (/^-?\d+$/.test(text)) return Number(text) !== 0;
  const name = text.toUpperCase().replace(/^SIG/, '');
  const offset = /^RT(?:MIN\+|MAX-)(\d+)$/.exec(name)?.[1];
  return names.includes(name) || (offset !== undefined && Number(offset) >= 1 && Number(offset) <= 15);
}

/** `STOPSIGNAL <signal>` */
export const stopsignal: Dispatcher<Single> = ({ config, expand }, { value }) => {
  const signal = expand(value);
  if (!isSignal(signal)) throw new BuildError(`Invalid signal: ${signal}`);
  return { config: { ...config, StopSignal: signal }, comment: `STOPSIGNAL ${signal}` };
};
