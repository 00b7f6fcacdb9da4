export function writeArchive(
  path: string,
  bytes: number,
  form?: 'plain' | 'gzip' | 'sparse' | 'usr',
): Promise<{ size: number; plain?: number }>;
