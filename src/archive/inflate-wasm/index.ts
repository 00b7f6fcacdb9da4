/**
 * Inflates DEFLATE (RFC 1951) about twice as fast as zlib does, in bounded memory: AssemblyScript, compiled by
 * scripts/inflate-wasm.mjs to src/archive/inflate-code.ts. The caller puts compressed bytes at `room()`, tells `added()`,
 * calls `run()`, and takes what lies between `outputFrom()` and `outputTo()` when it says so.
 *
 * What makes it fast: 64 bits are held at a time, one look-up gives up to two literals, and matches are copied eight
 * bytes at a time. Input that ends early is read on as zeros; how far it went is looked at afterwards.
 */
import {
  buildCodes,
  buildLengths,
  distanceBits,
  endOfBlock,
  lengthBits,
  literalBits,
  literals,
  second,
  special,
} from './codes.ts';
import { crc32, makeCrcTables } from './crc32.ts';
import {
  blockHeader,
  codeLengths,
  distanceTable,
  history,
  historySize,
  input,
  inputSize,
  lengthTable,
  literalTable,
  output,
  outputEnd,
} from './memory.ts';

// What run() answers.
const wantsInput: i32 = 0;
const outputFull: i32 = 1;
const ended: i32 = 2;
const corrupt: i32 = -1;
const cutShort: i32 = -2;
/** Within: go on with the next block. */
const blockDone: i32 = 3;

const inHeader: i32 = 0;
const inCodes: i32 = 1;
const inStored: i32 = 2;

let held: u64 = 0;
let heldBits: i32 = 0;
let inputAt: usize = input;
let inputEnd: usize = input;
let outputAt: usize = output;
/** Bytes before `output` that a match may copy. */
let behind: usize = 0;
let state: i32 = inHeader;
let lastBlock: bool = false;
let storedLeft: usize = 0;
let crc: u32 = 0;

makeCrcTables();

/** Forgets all input. */
export function clear(): void {
  inputAt = input;
  inputEnd = input;
  held = 0;
  heldBits = 0;
}

/** Begins a stream with the input that is there. */
export function begin(): void {
  outputAt = output;
  behind = 0;
  state = inHeader;
  lastBlock = false;
  crc = 0;
}

/** Where more input goes, and how much. */
export function room(): usize {
  giveBack();
  const left = inputEnd - inputAt;
  memory.copy(input, inputAt, left);
  inputAt = input;
  inputEnd = input + left;
  return inputEnd;
}
export function roomSize(): usize {
  return input + inputSize - inputEnd;
}
export function added(size: usize): void {
  inputEnd += size;
}

/** Input that is not used yet: before begin(), and after the end. */
export function unusedAt(): usize {
  return inputAt;
}
export function unusedSize(): usize {
  return inputEnd - inputAt;
}
export function use(size: usize): void {
  inputAt += size;
}

export function outputFrom(): usize {
  return output;
}
export function outputTo(): usize {
  return outputAt;
}
/** Of all output since begin(). */
export function checksum(): u32 {
  return crc;
}

/** Goes on as far as input and room for output allow. `final`: no more input comes. */
export function run(final: bool): i32 {
  if (outputAt >= outputEnd) {
    behind = historySize;
    memory.copy(history, outputAt - historySize, historySize);
    outputAt = output;
  }
  if (final) memory.fill(inputEnd, 0, blockHeader);
  const from = outputAt;
  let answer = blockDone;
  while (answer === blockDone) answer = block(final);
  crc = crc32(crc, from, outputAt);
  return answer;
}

function block(final: bool): i32 {
  if (state === inCodes) return codes(final);
  if (state === inStored) return stored(final);
  if (lastBlock) {
    dropHeld();
    return ended;
  }
  if (!final && inputEnd - inputAt < blockHeader) return wantsInput;
  const holds = header();
  if (inputAt - ((heldBits as usize) >> 3) > inputEnd) return cutShort;
  return holds ? blockDone : corrupt;
}

/** Holds no whole byte any more: it is input again. */
function giveBack(): void {
  inputAt -= (heldBits as usize) >> 3;
  heldBits &= 7;
  held &= (1 << heldBits) - 1;
}

/** Goes on with the next whole byte. */
function dropHeld(): void {
  giveBack();
  held = 0;
  heldBits = 0;
}

function refill(): void {
  held |= load<u64>(inputAt) << heldBits;
  inputAt += (63 - heldBits) >> 3;
  heldBits |= 56;
}

function bits(count: i32): i32 {
  const value = (held as i32) & ((1 << count) - 1);
  held >>= count;
  heldBits -= count;
  return value;
}

function header(): bool {
  refill();
  lastBlock = bits(1) !== 0;
  const type = bits(2);
  if (type === 0) {
    dropHeld();
    const size = load<u16>(inputAt);
    inputAt += 4;
    if ((size ^ load<u16>(inputAt - 2)) !== 0xffff) return false;
    storedLeft = size;
    state = inStored;
    return true;
  }
  state = inCodes;
  if (type === 1) return fixedCodes();
  return type === 2 && dynamicCodes();
}

// RFC 1951 3.2.6.
function fixedCodes(): bool {
  memory.fill(codeLengths, 8, 144);
  memory.fill(codeLengths + 144, 9, 112);
  memory.fill(codeLengths + 256, 7, 24);
  memory.fill(codeLengths + 280, 8, 8);
  memory.fill(codeLengths + 288, 5, 32);
  return buildCodes(288, 32);
}

const orderOfLengths = memory.data<u8>([16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]);

// RFC 1951 3.2.7.
function dynamicCodes(): bool {
  const forLiterals = bits(5) + 257;
  const forDistances = bits(5) + 1;
  const forLengths = bits(4) + 4;
  if (forLiterals > 286 || forDistances > 30) return false;
  memory.fill(codeLengths, 0, 19);
  for (let i = 0; i < forLengths; i++) {
    refill();
    store<u8>(codeLengths + (load<u8>(orderOfLengths + i) as usize), bits(3) as u8);
  }
  if (!buildLengths()) return false;
  const all = forLiterals + forDistances;
  for (let at = 0; at < all; ) {
    refill();
    const entry = load<u32>(lengthTable + (((held as usize) & ((1 << lengthBits) - 1)) << 2));
    bits(entry & 63);
    const symbol = entry >> 16;
    if (symbol < 16) {
      store<u8>(codeLengths + at++, symbol as u8);
      continue;
    }
    if (symbol === 16 && at === 0) return false;
    const value: u8 = symbol === 16 ? load<u8>(codeLengths + at - 1) : 0;
    const times = symbol === 16 ? 3 + bits(2) : symbol === 17 ? 3 + bits(3) : 11 + bits(7);
    if (at + times > all) return false;
    memory.fill(codeLengths + at, value, times);
    at += times;
  }
  return load<u8>(codeLengths + 256) !== 0 && buildCodes(forLiterals, forDistances);
}

function stored(final: bool): i32 {
  const size = min(min(storedLeft, inputEnd - inputAt), outputEnd - outputAt);
  memory.copy(outputAt, inputAt, size);
  outputAt += size;
  inputAt += size;
  storedLeft -= size;
  if (storedLeft === 0) state = inHeader;
  if (outputAt >= outputEnd) return outputFull;
  return storedLeft === 0 ? blockDone : final ? cutShort : wantsInput;
}

function codes(final: bool): i32 {
  // In locals, which the compiler keeps in registers.
  let hold = held;
  let count = heldBits;
  let from = inputAt;
  let to = outputAt;
  const lowest = output - behind;
  let answer = blockDone;
  let sure = to;
  for (;;) {
    if (to >= outputEnd) {
      answer = outputFull;
      break;
    }
    if (from > inputEnd - 24) {
      if (!final) answer = wantsInput;
      if (!final || from - ((count as usize) >> 3) > inputEnd) break;
    }
    sure = to;
    hold |= load<u64>(from) << count;
    from += (63 - count) >> 3;
    count |= 56;
    let entry = load<u32>(literalTable + (((hold as usize) & ((1 << literalBits) - 1)) << 2));
    if (entry & literals) {
      store<u16>(to, (entry >> 16) as u16);
      to += (entry >> 12) & 3;
      hold >>= entry & 63;
      count -= entry & 63;
      entry = load<u32>(literalTable + (((hold as usize) & ((1 << literalBits) - 1)) << 2));
      if (entry & literals) {
        store<u16>(to, (entry >> 16) as u16);
        to += (entry >> 12) & 3;
        hold >>= entry & 63;
        count -= entry & 63;
        entry = load<u32>(literalTable + (((hold as usize) & ((1 << literalBits) - 1)) << 2));
        if (entry & literals) {
          store<u16>(to, (entry >> 16) as u16);
          to += (entry >> 12) & 3;
          hold >>= entry & 63;
          count -= entry & 63;
          continue;
        }
      }
    }
    if (entry & special) {
      if (entry & second) {
        hold >>= literalBits;
        count -= literalBits;
        const at = (entry >> 16) + ((hold as u32) & ((1 << ((entry >> 8) & 15)) - 1));
        entry = load<u32>(literalTable + (at << 2));
        if (entry & literals) {
          store<u8>(to++, (entry >> 16) as u8);
          hold >>= entry & 63;
          count -= entry & 63;
          continue;
        }
      }
      if (entry & special) {
        hold >>= entry & 63;
        count -= entry & 63;
        if (entry >> 16 === endOfBlock) state = inHeader;
        else answer = corrupt;
        break;
      }
    }
    const length = (entry >> 16) + (((hold as u32) & ((1 << (entry & 63)) - 1)) >> ((entry >> 8) & 15));
    hold >>= entry & 63;
    count -= entry & 63;
    hold |= load<u64>(from) << count;
    from += (63 - count) >> 3;
    count |= 56;
    let away = load<u32>(distanceTable + (((hold as usize) & ((1 << distanceBits) - 1)) << 2));
    if (away & second) {
      hold >>= distanceBits;
      count -= distanceBits;
      away = load<u32>(distanceTable + (((away >> 16) + ((hold as u32) & ((1 << ((away >> 8) & 15)) - 1))) << 2));
    }
    if (away & special) {
      answer = corrupt;
      break;
    }
    const distance: usize = (away >> 16) + (((hold as u32) & ((1 << (away & 63)) - 1)) >> ((away >> 8) & 15));
    hold >>= away & 63;
    count -= away & 63;
    if (to - distance < lowest) {
      answer = corrupt;
      break;
    }
    copyMatch(to, to - distance, length);
    to += length;
  }
  held = hold & (((1 as u64) << count) - 1);
  heldBits = count;
  inputAt = from;
  // Of what was read past the end nothing was there.
  const past = from - ((count as usize) >> 3) > inputEnd;
  outputAt = past ? sure : to;
  return past ? cutShort : answer;
}

/** It may overlap, and is written a little too far. */
function copyMatch(to: usize, from: usize, length: usize): void {
  const end = to + length;
  const distance = to - from;
  if (distance >= 8) {
    do {
      store<u64>(to, load<u64>(from));
      store<u64>(to + 8, load<u64>(from + 8));
      to += 16;
      from += 16;
    } while (to < end);
  } else if (distance === 1) {
    const four = (load<u8>(from) as u32) * 0x01010101;
    const bytes = ((four as u64) << 32) | (four as u64);
    do {
      store<u64>(to, bytes);
      to += 8;
    } while (to < end);
  } else {
    do store<u8>(to++, load<u8>(from++));
    while (to < end);
  }
}
