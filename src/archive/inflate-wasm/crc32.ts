import { crcTables } from './memory.ts';

/** Of sixteen bytes at a time: one table for each place a byte can stand in. */
export function makeCrcTables(): void {
  for (let byte: u32 = 0; byte < 256; byte++) {
    let value = byte;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >> 1) ^ 0xedb88320 : value >> 1;
    store<u32>(crcTables + (byte << 2), value);
  }
  for (let table: u32 = 1; table < 16; table++) {
    for (let byte: u32 = 0; byte < 256; byte++) {
      const before = load<u32>(crcTables + ((table - 1) << 10) + (byte << 2));
      store<u32>(crcTables + (table << 10) + (byte << 2), (before >> 8) ^ entry(0, before));
    }
  }
}

function entry(table: u32, value: u32): u32 {
  return load<u32>(crcTables + (table << 10) + ((value & 255) << 2));
}

/** Of four bytes, the last of which is `table` bytes before the end. */
function four(table: u32, value: u32): u32 {
  return (
    entry(table + 3, value) ^ entry(table + 2, value >> 8) ^ entry(table + 1, value >> 16) ^ entry(table, value >> 24)
  );
}

/** CRC-32 of memory, going on from an earlier one. */
export function crc32(before: u32, from: usize, to: usize): u32 {
  let crc = ~before;
  for (; from + 16 <= to; from += 16) {
    const first = load<u64>(from) ^ (crc as u64);
    crc =
      four(12, first as u32) ^
      four(8, (first >> 32) as u32) ^
      four(4, load<u32>(from + 8)) ^
      four(0, load<u32>(from + 12));
  }
  for (; from < to; from++) crc = (crc >> 8) ^ entry(0, crc ^ load<u8>(from));
  return ~crc;
}
