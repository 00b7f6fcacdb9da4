/** Every lesson's files: one chunk, loaded after the first prompt. */
export const lessonFiles: Record<string, string> = import.meta.glob<string>('../../lessons/*/*.{yaml,md}', {
  query: '?raw',
  import: 'default',
  eager: true,
});
