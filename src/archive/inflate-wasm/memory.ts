/** Where things lie in the module's memory. All sizes leave room for reads and writes that go a little too far. */

/** Compressed bytes that wait. */
export const input: usize = 0x10000;
export const inputSize: usize = 0x40000;
/** A header of a block with its codes is shorter. */
export const blockHeader: usize = 1024;

/** What was inflated last, which matches copy from, and after it what is new. */
export const history: usize = 0x60000;
export const historySize: usize = 0x8000;
export const output: usize = history + historySize;
export const outputEnd: usize = output + 0x20000;

/** Four bytes an entry: the first table, then the second ones (at most 2342, 402 and 128 entries in all). */
export const literalTable: usize = 0x2000;
export const distanceTable: usize = 0x5000;
export const lengthTable: usize = 0x6000;

/** Code lengths of a block, then its symbols sorted by code. */
export const codeLengths: usize = 0x6800;
export const sortedSymbols: usize = 0x6c00;

/** Sixteen tables of 256 numbers. */
export const crcTables: usize = 0x8000;
