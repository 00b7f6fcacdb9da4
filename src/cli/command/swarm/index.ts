import type { Command } from '../command.ts';
import { config } from './config.ts';
import { node } from './node.ts';
import { secret } from './secret.ts';
import { service } from './service.ts';
import { stack } from './stack.ts';
import { swarm } from './swarm.ts';

/** Swarm's commands with their syntax; a daemon that is in no swarm is all there is to ask. */
export const swarmCommands: Command[] = [config, node, secret, service, stack, swarm];
