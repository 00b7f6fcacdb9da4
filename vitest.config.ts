import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/browser/**', 'test/linux/**', 'test/real/**', 'node_modules/**'],
    testTimeout: 30_000,
    pool: 'threads',
    // Modules hold no state that a test changes: loading them once a thread halves the time.
    isolate: false,
  },
});
