export function normal(text: string): string;
