import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { propertyRuns } from '#test/support/property-runs.ts';
import { type QrCode, qrCodeOf } from '../../../console/src/access/qr.ts';

/** Blocks of level L by version, and codewords of correction in each: ISO/IEC 18004, table 9. */
const BLOCKS: Readonly<Record<number, readonly [blocks: number, correction: number, total: number]>> = {
  1: [1, 7, 26],
  2: [1, 10, 44],
  5: [1, 26, 134],
  6: [2, 18, 172],
  7: [2, 20, 196],
  9: [2, 30, 292],
  10: [4, 18, 346],
  14: [4, 30, 581],
  20: [8, 28, 1085],
};
/** Centres of alignment patterns by version: table E.1. */
const MARKS: Readonly<Record<number, readonly number[]>> = {
  1: [],
  2: [6, 18],
  5: [6, 30],
  6: [6, 34],
  7: [6, 22, 38],
  9: [6, 26, 46],
  10: [6, 28, 50],
  14: [6, 26, 46, 66],
  20: [6, 34, 62, 90],
};
const MASKS: readonly ((i: number, j: number) => boolean)[] = [
  (i, j) => (i + j) % 2 === 0,
  (i) => i % 2 === 0,
  (_, j) => j % 3 === 0,
  (i, j) => (i + j) % 3 === 0,
  (i, j) => (Math.floor(i / 2) + Math.floor(j / 3)) % 2 === 0,
  (i, j) => ((i * j) % 2) + ((i * j) % 3) === 0,
  (i, j) => (((i * j) % 2) + ((i * j) % 3)) % 2 === 0,
  (i, j) => (((i + j) % 2) + ((i * j) % 3)) % 2 === 0,
];

/** Reads a code as a reader does that trusts its camera: it mends nothing, and holds every block to its correction. */
function readQr(code: QrCode): string {
  const size = code.length;
  const version = (size - 17) / 4;
  const [blocks, correction, total] = BLOCKS[version] ?? assert.fail(`version ${version}`);
  if (version >= 7) assertVersion(code, version);
  const mask = MASKS[maskOf(code)] ?? assert.fail('mask');
  const bits = dataBits(code, (row, column) => isPattern(version, size, row, column), mask);
  const words = Array.from({ length: total }, (_, index) =>
    Number.parseInt(bits.slice(index * 8, index * 8 + 8), 2),
  );
  const data = deinterleaved(words, blocks, correction).flatMap((block) => {
    for (let power = 0; power < correction; power++) assert.equal(valueAt(block, EXP[power] ?? 0), 0);
    return block.slice(0, -correction);
  });
  const text = data.map((byte) => byte.toString(2).padStart(8, '0')).join('');
  assert.equal(text.slice(0, 4), '0100', 'bytes');
  const counted = version < 10 ? 8 : 16;
  const count = Number.parseInt(text.slice(4, 4 + counted), 2);
  const start = 4 + counted;
  const bytes = Array.from({ length: count }, (_, index) =>
    Number.parseInt(text.slice(start + index * 8, start + index * 8 + 8), 2),
  );
  return new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.from(bytes));
}

/** Level L and the mask, behind a code that mends errors; both copies say the same. */
function maskOf(code: QrCode): number {
  const last = code.length - 1;
  const above = [0, 1, 2, 3, 4, 5, 7, 8].map((column) => code[8]?.[column]);
  const below = [0, 1, 2, 3, 4, 5, 6].map((up) => code[last - up]?.[8]);
  const right = [7, 6, 5, 4, 3, 2, 1, 0].map((left) => code[8]?.[last - left]);
  assert.deepEqual(above.slice(0, 7), below);
  const bits = numberOf([...below, ...right]) ^ 0x5412;
  assert.equal(remainder(bits, 0x537), 0, 'format');
  assert.equal(bits >> 13, 0b01, 'level L');
  return (bits >> 10) & 0b111;
}

/** From 7 on a code says its version, twice. */
function assertVersion(code: QrCode, version: number): void {
  const places = Array.from({ length: 18 }, (_, index) => [Math.floor(index / 3), (index % 3) - 11] as const);
  const of = (read: (near: number, far: number) => boolean | undefined): number =>
    numberOf(places.map(([near, far]) => read(near, code.length + far)).toReversed());
  const bits = of((near, far) => code[near]?.[far]);
  assert.equal(
    of((near, far) => code[far]?.[near]),
    bits,
  );
  assert.equal(bits >> 12, version);
  assert.equal(remainder(bits, 0x1f25), 0, 'version');
}

function numberOf(bits: readonly (boolean | undefined)[]): number {
  return bits.reduce((value, bit) => value * 2 + Number(bit), 0);
}

/** Of a division of polynomials over GF(2). */
function remainder(value: number, divisor: number): number {
  let rest = value;
  for (let shift = 31 - Math.clz32(rest); shift >= 31 - Math.clz32(divisor); shift = 31 - Math.clz32(rest))
    rest ^= divisor << (shift - (31 - Math.clz32(divisor)));
  return rest;
}

function isPattern(version: number, size: number, row: number, column: number): boolean {
  const isFinder =
    (row < 9 && column < 9) || (row < 9 && column >= size - 8) || (row >= size - 8 && column < 9);
  if (isFinder || row === 6 || column === 6) return true;
  const isVersion = (row < 6 && column >= size - 11) || (column < 6 && row >= size - 11);
  if (version >= 7 && isVersion) return true;
  const marks = MARKS[version] ?? [];
  const last = marks.at(-1);
  return marks.some((y) =>
    marks.some((x) => {
      const isCorner = (x === 6 && y === 6) || (x === 6 && y === last) || (x === last && y === 6);
      return !isCorner && Math.abs(row - y) <= 2 && Math.abs(column - x) <= 2;
    }),
  );
}

function dataBits(
  code: QrCode,
  isFixed: (row: number, column: number) => boolean,
  mask: (row: number, column: number) => boolean,
): string {
  let bits = '';
  let isUp = true;
  for (let pair = code.length - 1; pair > 0; pair -= pair === 8 ? 3 : 2) {
    for (let step = 0; step < code.length; step++) {
      const row = isUp ? code.length - 1 - step : step;
      for (const column of [pair, pair - 1])
        if (!isFixed(row, column)) bits += code[row]?.[column] === mask(row, column) ? '0' : '1';
    }
    isUp = !isUp;
  }
  return bits;
}

function deinterleaved(words: readonly number[], blocks: number, correction: number): number[][] {
  const data = words.length - blocks * correction;
  const short = Math.floor(data / blocks);
  const long = data % blocks;
  const result: number[][] = Array.from({ length: blocks }, () => []);
  let next = 0;
  for (let index = 0; index <= short; index++)
    for (const [block, list] of result.entries())
      if (index < short || block >= blocks - long) list.push(words[next++] ?? Number.NaN);
  for (let index = 0; index < correction; index++)
    for (const list of result) list.push(words[next++] ?? Number.NaN);
  return result;
}

const EXP: number[] = [1];
for (let power = 1; power < 255; power++) {
  const next = (EXP[power - 1] ?? 0) * 2;
  EXP.push(next > 255 ? next ^ 0x11d : next);
}
const LOG = new Map(EXP.map((value, power) => [value, power]));

/** A polynomial over GF(2^8) at a value: a block of a Reed-Solomon code is zero at every root of its generator. */
function valueAt(block: readonly number[], at: number): number {
  return block.reduce((sum, coefficient) => {
    if (sum === 0) return coefficient;
    return coefficient ^ (EXP[((LOG.get(sum) ?? 0) + (LOG.get(at) ?? 0)) % 255] ?? 0);
  }, 0);
}

test('a code says what it was made of, in each size', () => {
  const sizes: number[] = [];
  for (const length of [1, 17, 32, 106, 134, 154, 230, 271, 458, 858]) {
    const text = 'otpauth://totp/Florin:ü?secret=JBSW'.repeat(30).slice(0, length - 1);
    const code = qrCodeOf(`${text.replaceAll('ü', 'u')}=`);
    assert.equal(readQr(code), `${text.replaceAll('ü', 'u')}=`);
    sizes.push((code.length - 17) / 4);
  }
  assert.deepEqual(sizes, [1, 1, 2, 5, 6, 7, 9, 10, 14, 20]);
  assert.throws(() => qrCodeOf('x'.repeat(859)), RangeError);
});

test('any text comes back', () => {
  const letters = fc.constantFrom('o', '/', '%', '=', 'ü', '€', '😀');
  fc.assert(
    fc.property(fc.array(letters, { maxLength: 8 }), (letters) => {
      assert.equal(readQr(qrCodeOf(letters.join(''))), letters.join(''));
    }),
    { numRuns: propertyRuns(20) },
  );
});
