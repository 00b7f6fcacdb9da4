import {
  type Content,
  emptyContent,
  foreignProgramFile,
  programFile,
  RepeatContent,
  SyntheticContent,
  textContent,
} from '../spec/index.ts';

/** Which simulated program stands at a path of a GNU system, if any. Told by whoever knows the userland. */
export type ProgramAt = (path: string) => string | undefined;

/** What a file of a package holds: our text, the program of that name, or bytes made up from its path. */
export function fileContent(
  path: string,
  size: number,
  texts: ReadonlyMap<string, string>,
  programAt: ProgramAt,
  mode = 0o644,
): Content {
  const text = texts.get(path);
  if (text !== undefined) return textContent(text);
  const program = programAt(`/${path}`);
  if (program) return programFile(program, size, seedOf(path));
  if (size === 0) return emptyContent;
  if (mode & 0o111 && !isScript(path)) return foreignProgramFile(size, seedOf(path));
  if (isText(path)) return fillerText(path, size);
  return new SyntheticContent(size, seedOf(path));
}

/** FNV-1a, 32 bits: the same path has the same bytes in every image. */
export function seedOf(path: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < path.length; i++) hash = Math.imul(hash ^ path.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

/** Executables that are scripts in the real package: nothing here could run them either way. */
const isScript = (path: string): boolean => /\.(sh|pl|py|rb)$|^(etc|usr\/share)\//.test(path);

const isText = (path: string): boolean =>
  /\.(txt|conf|cfg|md|list|load|sh|pl|pm|py|rb|html|css|js|json|xml|ini|service|rules)$/.test(path) ||
  /^(etc|usr\/share\/doc)\//.test(path) ||
  /(copyright|README|LICENSE|COPYING)$/.test(path);

/** A text file whose words nobody needs: says whose place it takes, then lines up to its size. */
function fillerText(path: string, size: number): Content {
  const mark = /\.(html|xml)$/.test(path) ? ['<!-- ', ' -->\n'] : ['# ', '\n'];
  // ASCII only: a character is a byte.
  const name = path.replace(/[^\x20-\x7e]/g, '?');
  return new RepeatContent(`${mark[0]}drydock: stands in for /${name}${mark[1]}`, size);
}
