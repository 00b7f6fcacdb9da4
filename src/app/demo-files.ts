/** Every demonstration's files: one chunk, loaded when one is chosen. */
export const demoFiles: Record<string, string> = import.meta.glob<string>('../../demos/*/*.{yaml,md}', {
  query: '?raw',
  import: 'default',
  eager: true,
});
