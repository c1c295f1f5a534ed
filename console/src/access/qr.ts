/** Error correction codewords in each block, and blocks, by version from 1: level L of ISO/IEC 18004, table 9. */
const CORRECTION = [7, 10, 15, 20, 26, 18, 20, 24, 30, 18, 20, 24, 26, 30, 22, 24, 28, 30, 28, 28];
const BLOCKS = [1, 1, 1, 1, 1, 2, 2, 2, 2, 4, 4, 4, 4, 4, 6, 6, 6, 6, 7, 8];

/** The rows of a code; true is dark. */
export type QrCode = readonly (readonly boolean[])[];
type Grid = { readonly dark: boolean[][]; readonly isFixed: boolean[][] };

/**
 * A text as a QR code (ISO/IEC 18004): bytes in UTF-8, error correction of level L, the smallest version up to 20 that
 * holds them. Throws a RangeError for a text of more than 858 bytes.
 */
export function qrCodeOf(text: string): QrCode {
  const bytes = new TextEncoder().encode(text);
  const version = BLOCKS.findIndex((_, index) => bytes.length <= capacityOf(index + 1)) + 1;
  if (version === 0) throw new RangeError(`${bytes.length} bytes are too many for a code`);
  const bits = interleaved(version, codewords(version, bytes)).flatMap((byte) => bitsOf(byte, 8));
  const codes = Array.from({ length: 8 }, (_, mask) => drawn(version, bits, mask));
  return codes.toSorted((one, other) => penaltyOf(one) - penaltyOf(other))[0] ?? [];
}

const sizeOf = (version: number): number => version * 4 + 17;
const correctionOf = (version: number): number => CORRECTION[version - 1] ?? 0;
const blocksOf = (version: number): number => BLOCKS[version - 1] ?? 1;
const countBits = (version: number): number => (version < 10 ? 8 : 16);

/** All codewords of a version: what fixed patterns leave of the square, in bytes. */
function totalOf(version: number): number {
  const marks = version === 1 ? 0 : Math.floor(version / 7) + 2;
  const fixed = marks === 0 ? 0 : (25 * marks - 10) * marks - 55 + (version >= 7 ? 36 : 0);
  return Math.floor(((16 * version + 128) * version + 64 - fixed) / 8);
}

function dataOf(version: number): number {
  return totalOf(version) - correctionOf(version) * blocksOf(version);
}

function capacityOf(version: number): number {
  return Math.floor((dataOf(version) * 8 - 4 - countBits(version)) / 8);
}

function bitsOf(value: number, count: number): boolean[] {
  return Array.from({ length: count }, (_, index) => ((value >>> (count - 1 - index)) & 1) === 1);
}

/** The mode for bytes, their count, the bytes, an end, and padding. */
function codewords(version: number, bytes: Uint8Array): number[] {
  const bits = [...bitsOf(4, 4), ...bitsOf(bytes.length, countBits(version))];
  for (const byte of bytes) bits.push(...bitsOf(byte, 8));
  const length = dataOf(version);
  bits.push(...bitsOf(0, Math.min(4, length * 8 - bits.length)));
  bits.push(...bitsOf(0, -bits.length & 7));
  const words = Array.from({ length: bits.length / 8 }, (_, index) =>
    bits.slice(index * 8, index * 8 + 8).reduce((byte, bit) => byte * 2 + Number(bit), 0),
  );
  for (let pad = 0xec; words.length < length; pad ^= 0xec ^ 0x11) words.push(pad);
  return words;
}

/** Blocks with their corrections, taken in turn. The last blocks may be one longer. */
function interleaved(version: number, words: readonly number[]): number[] {
  const [count, correction] = [blocksOf(version), correctionOf(version)];
  const total = totalOf(version);
  const short = Math.floor(total / count) - correction;
  const shortBlocks = count - (total % count);
  const generator = generatorOf(correction);
  let at = 0;
  const blocks = Array.from({ length: count }, (_, index) => {
    const data = words.slice(at, at + short + (index < shortBlocks ? 0 : 1));
    at += data.length;
    return { data, check: remainderOf(data, generator) };
  });
  const inTurn = (length: number, part: 'data' | 'check'): number[] =>
    Array.from({ length }, (_, index) => blocks.flatMap((block) => block[part][index] ?? [])).flat();
  return [...inTurn(short + 1, 'data'), ...inTurn(correction, 'check')];
}

/** A product in GF(2^8) modulo x^8 + x^4 + x^3 + x^2 + 1. */
function times(one: number, other: number): number {
  let product = 0;
  for (let bit = 7; bit >= 0; bit--) {
    product = (product << 1) ^ ((product >>> 7) * 0x11d);
    product ^= ((other >>> bit) & 1) * one;
  }
  return product;
}

/** The generator of a Reed-Solomon code: (x − 1)(x − 2)(x − 4) …, without its first coefficient. */
function generatorOf(degree: number): number[] {
  const result: number[] = [...Array<number>(degree - 1).fill(0), 1];
  let root = 1;
  for (let step = 0; step < degree; step++) {
    for (let index = 0; index < degree; index++)
      result[index] = times(result[index] ?? 0, root) ^ (result[index + 1] ?? 0);
    root = times(root, 2);
  }
  return result;
}

function remainderOf(data: readonly number[], generator: readonly number[]): number[] {
  let rest = generator.map(() => 0);
  for (const byte of data) {
    const factor = byte ^ (rest[0] ?? 0);
    rest = generator.map((coefficient, index) => (rest[index + 1] ?? 0) ^ times(coefficient, factor));
  }
  return rest;
}

const MASKS: readonly ((x: number, y: number) => boolean)[] = [
  (x, y) => (x + y) % 2 === 0,
  (_, y) => y % 2 === 0,
  (x) => x % 3 === 0,
  (x, y) => (x + y) % 3 === 0,
  (x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2 === 0,
  (x, y) => ((x * y) % 2) + ((x * y) % 3) === 0,
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2 === 0,
  (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2 === 0,
];

function drawn(version: number, bits: readonly boolean[], mask: number): boolean[][] {
  const size = sizeOf(version);
  const square = (): boolean[][] => Array.from({ length: size }, () => Array<boolean>(size).fill(false));
  const grid: Grid = { dark: square(), isFixed: square() };
  drawPatterns(grid, version);
  drawFormat(grid, mask);
  if (version >= 7) drawVersion(grid, version);
  let next = 0;
  for (const [x, y] of path(size)) {
    const row = grid.dark[y];
    if (row === undefined || grid.isFixed[y]?.[x] === true) continue;
    row[x] = (bits[next++] ?? false) !== (MASKS[mask]?.(x, y) ?? false);
  }
  return grid.dark;
}

function fix({ dark, isFixed }: Grid, x: number, y: number, value: boolean): void {
  const [row, fixedRow] = [dark[y], isFixed[y]];
  if (row === undefined || fixedRow === undefined || x < 0 || x >= dark.length) return;
  row[x] = value;
  fixedRow[x] = true;
}

function drawPatterns(grid: Grid, version: number): void {
  const size = sizeOf(version);
  for (let at = 0; at < size; at++) {
    fix(grid, at, 6, at % 2 === 0);
    fix(grid, 6, at, at % 2 === 0);
  }
  const corners = [
    [3, 3],
    [size - 4, 3],
    [3, size - 4],
  ] as const;
  for (const [x, y] of corners) drawRings(grid, x, y, 4);
  const places = placesOf(version);
  const last = places.length - 1;
  for (const [column, x] of places.entries())
    for (const [row, y] of places.entries()) {
      const isCorner = (column === 0 && (row === 0 || row === last)) || (column === last && row === 0);
      if (!isCorner) drawRings(grid, x, y, 2);
    }
}

/** Rings around a dark centre; of a finder, the fourth is its light edge. */
function drawRings(grid: Grid, x: number, y: number, radius: number): void {
  for (let dx = -radius; dx <= radius; dx++)
    for (let dy = -radius; dy <= radius; dy++) {
      const ring = Math.max(Math.abs(dx), Math.abs(dy));
      fix(grid, x + dx, y + dy, radius === 4 ? ring !== 2 && ring !== 4 : ring !== 1);
    }
}

/** Where the centres of alignment patterns are, across and down. */
function placesOf(version: number): number[] {
  if (version === 1) return [];
  const count = Math.floor(version / 7) + 2;
  const step = Math.floor((version * 8 + count * 3 + 5) / (count * 4 - 4)) * 2;
  const last = sizeOf(version) - 7;
  return [6, ...Array.from({ length: count - 1 }, (_, index) => last - step * (count - 2 - index))];
}

/** The level and the mask behind a BCH code, twice. */
function drawFormat(grid: Grid, mask: number): void {
  const size = grid.dark.length;
  const data = (1 << 3) | mask;
  let rest = data;
  for (let step = 0; step < 10; step++) rest = (rest << 1) ^ ((rest >>> 9) * 0x537);
  const bits = ((data << 10) | rest) ^ 0x5412;
  const bit = (index: number): boolean => ((bits >>> index) & 1) === 1;
  for (let index = 0; index < 15; index++) {
    if (index < 8) {
      fix(grid, 8, index < 6 ? index : index + 1, bit(index));
      fix(grid, size - 1 - index, 8, bit(index));
    } else {
      fix(grid, index === 8 ? 7 : 14 - index, 8, bit(index));
      fix(grid, 8, size - 15 + index, bit(index));
    }
  }
  fix(grid, 8, size - 8, true);
}

function drawVersion(grid: Grid, version: number): void {
  let rest = version;
  for (let step = 0; step < 12; step++) rest = (rest << 1) ^ ((rest >>> 11) * 0x1f25);
  const bits = (version << 12) | rest;
  for (let index = 0; index < 18; index++) {
    const [far, near] = [grid.dark.length - 11 + (index % 3), Math.floor(index / 3)];
    fix(grid, far, near, ((bits >>> index) & 1) === 1);
    fix(grid, near, far, ((bits >>> index) & 1) === 1);
  }
}

/** The way of the data: up and down in columns of two, from the right; the timing pattern has a column of its own. */
function* path(size: number): Generator<readonly [x: number, y: number]> {
  let isUp = true;
  for (let right = size - 1; right > 0; right -= 2) {
    if (right === 6) right = 5;
    for (let step = 0; step < size; step++)
      for (const x of [right, right - 1]) yield [x, isUp ? size - 1 - step : step];
    isUp = !isUp;
  }
}

/** How hard a code is to read: long runs and squares of one colour (the first two rules of the standard). */
function penaltyOf(code: QrCode): number {
  let penalty = 0;
  for (let a = 0; a < code.length; a++) {
    let [across, down] = [0, 0];
    for (let b = 0; b < code.length; b++) {
      across = b > 0 && code[a]?.[b] === code[a]?.[b - 1] ? across + 1 : 1;
      down = b > 0 && code[b]?.[a] === code[b - 1]?.[a] ? down + 1 : 1;
      for (const run of [across, down]) penalty += run === 5 ? 3 : run > 5 ? 1 : 0;
      const colour = code[a]?.[b];
      const others = [code[a + 1]?.[b], code[a]?.[b + 1], code[a + 1]?.[b + 1]];
      if (others.every((other) => other === colour)) penalty += 3;
    }
  }
  return penalty;
}
