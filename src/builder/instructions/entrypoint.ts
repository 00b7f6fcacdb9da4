import type { Command } from '../../dockerfile/index.ts';
import { goList } from '../../spec/index.ts';
import { commandLine } from '../config.ts';
import type { Dispatcher } from './effect.ts';

/** `ENTRYPOINT <command>`, `ENTRYPOINT ["executable", "parameter", ...]`: drops a CMD that came from the base image. */
export const entrypoint: Dispatcher<Command> = ({ config, cmdSet }, instruction) => {
  const line = commandLine(config, instruction);
  // `ENTRYPOINT []` takes the entrypoint away.
  const Entrypoint = line.length === 0 ? null : line;
  const Cmd = cmdSet ? config.Cmd : null;
  return { config: { ...config, Entrypoint, Cmd }, comment: `ENTRYPOINT ${goList(line, true)}` };
};
