import { defineConfig } from 'vitest/config';

/** Against real programs (dockerd, skopeo, runc, the kernel) and in a real browser: one file at a time. */
export default defineConfig({
  test: {
    include: ['test/linux/**/*.test.ts', 'test/real/**/*.test.ts', 'test/browser/**/*.test.ts'],
    testTimeout: 180_000,
    hookTimeout: 120_000,
    fileParallelism: false,
    pool: 'forks',
  },
});
