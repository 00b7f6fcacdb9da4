import type { Command } from '../../dockerfile/index.ts';
import { goList } from '../../spec/index.ts';
import { commandLine } from '../config.ts';
import type { Dispatcher } from './effect.ts';

/** `CMD <command>`, `CMD ["executable", "parameter", ...]` */
export const cmd: Dispatcher<Command> = ({ config, form }, instruction) => {
  const line = commandLine(config, instruction);
  const escaped = form === 'buildkit' ? { ArgsEscaped: true } : {};
  return { config: { ...config, Cmd: line, ...escaped }, comment: `CMD ${goList(line, true)}` };
};
