export const scenarios: { name: string; files: Record<string, string>; steps: string[] }[];
