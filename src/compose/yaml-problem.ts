import type { LineCounter, YAMLParseError } from 'yaml';

/** What gopkg.in/yaml.v3 says of a text that is no YAML. Its line is where its scanner stood, one less than an editor's. */
export function yamlProblem(error: YAMLParseError, _text: string, lines: LineCounter): string {
  const line = lines.linePos(error.pos[0]).line;
  const [what, shift] = said(error);
  const shown = line + shift;
  return shown > 0 ? `yaml: line ${shown}: ${what}` : `yaml: ${what}`;
}

function said({ code, message }: YAMLParseError): [string, number] {
  switch (code) {
    case 'TAB_AS_INDENT':
    case 'BAD_DIRECTIVE':
    case 'UNEXPECTED_TOKEN':
      return ['found character that cannot start any token', 0];
    case 'MISSING_CHAR':
      if (/flow|end with/i.test(message)) return ["did not find expected ',' or ']'", 0];
      return ["could not find expected ':'", 1];
    case 'BLOCK_IN_FLOW':
    case 'BLOCK_AS_IMPLICIT_KEY':
    case 'MULTILINE_IMPLICIT_KEY':
      return ['mapping values are not allowed in this context', -1];
    case 'BAD_INDENT':
      return ['did not find expected key', -1];
    default:
      return ['did not find expected key', -1];
  }
}
