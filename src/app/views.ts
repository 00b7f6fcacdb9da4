/**
 * The views of the stage, in the order they are offered. A view is a component that takes `{ session }`, loaded
 * when it is opened. To add one: its name here, its words in `words/nav.ts`.
 */
import type { Component } from 'svelte';
import type { Session } from './session.svelte.ts';

export type ViewComponent = Component<{ session: Session }>;

export const viewLoaders = {
  layers: async () => (await import('./view/LayersView.svelte')).default,
  images: async () => (await import('./view/ImagesView.svelte')).default,
  union: async () => (await import('./view/UnionView.svelte')).default,
  build: async () => (await import('./view/BuildView.svelte')).default,
  processes: async () => (await import('./view/ProcessesView.svelte')).default,
  network: async () => (await import('./view/NetworkView.svelte')).default,
  registry: async () => (await import('./view/RegistryView.svelte')).default,
  engine: async () => (await import('./view/EngineView.svelte')).default,
  web: async () => (await import('./view/BrowserView.svelte')).default,
  archive: async () => (await import('./view/ArchiveView.svelte')).default,
} satisfies Record<string, () => Promise<ViewComponent>>;

export type ViewName = keyof typeof viewLoaders;
/** Shown when something was opened in them; until then the palette and the menu lead there. */
const onDemand: readonly ViewName[] = ['archive'];
export const viewNames = (Object.keys(viewLoaders) as ViewName[]).filter((name) => !onDemand.includes(name));

export const isViewName = (name: string | null): name is ViewName => name !== null && Object.hasOwn(viewLoaders, name);
