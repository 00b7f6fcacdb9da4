/** This program's version and what tells its builds apart, as the build wrote it into the page: `0.1.0+1a2b3c4d`. */
export const program = (): string => document.documentElement.dataset.build ?? 'unbuilt';
