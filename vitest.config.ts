import { defineConfig } from 'vitest/config';

/** Each boots machines by the dozen, or plays lessons to their ends: more than half of the time, for few of the tests. */
const whole = [
  'test/catalog/lock.test.ts',
  'test/lesson/{demos,import,lessons}.test.ts',
  'test/machine/{idle-host,keep,meanwhile,npm-audit,packages,turns}.test.ts',
  'test/seeds/**/*.test.ts',
  'test/services/postgres/**/*.test.ts',
  'test/shell/recorded.test.ts',
  'test/userland/{git,node,python}.test.ts',
];
const outside = ['test/browser/**', 'test/linux/**', 'test/real/**', 'node_modules/**'];

/** `npm run unit` runs one part, `npm run whole` the other, `npm test` and `vitest run FILE` both. */
export default defineConfig({
  test: {
    testTimeout: 30_000,
    pool: 'threads',
    // Modules hold no state that a test changes: loading them once a thread halves the time.
    isolate: false,
    // What vite makes of a module is kept in node_modules from run to run: half of the time.
    experimental: { fsModuleCache: true },
    projects: [
      { extends: true, test: { name: 'unit', include: ['test/**/*.test.ts'], exclude: [...outside, ...whole] } },
      { extends: true, test: { name: 'whole', include: whole } },
    ],
  },
});
