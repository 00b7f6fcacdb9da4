import type { BuildHostConfig, BuildOptions } from './backend.ts';

export const hostConfig = (options: BuildOptions): BuildHostConfig => ({
  networkMode: '',
  extraHosts: [],
  ...options.host,
});
