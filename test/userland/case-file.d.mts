export const epochSec: number;
export const fixture: [string, string | [string] | null][];
export function parseCases(text: string): { line: string; argv: string[]; stdin: string }[];
