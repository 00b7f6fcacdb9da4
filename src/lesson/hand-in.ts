/**
 * What a student hands in: who, which lesson, what was typed, which goals were reached. The signature shows that a file
 * was edited by hand; its key is in the page, so it proves no more than that. The proof is `replayHandIn`: the commands
 * run again on the engine, and the goals are checked there.
 */
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { utf8 } from '../spec/index.ts';
import type { Inspection } from '../trace/index.ts';
import { BuildLog } from './builds.ts';
import { checkLesson } from './check.ts';
import type { Lesson } from './format.ts';
import { goalKeys } from './progress.ts';
import { LessonError } from './schema.ts';
import { type PlayHost, Typist, type TypistOptions } from './typist.ts';
import { beginLesson, runBackground, worldOf } from './world.ts';

export interface HandInCommand {
  /** Seconds since the lesson was begun. */
  at: number;
  line: string;
  /** As `command.begin` tells it. */
  terminal: string;
  /** Exit status; absent: it had not ended. */
  status?: number;
  /** Texts that its editor saved, in order. */
  saved?: string[];
}

/** A step whose `background` and `foreground` ran. */
export interface ShownStep {
  id: string;
  /** Commands that had been typed before. */
  after: number;
  /** The next one is its `foreground`. */
  types?: boolean;
}

export interface HandIn {
  drydock: 'hand-in';
  version: 1;
  /** Of drydock, that wrote it. */
  program: string;
  student: string;
  lesson: { name: string; version: string };
  seed: number;
  /** Begun on a fresh host: otherwise it cannot be run again. */
  fresh: boolean;
  begun: string;
  handedIn: string;
  commands: HandInCommand[];
  /** Absent in older files: each was shown when the one before it was done. */
  shown?: ShownStep[];
  /** Keys of the goals that were reached, as `goalKeys` names them, of so many. */
  goals: string[];
  of: number;
  /** Digest of what images, containers, networks and volumes there are: see `stateDigest`. */
  state: string;
}

export type SignedHandIn = HandIn & { signature: string };

const key = utf8('drydock hand-in, version 1');
const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

/** Keys in one order at every depth: how a file was laid out does not count. */
const canonical = (value: unknown): unknown =>
  Array.isArray(value)
    ? value.map(canonical)
    : typeof value === 'object' && value !== null
      ? Object.fromEntries(
          Object.entries(value)
            .sort(([a], [b]) => (a < b ? -1 : 1))
            .map(([name, one]) => [name, canonical(one)]),
        )
      : value;

const signatureOf = (handIn: HandIn): string => hex(hmac(sha256, key, utf8(JSON.stringify(canonical(handIn)))));

export const sign = (handIn: HandIn): SignedHandIn => ({ ...handIn, signature: signatureOf(handIn) });

/** Whether it is as the page wrote it. */
export function isIntact({ signature, ...handIn }: SignedHandIn): boolean {
  return signature === signatureOf(handIn);
}

/** Longer files are no hand-in of anyone's. */
const longest = 8 << 20;

/** Throws LessonError when it is something else. */
export function readHandIn(text: string, file: string): SignedHandIn {
  const fail = (problem: string): never => {
    throw new LessonError(`${file}: ${problem}`);
  };
  if (text.length > longest) fail('too long for a hand-in file');
  let raw: Partial<SignedHandIn>;
  try {
    raw = JSON.parse(text) as Partial<SignedHandIn>;
  } catch {
    return fail('is not JSON');
  }
  if (raw?.drydock !== 'hand-in' || raw.version !== 1) fail('is no hand-in file of this version');
  const texts = [
    raw.program,
    raw.student,
    raw.lesson?.name,
    raw.lesson?.version,
    raw.begun,
    raw.handedIn,
    raw.state,
    raw.signature,
  ];
  const lists = Array.isArray(raw.goals) && Array.isArray(raw.commands);
  const lines =
    lists && raw.commands!.every((one) => typeof one?.line === 'string' && typeof one.terminal === 'string');
  const shown = raw.shown === undefined || (Array.isArray(raw.shown) && raw.shown.every(isShown));
  if (texts.some((one) => typeof one !== 'string') || !lines || !shown || !Number.isSafeInteger(raw.seed))
    fail('lacks a field, or one is of another kind');
  return raw as SignedHandIn;
}

const isShown = (one: Partial<ShownStep> | null): boolean =>
  typeof one?.id === 'string' && Number.isSafeInteger(one.after);

/**
 * Digest of what there is, by names and contents: no ids or times, which an image that was built at another moment has
 * others of.
 */
export function stateDigest({ images, layers, containers, networks, volumes }: Inspection): string {
  const diffIds = new Map(layers.map(({ chainId, diffId }) => [chainId, diffId]));
  const facts = {
    images: images.map(({ references, layers: of }) =>
      [...references].sort().concat(of.length > 0 ? (diffIds.get(of[0]!) ?? '') : '', `${of.length}`),
    ),
    containers: containers.map(({ name, image, status, exitCode }) => [name, image, status, `${exitCode}`]),
    networks: networks.map(({ name, driver }) => [name, driver]),
    volumes: volumes.map(({ name }) => [name.length === 64 ? '' : name]),
  };
  const sorted = Object.values(facts).map((rows) => rows.map((row) => row.join(' ')).sort());
  return `sha256:${hex(sha256(utf8(JSON.stringify(sorted))))}`;
}

export interface Replay {
  /** Keys of the goals that were reached on the way. */
  goals: string[];
  state: string;
  /** Lines that ended otherwise than the file says. */
  differing: number;
  /** Why it did not come to its end. */
  problem: string | undefined;
}

/** Types what was handed in into a host that was just booted with its seed. `saves` is asked by the host's editor. */
export async function replayHandIn(
  handIn: HandIn,
  lesson: Lesson,
  host: PlayHost,
  options: TypistOptions & { saves(texts: readonly string[]): void },
): Promise<Replay> {
  const builds = new BuildLog(host.trace);
  const typists = new Map<string, Typist>();
  let known = lesson.steps.map(({ goals }) => goals.map(() => false));
  let differing = 0;
  let last = '';
  const begun = new Set<string>();
  /** What a step does unseen when it is shown; what it types is among the commands. */
  const show = async (typed: number) => {
    const open = openStep();
    const due = lesson.steps.filter(({ id, background }, at) => {
      if (!background || begun.has(id)) return false;
      return handIn.shown ? handIn.shown.some((one) => one.id === id && one.after <= typed) : at <= open;
    });
    for (const { id, background } of due) {
      begun.add(id);
      await runBackground(host, background!);
    }
  };
  const openStep = () => {
    const open = known.findIndex((row) => !row.every(Boolean));
    return open < 0 ? known.length : open;
  };
  const look = async () => {
    const step = openStep() % Math.max(1, known.length);
    known = await checkLesson(lesson, await worldOf(host, builds.records), { known, step });
  };
  const problem = await (async () => {
    const failed = await beginLesson(lesson, host);
    if (failed) return failed;
    for (const [at, { line, terminal, status, saved }] of handIn.commands.entries()) {
      await show(at);
      // Lines of a shell in a container go where the line before went.
      if (!terminal.includes(':') || !last) last = terminal;
      const typist = typists.get(last) ?? new Typist(host, options);
      if (!typists.has(last)) {
        typists.set(last, typist);
        await typist.prompt();
      }
      options.saves(saved ?? []);
      if (await typist.type({ run: line, status: status ?? 0 })) differing += 1;
      if (typist.stuck) return `"${line}" does not end`;
      await look();
    }
    await show(handIn.commands.length);
    return undefined;
  })();
  await look();
  const state = stateDigest(await host.inspect());
  for (const typist of typists.values()) typist.close();
  builds.stop();
  const goals = goalKeys(lesson).flatMap((keys, step) => keys.filter((_, at) => known[step]![at]));
  return { goals, state, differing, problem };
}
