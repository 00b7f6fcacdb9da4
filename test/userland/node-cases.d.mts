export const nodeCases: string[];
export const caseInput: string;
export function cleaned(text: string, directory: string): string;
