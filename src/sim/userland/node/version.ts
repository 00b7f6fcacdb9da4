import type { Sys } from '../../kernel/sys.ts';
import { upstreamVersion } from '../services/http/serve.ts';

/** node's official image says its version in the environment; elsewhere the package database does. */
export const nodeVersion = (sys: Sys): string => sys.env.NODE_VERSION ?? upstreamVersion(sys, ['nodejs'], '20.19.3');

/** The npm that comes with node 20.19. */
export const npmVersion = '10.8.2';
