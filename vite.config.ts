import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';

export default defineConfig({
  plugins: [svelte()],
  build: { outDir: 'dist/app', target: 'es2023', sourcemap: false, chunkSizeWarningLimit: 700 },
  worker: { format: 'es' },
});
