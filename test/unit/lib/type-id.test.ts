import assert from 'node:assert/strict';
import { randomUUID, randomUUIDv7 } from 'node:crypto';
import { test } from 'node:test';
import { decodeSuffix, encodeSuffix } from '#lib/type-id.ts';

/** Vectors of the TypeID specification 0.3. */
const VECTORS = [
  ['00000000000000000000000000', '00000000-0000-0000-0000-000000000000'],
  ['00000000000000000000000001', '00000000-0000-0000-0000-000000000001'],
  ['0000000000000000000000000a', '00000000-0000-0000-0000-00000000000a'],
  ['0000000000000000000000000g', '00000000-0000-0000-0000-000000000010'],
  ['00000000000000000000000010', '00000000-0000-0000-0000-000000000020'],
  ['7zzzzzzzzzzzzzzzzzzzzzzzzz', 'ffffffff-ffff-ffff-ffff-ffffffffffff'],
  ['0123456789abcdefghjkmnpqrs', '0110c853-1d09-52d8-d73e-1194e95b5f19'],
  ['01h455vb4pex5vsknk084sn02q', '01890a5d-ac96-774b-bcce-b302099a8057'],
] as const;

test('the vectors of the specification hold both ways', () => {
  for (const [suffix, uuid] of VECTORS) {
    assert.equal(encodeSuffix(uuid), suffix);
    assert.equal(decodeSuffix(suffix), uuid);
  }
});

test('every UUID comes back as it was', () => {
  for (let round = 0; round < 1000; round += 1) {
    for (const uuid of [randomUUID(), randomUUIDv7()]) assert.equal(decodeSuffix(encodeSuffix(uuid)), uuid);
  }
});

test('ids made one after the other sort alike in both forms', () => {
  const uuids = Array.from(
    { length: 100 },
    (_, index) => `0190${index.toString(16).padStart(4, '0')}-0000-7000-8000-000000000000`,
  );
  assert.deepEqual(uuids.map(encodeSuffix).toSorted(), uuids.map(encodeSuffix));
});

test('text that no TypeID ends in is refused', () => {
  for (const text of [
    '',
    '01h455vb4pex5vsknk084sn02',
    '01h455vb4pex5vsknk084sn02qq',
    '81h455vb4pex5vsknk084sn02q',
    '01H455VB4PEX5VSKNK084SN02Q',
    '01h455vb4pex5vsknk084sn02i',
    '01h455vb4pex5vsknk084sn02ü',
    '01h455vb4-ex5vsknk084sn02q',
  ]) {
    assert.equal(decodeSuffix(text), undefined, text);
  }
});
