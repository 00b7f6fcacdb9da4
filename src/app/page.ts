import { mount } from 'svelte';
import App from './App.svelte';

/** Draws the page over the engine that runs in `worker`. */
export const draw = (worker: Worker): void => {
  mount(App, { target: document.getElementById('app')!, props: { worker } });
};
