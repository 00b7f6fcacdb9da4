import type { DockerCli } from '../docker-cli.ts';
import { indentJson, inspectValue } from '../format/index.ts';
import { ExecuteError, goJson, Template, type Value, valueFromJson } from '../template/index.ts';
import { StatusError } from './command.ts';

/** Prints objects as an indented JSON array, or each through a template; `get` gives the daemon's own JSON text. */
export async function inspectObjects(
  cli: DockerCli,
  names: readonly string[],
  format: string,
  get: (name: string) => Promise<string>,
  typed?: (plain: unknown) => Value,
): Promise<number> {
  const template = format && format !== 'json' ? parse(format) : undefined;
  const texts: string[] = [];
  const errors: string[] = [];
  let output = '';
  for (const name of names) {
    try {
      const text = await get(name);
      texts.push(text.trim());
      if (template) output += `${render(template, text, typed)}\n`;
    } catch (error) {
      errors.push((error as Error).message);
    }
  }
  if (template) await cli.out(output || '\n');
  else if (format === 'json')
    await cli.println(`[${texts.map((text) => goJson(inspectValue(JSON.parse(text)))).join(',')}]`);
  else await cli.println(texts.length ? indentJson(`[${texts.join(',')}]`) : '[]');
  if (errors.length) throw new StatusError(1, errors.join('\n'));
  return 0;
}

interface Both {
  loose: Template;
  strict: Template;
}

function parse(format: string): Both {
  try {
    return { loose: new Template(format), strict: new Template(format, new Map(), true) };
  } catch (error) {
    throw new StatusError(64, `template parsing error: ${(error as Error).message}`);
  }
}

/**
 * First on the object as the client's types have it, then on the bare JSON, where a missing key is an error. What the
 * client itself keeps (`typed`) has no other form.
 */
function render(templates: Both, text: string, typed?: (plain: unknown) => Value): string {
  try {
    return templates.loose.execute((typed ?? inspectValue)(JSON.parse(text)));
  } catch (error) {
    if (typed) throw new StatusError(1, `template parsing error: ${(error as Error).message}`);
    if (!(error instanceof ExecuteError)) throw error;
  }
  try {
    return templates.strict.execute(valueFromJson(text));
  } catch (error) {
    throw new StatusError(0, `template parsing error: ${(error as Error).message}`);
  }
}
