/**
 * dockerfile: what a Dockerfile says. Directives, lines, words, instructions, stages, and the checks of
 * `docker build --check`. One parser for both front ends, the editor and `drydock dockerfile parse`.
 *
 * Depends on spec only. It does not know what an instruction does, what an image or a context is, or who asks.
 */
export { type CheckOptions, type CheckWarning, checkDockerfile, checkIsError } from './check.ts';
export { type RuleName, ruleDescriptions, ruleUrl } from './check-rules.ts';
export { DockerfileError, type LineRange } from './error.ts';
export type * from './instruction.ts';
export { parseInstruction, parseInstructions } from './instructions.ts';
export { type MountFlag, parseMountFlag } from './mount-flag.ts';
export { type Heredoc, type Node, type ParsedFile, type Profile, parseDockerfile } from './parse.ts';
export { type Dockerfile, findStage, readDockerfile, type Stage } from './stages.ts';
export { closest } from './suggest.ts';
export { dockerfileToJson } from './to-json.ts';
export { expandWord, expandWords, type WordOptions, type WordResult } from './word.ts';
