/** What just happened: a command's events told in a few sentences, and the glossary they link to. */
export { type Facts, gather, type Told, type Transfer } from './facts.ts';
export * from './glossary.ts';
export { isTold, narrate, parse as parseSentence, plainText, type Sentence } from './narrate.ts';
export * from './words.ts';
