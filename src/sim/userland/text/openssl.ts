/** openssl: rand, dgst, passwd-less helpers of tutorials. The rest of it says that it is not simulated. */

import { toBinary } from '../core/bytes.ts';
import type { Command, CommandSpec } from '../core/command.ts';
import { digestOf, hashers } from './digests.ts';

const title: Readonly<Record<string, string>> = {
  md5: 'MD5',
  sha1: 'SHA1',
  sha224: 'SHA2-224',
  sha256: 'SHA2-256',
  sha384: 'SHA2-384',
  sha512: 'SHA2-512',
};

/** Options have one dash here; `-out FILE` takes a word. */
function words(
  args: readonly string[],
  valued: readonly string[],
): { options: Map<string, string>; operands: string[] } {
  const options = new Map<string, string>();
  const operands: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const name = /^--?(\w.*)$/.exec(args[i]!)?.[1];
    if (name === undefined) operands.push(args[i]!);
    else options.set(name, valued.includes(name) ? (args[++i] ?? '') : '');
  }
  return { options, operands };
}

function rand(c: Command, args: readonly string[]): number {
  const { options, operands } = words(args, ['out', 'rand']);
  for (const name of options.keys())
    if (!['hex', 'base64'].includes(name)) c.fail(`drydock: openssl rand -${name} is not simulated`);
  const count = Number(operands[0]);
  if (!Number.isInteger(count) || count <= 0) {
    c.errorText('Usage: rand [options] num\nrand: Use -help for summary.\n');
    return 1;
  }
  const bytes = c.sys.random(count);
  if (options.has('hex')) c.out(`${[...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')}\n`);
  else if (options.has('base64')) c.out(btoa(toBinary(bytes)).replace(/.{1,64}/g, '$&\n'));
  else c.raw(toBinary(bytes));
  return 0;
}

async function dgst(c: Command, args: readonly string[], algorithm = 'sha256'): Promise<number> {
  const { options, operands } = words(args, ['out', 'hmac', 'sign', 'verify']);
  let chosen = algorithm;
  let reversed = false;
  for (const name of options.keys()) {
    if (name === 'r') reversed = true;
    else if (title[name]) chosen = name;
    else if (name !== 'hex') c.fail(`drydock: openssl dgst -${name} is not simulated`);
  }
  for (const path of operands.length ? operands : ['-']) {
    try {
      const digest = await digestOf(c, path, hashers[chosen]!);
      const shown = path === '-' ? 'stdin' : path;
      c.out(reversed ? `${digest} *${shown}\n` : `${title[chosen]}(${shown})= ${digest}\n`);
    } catch (error) {
      c.errorText(`Can't open "${path}" for reading, ${c.reason(error)}\n`);
      c.status = 1;
    }
  }
  return c.status;
}

export const openssl: CommandSpec = {
  name: 'openssl',
  suite: 'openssl',
  async run(c) {
    const [verb, ...args] = c.args;
    if (verb === 'version') {
      c.out('OpenSSL 3.0.17 1 Jul 2025 (Library: OpenSSL 3.0.17 1 Jul 2025)\n');
      return 0;
    }
    if (verb === 'rand') return rand(c, args);
    if (verb === 'dgst') return dgst(c, args);
    if (verb !== undefined && title[verb]) return dgst(c, args, verb);
    return c.fail(`drydock: openssl${verb === undefined ? '' : ` ${verb}`} is not simulated`);
  },
};
