export const home: string;
export function environment(base: string, index: number): Record<string, string>;
export function parseSessions(text: string): { name: string; steps: { at: string; line: string }[] }[];
