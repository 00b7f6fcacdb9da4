import type { Scalar } from 'yaml';
import type { Value } from './value.ts';

const numberPattern = /^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/;

const words = new Map<string, Value>([
  ...['', '~', 'null', 'Null', 'NULL'].map((word) => [word, null] as const),
  ...['true', 'True', 'TRUE'].map((word) => [word, true] as const),
  ...['false', 'False', 'FALSE'].map((word) => [word, false] as const),
  ...['.nan', '.NaN', '.NAN'].map((word) => [word, Number.NaN] as const),
  ...['.inf', '.Inf', '.INF', '+.inf', '+.Inf', '+.INF'].map((word) => [word, Number.POSITIVE_INFINITY] as const),
  ...['-.inf', '-.Inf', '-.INF'].map((word) => [word, Number.NEGATIVE_INFINITY] as const),
]);

/** A scalar as gopkg.in/yaml.v3 resolves it into an `any`: YAML 1.2's words, YAML 1.1's octals and underscores. */
export function resolveScalar(node: Scalar): Value {
  const text = typeof node.value === 'string' ? node.value : String(node.value ?? '');
  const plain = node.type === 'PLAIN' || node.type === undefined;
  if (node.tag === '!!str' || node.tag === 'tag:yaml.org,2002:str') return text;
  if (!plain && !node.tag?.endsWith(':int')) return text;
  return resolvePlain(text);
}

/** What a text without quotes is. */
export function resolvePlain(text: string): Value {
  const word = words.get(text);
  if (word !== undefined) return word;
  if (!/^[-+.0-9]/.test(text)) return text;
  return timestamp(text) ?? integer(text.replaceAll('_', '')) ?? float(text.replaceAll('_', '')) ?? text;
}

function integer(text: string): number | bigint | undefined {
  const match = /^([+-]?)(0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO]?[0-7]+|0|[1-9][0-9]*)$/.exec(text);
  if (!match) return undefined;
  const size = BigInt(match[2]!.replace(/^0(?=[0-7])/, '0o').toLowerCase());
  const value = match[1] === '-' ? -size : size;
  if (value > 0xffffffffffffffffn || value < -0x8000000000000000n) return Number(value);
  return value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;
}

const float = (text: string): number | undefined => (numberPattern.test(text) ? Number(text) : undefined);

const datePattern = /^\d{4}-\d{1,2}-\d{1,2}(?:(?:[Tt]|[ ]+)\d{1,2}:\d{1,2}:\d{1,2}(?:\.\d+)?(?:Z|[-+]\d\d:\d\d)?)?$/;

/** Differs from Docker: a time is kept as the text Go prints of it, also where YAML would be printed. */
function timestamp(text: string): string | undefined {
  if (!datePattern.test(text)) return undefined;
  const [date, time = '00:00:00', zone = ''] = text.replace(/(Z|[-+]\d\d:\d\d)$/, ' $1').split(/[Tt ]+/);
  const day = date!.split('-').map((part) => part.padStart(2, '0'));
  const offset = /^[-+]/.test(zone) ? `${zone.replace(':', '')} ${zone.replace(':', '')}` : '+0000 UTC';
  const short = time.includes('.') ? time.replace(/\.?0+$/, '') : time;
  return `${day.join('-')} ${short} ${offset}`;
}

const oldBooleans = /^(?:y|yes|on|n|no|off)$/i;
const base60 = /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/;

/** Whether a text without quotes is read as that text, also by YAML 1.1. */
export function isPlainText(text: string): boolean {
  if (typeof resolvePlain(text) !== 'string' || datePattern.test(text)) return false;
  return !oldBooleans.test(text) && !base60.test(text);
}
