/** pg_hba.conf: who may connect, and how they prove who they are. */

export interface HbaLine {
  type: string;
  databases: string[];
  users: string[];
  address?: string;
  method: string;
}

export interface Asking {
  /** Undefined: by the unix socket. */
  address?: string;
  database: string;
  user: string;
}

export function readHba(file: string): HbaLine[] {
  const lines: HbaLine[] = [];
  for (const line of file.split('\n')) {
    const words = (line.replace(/#.*/, '').match(/"[^"]*"|[^\s,]+|,/g) ?? []).reduce<string[][]>((fields, word) => {
      if (word === ',') fields.at(-1)?.push('');
      else if (fields.at(-1)?.at(-1) === '') fields.at(-1)![fields.at(-1)!.length - 1] = word.replaceAll('"', '');
      else fields.push([word.replaceAll('"', '')]);
      return fields;
    }, []);
    if (words.length < 4) continue;
    const type = words[0]![0]!;
    const [databases, users] = [words[1]!, words[2]!];
    if (type === 'local') lines.push({ type, databases, users, method: words[3]![0]! });
    else {
      const masked = /^\d+\.\d+\.\d+\.\d+$/.test(words[4]?.[0] ?? '') && words.length > 5;
      const address = masked ? `${words[3]![0]}/${bits(words[4]![0]!)}` : words[3]![0]!;
      lines.push({ type, databases, users, address, method: words[masked ? 5 : 4]?.[0] ?? '' });
    }
  }
  return lines;
}

const toNumber = (address: string): number => address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
const bits = (mask: string): number => toNumber(mask).toString(2).replaceAll('0', '').length;

function covers(range: string, address: string): boolean {
  if (range === 'all' || range === 'samenet') return true;
  const [network, length] = range.split('/');
  if (network!.includes(':')) return network === address;
  if (address.includes(':')) return false;
  const shift = 2 ** (32 - Number(length ?? 32));
  return Math.floor(toNumber(network!) / shift) === Math.floor(toNumber(address) / shift);
}

/** The method of the first line that fits; undefined when none does. */
export function methodFor(lines: readonly HbaLine[], asking: Asking): string | undefined {
  const named = (names: readonly string[], name: string): boolean =>
    names.includes('all') || names.includes(name) || (names.includes('sameuser') && name === asking.user);
  return lines.find(
    ({ type, databases, users, address }) =>
      (asking.address === undefined
        ? type === 'local'
        : /^host(nossl|nogssenc)?$/.test(type) && covers(address!, asking.address)) &&
      named(databases, asking.database) &&
      named(users, asking.user),
  )?.method;
}
