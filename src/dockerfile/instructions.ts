import { durationError, goQuote, parseGoDuration } from '../spec/index.ts';
import { DockerfileError } from './error.ts';
import { readFlags } from './flags.ts';
import type { AnyInstruction, Copy, HealthcheckInstruction, InlineSource, Instruction, Run } from './instruction.ts';
import { parseMountFlag } from './mount-flag.ts';
import { heredocMark, type Node, type Profile, parseLine } from './parse.ts';
import { withSuggestion } from './suggest.ts';

const fail = (message: string): never => {
  throw new DockerfileError('instruction', message);
};

type Reader = (node: Node, profile: Profile) => AnyInstruction;

const common = (node: Node) => ({
  typed: node.keyword,
  source: node.original.trim(),
  lines: node.lines,
  comments: node.comments,
});

const readers: Record<string, Reader> = {
  ADD: (node, profile) => copy(node, 'ADD', profile),
  ARG: arg,
  CMD: (node, profile) => command(node, 'CMD', profile),
  COPY: (node, profile) => copy(node, 'COPY', profile),
  ENTRYPOINT: (node, profile) => command(node, 'ENTRYPOINT', profile),
  ENV: (node, profile) => keyValues(node, 'ENV', profile),
  EXPOSE: expose,
  FROM: from,
  HEALTHCHECK: healthcheck,
  LABEL: (node, profile) => keyValues(node, 'LABEL', profile),
  MAINTAINER: (node, profile) => single(node, 'MAINTAINER', profile),
  ONBUILD: onbuild,
  RUN: run,
  SHELL: shell,
  STOPSIGNAL: (node, profile) => single(node, 'STOPSIGNAL', profile),
  USER: (node, profile) => single(node, 'USER', profile),
  VOLUME: volume,
  WORKDIR: (node, profile) => single(node, 'WORKDIR', profile),
};

export const keywords = Object.keys(readers);

/** A parsed line as a typed instruction. Throws DockerfileError of kind 'instruction', with the lines. */
export function instructionFromNode(node: Node, profile: Profile): AnyInstruction {
  try {
    const keyword = node.keyword.toUpperCase();
    const reader = Object.hasOwn(readers, keyword) ? readers[keyword] : undefined;
    if (reader) return reader(node, profile);
    if (profile === 'classic') return fail(`unknown instruction: ${keyword}`);
    return fail(withSuggestion(`unknown instruction: ${node.keyword}`, node.keyword, keywords, false));
  } catch (error) {
    throw error instanceof DockerfileError ? error.at(node.lines) : error;
  }
}

/** One instruction from text (an ONBUILD trigger, `--change`). */
export const parseInstruction = (text: string, profile: Profile): AnyInstruction =>
  instructionFromNode(parseLine(text, profile), profile);

export const parseInstructions = (nodes: readonly Node[], profile: Profile): AnyInstruction[] =>
  nodes.map((node) => instructionFromNode(node, profile));

const atLeastOne = (keyword: string) => fail(`${keyword} requires at least one argument`);
const noFlags = (node: Node, keyword: string, profile: Profile) => void readFlags(keyword, node.flags, {}, profile);

function from(node: Node, profile: Profile): AnyInstruction {
  const words = node.args;
  let name: string | undefined;
  if (words.length === 3 && words[1]!.toLowerCase() === 'as') {
    name = words[2]!.toLowerCase();
    if (!/^[a-z][a-z0-9-_.]*$/.test(name)) {
      const shown = goQuote(words[2]!);
      fail(`invalid name for build stage: ${shown}, name can't start with a number or contain symbols`);
    }
  } else if (words.length !== 1) fail('FROM requires either one or three arguments');
  const flags = readFlags('FROM', node.flags, { platform: 'string' }, profile);
  return { ...common(node), keyword: 'FROM', image: words[0]!, name, platform: flags.text('platform'), words };
}

function keyValues(node: Node, keyword: 'ENV' | 'LABEL', profile: Profile): Instruction {
  noFlags(node, keyword, profile);
  if (node.pairs.length === 0) atLeastOne(keyword);
  if (node.pairs.some((pair) => pair.key === '')) fail(`${keyword} names can not be blank`);
  return { ...common(node), keyword, pairs: node.pairs };
}

function single(node: Node, keyword: 'WORKDIR' | 'USER' | 'STOPSIGNAL' | 'MAINTAINER', profile: Profile): Instruction {
  if (node.args.length !== 1) fail(`${keyword} requires exactly one argument`);
  if (keyword !== 'STOPSIGNAL') noFlags(node, keyword, profile);
  return { ...common(node), keyword, value: node.args[0]! };
}

const copyFlags = { chown: 'string', chmod: 'string' } as const;

function copy(node: Node, keyword: 'COPY' | 'ADD', profile: Profile): Copy {
  if (node.args.length < 2) {
    fail(`${keyword} requires at least two arguments, but only one was provided. Destination could not be determined`);
  }
  const known = keyword === 'COPY' ? { ...copyFlags, from: 'string' as const } : copyFlags;
  const flags = readFlags(keyword, node.flags, known, profile);
  const destination = node.args.at(-1)!;
  const { sources, inline } = copySources(node, keyword, destination, profile);
  return {
    ...common(node),
    keyword,
    sources,
    inline,
    destination,
    from: flags.text('from'),
    chown: flags.text('chown'),
    chmod: flags.text('chmod'),
    link: flags.flag('link'),
    parents: flags.flag('parents'),
    exclude: flags.list('exclude'),
    checksum: flags.text('checksum'),
    unpack: flags.used('unpack') ? flags.flag('unpack') : undefined,
  };
}

function copySources(node: Node, keyword: string, destination: string, profile: Profile) {
  const words = node.args.slice(0, -1);
  if (profile === 'classic') return { sources: words, inline: [] };
  if (heredocMark(destination)) fail(`${keyword} cannot accept a heredoc as a destination`);
  const inline: InlineSource[] = [];
  const sources = words.filter((word) => {
    const mark = heredocMark(word);
    if (!mark) return true;
    const content = node.heredocs.find((heredoc) => heredoc.name === mark.name)?.content ?? '';
    inline.push({
      name: mark.name,
      content: mark.chomp ? content.replace(/^\t+/gm, '') : content,
      expand: mark.expand,
    });
    return false;
  });
  return { sources, inline };
}

function run(node: Node, profile: Profile): Run {
  const flags = readFlags('RUN', node.flags, { mount: 'many' }, profile);
  const mounts = flags.list('mount');
  if (profile === 'buildkit') for (const mount of mounts) if (!mount.includes('$')) parseMountFlag(mount);
  const network = flags.text('network');
  if (flags.used('network') && !['default', 'none', 'host'].includes(network)) {
    fail(`invalid network mode ${goQuote(network)}`);
  }
  const security = flags.text('security');
  if (flags.used('security') && !['sandbox', 'insecure'].includes(security))
    fail(`security ${goQuote(security)} is not valid`);
  const { args, json, heredocs } = node;
  return {
    ...common(node),
    keyword: 'RUN',
    args,
    shellForm: !json,
    heredocs,
    mounts,
    network,
    security,
    devices: flags.list('device'),
    flags: node.flags,
  };
}

function command(node: Node, keyword: 'CMD' | 'ENTRYPOINT', profile: Profile): Instruction {
  noFlags(node, keyword, profile);
  return { ...common(node), keyword, args: node.args, shellForm: !node.json };
}

function arg(node: Node): Instruction {
  if (node.args.length === 0) atLeastOne('ARG');
  const args = node.args.map((word) => {
    const at = word.indexOf('=');
    if (at === 0) fail('ARG names can not be blank');
    return at < 0 ? { key: word } : { key: word.slice(0, at), value: word.slice(at + 1) };
  });
  return { ...common(node), keyword: 'ARG', args };
}

function expose(node: Node, profile: Profile): Instruction {
  if (node.args.length === 0) atLeastOne('EXPOSE');
  noFlags(node, 'EXPOSE', profile);
  return { ...common(node), keyword: 'EXPOSE', ports: [...node.args].sort() };
}

function volume(node: Node, profile: Profile): Instruction {
  if (node.args.length === 0) atLeastOne('VOLUME');
  noFlags(node, 'VOLUME', profile);
  const volumes = node.args.map((text) => text.trim());
  if (volumes.includes('')) fail('VOLUME specified can not be an empty string');
  return { ...common(node), keyword: 'VOLUME', volumes };
}

function shell(node: Node, profile: Profile): Instruction {
  noFlags(node, 'SHELL', profile);
  if (node.args.length === 0) atLeastOne('SHELL');
  if (!node.json) fail('SHELL requires the arguments to be in JSON form');
  return { ...common(node), keyword: 'SHELL', shell: node.args };
}

function onbuild(node: Node, profile: Profile): Instruction {
  if (!node.trigger) return atLeastOne('ONBUILD');
  noFlags(node, 'ONBUILD', profile);
  const trigger = node.trigger.keyword.toUpperCase();
  if (trigger === 'ONBUILD') fail("Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed");
  if (trigger === 'MAINTAINER' || trigger === 'FROM') fail(`${trigger} isn't allowed as an ONBUILD trigger`);
  const bodies = node.heredocs.map((heredoc) => `\n${heredoc.content}${heredoc.name}`);
  const expression = node.original.replace(/^\s*ONBUILD\s*/i, '') + bodies.join('');
  return { ...common(node), keyword: 'ONBUILD', expression };
}

const healthFlags = { interval: 'string', timeout: 'string', 'start-period': 'string', retries: 'string' } as const;

function healthcheck(node: Node, profile: Profile): HealthcheckInstruction {
  if (node.args.length === 0) atLeastOne('HEALTHCHECK');
  const type = node.args[0]!.toUpperCase();
  const args = node.args.slice(1);
  if (type === 'NONE') {
    if (args.length > 0) fail('HEALTHCHECK NONE takes no arguments');
    return { ...common(node), keyword: 'HEALTHCHECK', health: { Test: [type] } };
  }
  const flags = readFlags('HEALTHCHECK', node.flags, healthFlags, profile);
  if (type !== 'CMD') fail(`Unknown type ${goQuote(type)} in HEALTHCHECK (try CMD)`);
  if (args.length === 0) fail('Missing command after HEALTHCHECK CMD');
  const health: HealthcheckInstruction['health'] = { Test: [node.json ? 'CMD' : 'CMD-SHELL', ...args] };
  const spans = {
    Interval: 'interval',
    Timeout: 'timeout',
    StartPeriod: 'start-period',
    StartInterval: 'start-interval',
  } as const;
  for (const [field, name] of Object.entries(spans)) {
    const span = interval(name, flags.text(name), profile);
    if (span) health[field as keyof typeof spans] = span;
  }
  const count = retries(flags.text('retries'), profile);
  if (count) health.Retries = count;
  return { ...common(node), keyword: 'HEALTHCHECK', health };
}

function interval(name: string, text: string, profile: Profile): number {
  if (text === '') return 0;
  const span = parseGoDuration(text);
  if (span === undefined) return fail(durationError(text));
  // BuildKit takes a zero for the default.
  if ((span !== 0 || profile === 'classic') && span < 1e6) fail(`Interval ${goQuote(name)} cannot be less than 1ms`);
  return span;
}

function retries(text: string, profile: Profile): number {
  if (text === '') return 0;
  if (!/^[+-]?\d+$/.test(text)) fail(`strconv.ParseInt: parsing ${goQuote(text)}: invalid syntax`);
  const count = Number(text);
  if (Math.abs(count) > 0x7fffffff) fail(`strconv.ParseInt: parsing ${goQuote(text)}: value out of range`);
  if (profile === 'classic' && count < 1) fail(`--retries must be at least 1 (not ${count})`);
  if (count < 0) fail(`--retries cannot be negative (${count})`);
  return count;
}
