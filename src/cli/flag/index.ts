/** flag: docker's command-line syntax (spf13/pflag): definitions as data, parsing, option lists of help screens. */
export * from './flag.ts';
export * from './flag-set.ts';
export * from './number.ts';
export * from './usage.ts';
