import type { Sys } from '../../kernel/sys.ts';
import { upstreamVersion } from '../services/http/serve.ts';

/** node's official image says its version in the environment; elsewhere the package database does. */
export const nodeVersion = (sys: Sys): string => sys.env.NODE_VERSION ?? upstreamVersion(sys, ['nodejs'], '20.19.3');

/** The npm that comes with a release of node. */
export const npmVersion = (sys: Sys): string => bundled[nodeVersion(sys).split('.')[0]!] ?? '10.8.2';
const bundled: Readonly<Record<string, string>> = { '22': '10.9.2', '24': '11.4.2' };
