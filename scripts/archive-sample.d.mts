export function writeArchive(path: string, bytes: number, form?: 'plain' | 'gzip' | 'sparse'): number;
