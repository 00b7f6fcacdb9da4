import { ProjectError } from './project.ts';
import { composeSchema, type Schema } from './schema.ts';
import { type Dict, entriesOf, isDict, type Value } from './value.ts';

interface Problem {
  /** Keys and places in lists; empty at the root. */
  path: string[];
  kind: 'type' | 'oneOf' | 'other';
  description: string;
  /** Of a type that is wrong: those that are right. */
  expected?: string[];
}

/** What is wrong, and how near to right it was: of alternatives that all fail the nearest is told. */
class Findings {
  readonly problems: Problem[] = [];
  score = 0;

  add(path: string[], kind: Problem['kind'], description: string, expected?: string[]): void {
    this.problems.push({ path, kind, description, ...(expected && { expected }) });
    this.score -= 2;
  }

  merge(other: Findings): void {
    this.problems.push(...other.problems);
    this.score += other.score;
  }
}

/** Throws what compose says of a tree that is not as the specification wants it. */
export function validateProject(project: Dict, file: string): void {
  const findings = new Findings();
  check(composeSchema, project, [], findings);
  if (findings.problems.length > 0) throw new ProjectError(`validating ${file}: ${mostSpecific(findings.problems)}`);
}

function typeOf(value: Value): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value === 'bigint' ? 'integer' : typeof value;
}

// The order of what follows, and what scores, is gojsonschema's: by it the real one chooses what it tells.
function check(schema: Schema, value: Value, path: string[], out: Findings): void {
  const given = typeOf(value);
  const right = schema.types?.some((type) => type === given || (type === 'number' && given === 'integer')) ?? true;
  if (!right) {
    out.add(path, 'type', `Invalid type. Expected: ${typeList(schema.types!)}, given: ${given}`, schema.types);
    return;
  }
  checkAlternatives(schema, value, path, out);
  if (Array.isArray(value)) checkList(schema, value, path, out);
  checkEnum(schema, value, path, out);
  if (isDict(value)) checkDict(schema, value, path, out);
  if (typeof value === 'number') checkNumber(schema, value, path, out);
  if (typeof value === 'string') checkString(schema, value, path, out);
  out.score++;
}

const typeList = (types: string[]): string => (types.length > 1 ? `[${types.join(',')}]` : types[0]!);

function checkAlternatives(schema: Schema, value: Value, path: string[], out: Findings): void {
  let matched = 0;
  let nearest: Findings | undefined;
  for (const alternative of schema.oneOf ?? []) {
    const findings = new Findings();
    check(alternative, value, path, findings);
    if (findings.problems.length === 0) matched++;
    else if (matched === 0 && (!nearest || findings.score > nearest.score)) nearest = findings;
  }
  if (schema.oneOf && matched !== 1) {
    out.add(path, 'oneOf', 'Must validate one and only one schema (oneOf)');
    if (matched === 0) out.merge(nearest!);
  }
  out.score++;
}

function checkList(schema: Schema, value: Value[], path: string[], out: Findings): void {
  if (schema.items) for (const [i, item] of value.entries()) within(schema.items, item, [...path, String(i)], out);
  const seen = new Map<string, number>();
  if (schema.unique)
    value.forEach((item, j) => {
      const text = stable(item);
      const i = seen.get(text);
      if (i !== undefined) out.add(path, 'other', `array items[${i},${j}] must be unique`);
      seen.set(text, j);
    });
  out.score++;
}

/** A check of its own, its findings added. */
function within(schema: Schema, value: Value, path: string[], out: Findings): void {
  const findings = new Findings();
  check(schema, value, path, findings);
  out.merge(findings);
}

const stable = (value: Value): string => {
  if (Array.isArray(value)) return `[${value.map(stable).join(',')}]`;
  if (isDict(value)) return `{${entriesOf(value).map(([key, item]) => `${JSON.stringify(key)}:${stable(item)}`)}}`;
  return typeof value === 'bigint' ? String(value) : JSON.stringify(value);
};

function checkEnum(schema: Schema, value: Value, path: string[], out: Findings): void {
  if (schema.enum && !schema.enum.includes(value as string)) {
    const allowed = schema.enum.map((word) => JSON.stringify(word)).join(', ');
    out.add(path, 'other', `${path.join('.')} must be one of the following: ${allowed}`);
  }
  out.score++;
}

function checkDict(schema: Schema, value: Dict, path: string[], out: Findings): void {
  for (const key of schema.required ?? [])
    if (key in value) out.score++;
    else out.add(path, 'other', `${key} is required`);
  for (const [key, item] of entriesOf(value)) {
    const patterns = schema.patterns?.filter(([pattern]) => pattern.test(key)) ?? [];
    for (const [, inner] of patterns) within(inner, item, [...path, key], out);
    if (patterns.length > 0) out.score++;
    const known = patterns.length > 0 || (schema.properties && Object.hasOwn(schema.properties, key));
    if (!known && schema.closed) out.add(path, 'other', `Additional property ${key} is not allowed`);
  }
  out.score++;
  for (const [key, item] of entriesOf(value)) {
    const inner = schema.properties && Object.hasOwn(schema.properties, key) ? schema.properties[key] : undefined;
    if (inner) check(inner, item, [...path, key], out);
  }
}

function checkNumber(schema: Schema, value: number, path: string[], out: Findings): void {
  const { minimum, maximum } = schema;
  if (minimum !== undefined && value < minimum) out.add(path, 'other', `Must be greater than or equal to ${minimum}`);
  if (maximum !== undefined && value > maximum) out.add(path, 'other', `Must be less than or equal to ${maximum}`);
  out.score++;
}

function checkString(schema: Schema, value: string, path: string[], out: Findings): void {
  const { pattern } = schema;
  if (pattern && !pattern.test(value)) out.add(path, 'other', `Does not match pattern '${pattern.source}'`);
  out.score++;
}

/** compose tells one problem: the deepest, of several the first, a wrong type before others. */
function mostSpecific(problems: Problem[]): string {
  let best = 0;
  problems.forEach((problem, i) => {
    const [depth, least] = [depthOf(problem), depthOf(problems[best]!)];
    if (depth > least || (depth === least && problem.kind === 'type' && problems[best]!.kind !== 'type')) best = i;
  });
  const problem = problems[best]!;
  return `${fieldOf(problem)} ${describe(problem, problems[best + 1])}`;
}

const fieldOf = ({ path }: Problem): string => path.join('.') || '(root)';
const depthOf = (problem: Problem): number => fieldOf(problem).split('.').length;

function describe(problem: Problem, next: Problem | undefined): string {
  if (problem.kind === 'type') return `must be a ${readable(problem.expected!)}`;
  return problem.kind === 'oneOf' && next ? next.description : problem.description;
}

const human: Record<string, string> = { object: 'mapping', array: 'list' };

function readable(types: string[]): string {
  const names = types.map((type) => human[type] ?? type);
  return names.length === 1 ? names[0]! : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
}
