export const epochSec: number;
export const fixture: [string, string | [string] | null][];
export function parseCases(text: string): { line: string; steps: string[][]; stdin: string }[];
