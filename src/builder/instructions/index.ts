import type { Instruction } from '../../dockerfile/index.ts';
import { cmd } from './cmd.ts';
import type { Effect, Scope } from './effect.ts';
import { entrypoint } from './entrypoint.ts';
import { env } from './env.ts';
import { expose } from './expose.ts';
import { healthcheck } from './healthcheck.ts';
import { label } from './label.ts';
import { onbuild } from './onbuild.ts';
import { shell } from './shell.ts';
import { stopsignal } from './stopsignal.ts';
import { user } from './user.ts';
import { volume } from './volume.ts';
import { workdir } from './workdir.ts';

export type { Effect, Form, Scope } from './effect.ts';
export { sorted } from './label.ts';

/** The effect of an instruction that only changes the config; undefined for RUN, COPY, ADD, ARG and MAINTAINER. */
export function configEffect(scope: Scope, instruction: Instruction): Effect | undefined {
  switch (instruction.keyword) {
    case 'CMD':
      return cmd(scope, instruction);
    case 'ENTRYPOINT':
      return entrypoint(scope, instruction);
    case 'ENV':
      return env(scope, instruction);
    case 'EXPOSE':
      return expose(scope, instruction);
    case 'HEALTHCHECK':
      return healthcheck(scope, instruction);
    case 'LABEL':
      return label(scope, instruction);
    case 'ONBUILD':
      return onbuild(scope, instruction);
    case 'SHELL':
      return shell(scope, instruction);
    case 'STOPSIGNAL':
      return stopsignal(scope, instruction);
    case 'USER':
      return user(scope, instruction);
    case 'VOLUME':
      return volume(scope, instruction);
    case 'WORKDIR':
      return workdir(scope, instruction);
    default:
      return undefined;
  }
}
