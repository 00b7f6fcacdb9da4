export const packages: Record<string, string>;
export function has(program: string): boolean;
export function missing(): [string, string][];
export function isRoot(): boolean;
export function install(): void;
