/** Draws the page over the engine that the first script started. */
import { mount } from 'svelte';
import App from './App.svelte';
import type { Started } from './start.ts';
import './theme.css';

const { started } = window as unknown as { started: Started };
mount(App, { target: document.getElementById('app')!, props: { started } });
