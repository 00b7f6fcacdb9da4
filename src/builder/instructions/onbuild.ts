import type { Onbuild } from '../../dockerfile/index.ts';
import type { Dispatcher } from './effect.ts';

/** `ONBUILD <instruction>`: kept in the image, carried out by the builds that start FROM it. */
export const onbuild: Dispatcher<Onbuild> = ({ config }, { expression }) => ({
  config: { ...config, OnBuild: [...(config.OnBuild ?? []), expression] },
  comment: `ONBUILD ${expression}`,
});
