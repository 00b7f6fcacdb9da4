import { humanSize, instruction } from '../text.ts';
import { type Facts, gather, type Told } from './facts.ts';
import type { TermName } from './glossary.ts';
import type { NarrationWords } from './words.ts';

/** A sentence: plain pieces, and pieces that link to a term of the glossary. */
export type Sentence = readonly (string | { term: TermName; text: string })[];

/** What a command did, in a few sentences made from its events. */
export function narrate(command: Told, words: NarrationWords): Sentence[] {
  const facts = gather(command);
  const wrote = files(facts, words);
  const said = [
    ...calls(facts, words),
    ...transfers(facts, words),
    ...builds(facts, words),
    ...images(facts, words),
    ...begun(facts, words),
    ...(facts.background ? [] : wrote),
    ...over(facts, words),
    ...facts.failures.slice(0, 2).map((story) => words.failure(story)),
    ...(facts.refused ? [words.refused(facts.refused.status, facts.refused.message)] : []),
  ];
  const only =
    said.length === 1 &&
    facts.calls.length > 0 &&
    facts.calls.every(({ method }) => method === 'GET' || method === 'HEAD');
  if (only) said.push(words.onlyLooked);
  if (facts.background) said.push(...wrote.map(words.meanwhile));
  return said.map(parse);
}

/** `the [[writable-layer|thin layer]] of web` -> its pieces. */
export function parse(text: string): Sentence {
  return text.split(/(\[\[[^\]]+\]\])/).flatMap((piece): Sentence => {
    const link = /^\[\[([^|\]]+)\|([^\]]+)\]\]$/.exec(piece);
    if (link) return [{ term: link[1] as TermName, text: link[2]! }];
    return piece === '' ? [] : [piece];
  });
}

export const plainText = (sentence: Sentence): string =>
  sentence.map((piece) => (typeof piece === 'string' ? piece : piece.text)).join('');

/** The calls that matter, each once: not the ping; those that change something first, those that only listen last. */
function calls({ calls: all }: Facts, words: NarrationWords): string[] {
  const kept = all.filter(({ path }) => path !== '/_ping' && path !== '/version' && !path.startsWith('/events'));
  const lines = [...new Set(kept.map(({ method, path }) => `${method} ${path}`))];
  const listens = (line: string) => /\/(attach|wait|resize|logs)$/.test(line);
  const rank = (line: string) => (listens(line) ? 2 : lines.length > 3 && line.startsWith('GET') ? 1 : 0);
  const order = [0, 1, 2].flatMap((wanted) => lines.filter((line) => rank(line) === wanted));
  return order.length > 0 ? [words.calls(order.slice(0, 3), order.length - 3)] : [];
}

const transfers = (facts: Facts, words: NarrationWords): string[] => [
  ...facts.pulled.map((sum) => words.pulled(sum, humanSize(sum.bytes))),
  ...facts.pushed.map((sum) => words.pushed(sum, humanSize(sum.bytes))),
];

function builds(facts: Facts, words: NarrationWords): string[] {
  return facts.builds.flatMap(({ form, steps, error }) => {
    const hits = steps.filter(({ cache }) => cache === 'hit').length;
    const miss = steps.find(({ cache }) => cache === 'miss');
    return [
      words.built(form, steps.length, hits),
      ...(miss && hits > 0 ? [words.missed(miss.instruction, miss.reason.replace(`${miss.instruction}: `, ''))] : []),
      ...(error ? [words.buildFailed(error.split('\n')[0]!)] : []),
    ];
  });
}

function images(facts: Facts, words: NarrationWords): string[] {
  const pulled = facts.pulled.length > 0;
  const layers = pulled ? [] : facts.layers;
  const told = layers
    .slice(-2)
    .map(({ createdBy, size }) => words.frozen(instruction(createdBy) ?? createdBy, humanSize(size)));
  const more = layers.length > 2 ? [words.moreLayers(layers.length - 2)] : [];
  return [
    ...told,
    ...more,
    ...(facts.tagged.length > 0 && !pulled ? [words.tagged([...new Set(facts.tagged)].slice(0, 3))] : []),
    ...(facts.moved.length > 0 ? [words.moved(facts.moved.slice(0, 3))] : []),
    ...(facts.untagged.length > 0
      ? [words.untagged(facts.untagged.slice(0, 3), facts.deletedImages, facts.removedLayers)]
      : []),
  ];
}

const begun = (facts: Facts, words: NarrationWords): string[] => [
  ...(facts.networks.made.length > 0 ? [words.networksMade(facts.networks.made)] : []),
  ...(facts.volumes.made.length > 0 ? [words.volumesMade(facts.volumes.made)] : []),
  ...facts.created.slice(0, 3).map(({ name, image }) => words.created(name, image)),
  ...facts.started.slice(0, 3).map(({ name, pid, own }) => words.started(name, pid, own)),
];

const over = (facts: Facts, words: NarrationWords): string[] =>
  facts.builds.length > 0
    ? []
    : [
        ...facts.paused.map(({ name }) => words.paused(name)),
        ...facts.ended.slice(0, 3).map((end) => words.ended(end)),
        ...(facts.removed.length > 0 ? [words.removed(facts.removed.slice(0, 3))] : []),
        ...(facts.networks.gone.length > 0 ? [words.networksGone(facts.networks.gone)] : []),
        ...(facts.volumes.gone.length > 0 ? [words.volumesGone(facts.volumes.gone)] : []),
      ];

function files(facts: Facts, words: NarrationWords): string[] {
  const few = (paths: string[]) => ({ shown: paths.slice(0, 2), more: Math.max(0, paths.length - 2) });
  // A directory is copied up on the way to a file in it: only the deepest is worth a word.
  const deepest = facts.copiedUp.filter((path) => !facts.copiedUp.some((other) => other.startsWith(`${path}/`)));
  return [
    ...facts.wrote.slice(0, 2).map(({ name, files, bytes }) => words.wrote(name, files, humanSize(bytes))),
    ...(deepest.length > 0 ? [words.copiedUp(few(deepest))] : []),
    ...(facts.whiteouts.length > 0 ? [words.whiteouts(few(facts.whiteouts))] : []),
  ];
}

/** Whether there is anything to tell at all. */
export const isTold = (command: Told, words: NarrationWords): boolean => narrate(command, words).length > 0;
