import { instructionFromNode } from './instructions.ts';
import { type Node, type Profile, parseDockerfile } from './parse.ts';

/** One instruction for `drydock dockerfile parse`. Lines are 1-based, inclusive, heredoc bodies counted. */
export interface JsonInstruction {
  startLine: number;
  endLine: number;
  keyword: string;
  flags: string[];
  arguments: string[];
  /** The arguments were written as a JSON array. */
  json: boolean;
  heredocs: { name: string; fileDescriptor: number; expand: boolean; chomp: boolean; content: string }[];
  original: string;
  /** Of ONBUILD. */
  trigger?: Omit<JsonInstruction, 'startLine' | 'endLine'>;
}

/** The instructions of a Dockerfile as plain data. Throws DockerfileError where a build would. */
export function dockerfileToJson(text: string, profile: Profile = 'buildkit'): JsonInstruction[] {
  const { nodes } = parseDockerfile(text, profile);
  for (const node of nodes) instructionFromNode(node, profile);
  return nodes.map((node) => ({ startLine: node.lines.start, endLine: node.lines.end, ...body(node) }));
}

const body = (node: Node): Omit<JsonInstruction, 'startLine' | 'endLine'> => ({
  keyword: node.keyword.toUpperCase(),
  flags: node.flags,
  arguments: node.args,
  json: node.json,
  heredocs: node.heredocs,
  original: node.original,
  ...(node.trigger && { trigger: body(node.trigger) }),
});
