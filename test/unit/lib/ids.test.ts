import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  type AccountId,
  type CustomerId,
  fromTypeId,
  newId,
  parseTypeId,
  randomIds,
  toTypeId,
  typeIdPattern,
} from '#lib/ids.ts';
import { propertyRuns } from '#test/support/property-runs.ts';

// The examples of the TypeID specification.
const SPECIFIED: [suffix: string, uuid: string][] = [
  ['00000000000000000000000000', '00000000-0000-0000-0000-000000000000'],
  ['00000000000000000000000001', '00000000-0000-0000-0000-000000000001'],
  ['0000000000000000000000000a', '00000000-0000-0000-0000-00000000000a'],
  ['0000000000000000000000000g', '00000000-0000-0000-0000-000000000010'],
  ['00000000000000000000000010', '00000000-0000-0000-0000-000000000020'],
  ['7zzzzzzzzzzzzzzzzzzzzzzzzz', 'ffffffff-ffff-ffff-ffff-ffffffffffff'],
  ['0123456789abcdefghjkmnpqrs', '0110c853-1d09-52d8-d73e-1194e95b5f19'],
  ['01h455vb4pex5vsknk084sn02q', '01890a5d-ac96-774b-bcce-b302099a8057'],
];
for (const [suffix, uuid] of SPECIFIED) {
  test(`acc_${suffix} stands for ${uuid}`, () => {
    assert.equal(toTypeId('account', uuid as AccountId), `acc_${suffix}`);
    assert.equal(parseTypeId('account', `acc_${suffix}`), uuid);
    assert.equal(fromTypeId('account', `acc_${suffix}`), uuid);
    assert.match(`acc_${suffix}`, new RegExp(typeIdPattern('account')));
  });
}

const NO_IDS = [
  '',
  'acc_',
  'acc',
  '_01h455vb4pex5vsknk084sn02q',
  '01h455vb4pex5vsknk084sn02q',
  'cus_01h455vb4pex5vsknk084sn02q',
  'ACC_01h455vb4pex5vsknk084sn02q',
  'acc_01H455VB4PEX5VSKNK084SN02Q',
  'acc_01h455vb4pex5vsknk084sn02',
  'acc_01h455vb4pex5vsknk084sn02q0',
  'acc_01h455vb4pex5vsknk084sn02q\n',
  ' acc_01h455vb4pex5vsknk084sn02q',
  'acc__01h455vb4pex5vsknk084sn02q',
  'acc_8zzzzzzzzzzzzzzzzzzzzzzzzz',
  'acc_01h455vb4pex5vsknk084sn02i',
  'acc_01h455vb4pex5vsknk084sn02l',
  'acc_01h455vb4pex5vsknk084sn02o',
  'acc_01h455vb4pex5vsknk084sn02u',
  'acc_01h455vb4pex5vsknk084sn0é',
  '01890a5d-ac96-774b-bcce-b302099a8057',
];
for (const text of NO_IDS) {
  test(`${JSON.stringify(text)} is no id of an account`, () => {
    assert.equal(parseTypeId('account', text), undefined);
    assert.throws(() => fromTypeId('account', text), { status: 404, code: 'not_found' });
    assert.doesNotMatch(text, new RegExp(typeIdPattern('account')));
  });
}

/** Base32 of the 128 bits by BigInt's own arithmetic, whose digits 0 to 9 and a to v stand for 0 to 31. */
function base32(uuid: string): string {
  const digits = BigInt(`0x${uuid.replaceAll('-', '')}`)
    .toString(32)
    .padStart(26, '0');
  return digits.replaceAll(/[a-v]/g, (digit) => 'abcdefghjkmnpqrstvwxyz'.charAt(digit.charCodeAt(0) - 97));
}

test('every id is written in base32, and read again as the same', () => {
  fc.assert(
    fc.property(fc.uuid({ version: [1, 4, 7] }), (uuid) => {
      const text = toTypeId('customer', uuid as CustomerId);
      assert.equal(text, `cus_${base32(uuid)}`);
      assert.equal(parseTypeId('customer', text), uuid);
    }),
    { numRuns: propertyRuns(1000) },
  );
});

test('no text is read as an id that is written differently', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[0-9a-z]{25,27}$/), (suffix) => {
      const id = parseTypeId('transaction', `txn_${suffix}`);
      if (id !== undefined) assert.equal(toTypeId('transaction', id), `txn_${suffix}`);
    }),
  );
});

test('ids begin with the millisecond in which they were made, and are never given twice', () => {
  const beforeMs = Date.now();
  const made = Array.from({ length: 1000 }, () => newId(randomIds, 'account'));
  const afterMs = Date.now();
  for (const id of made) {
    assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    const madeMs = Number.parseInt(id.replace('-', '').slice(0, 12), 16);
    assert.ok(madeMs >= beforeMs && madeMs <= afterMs);
  }
  assert.equal(new Set(made).size, 1000);
});

test('each kind of id has a prefix of its own', () => {
  const id = randomUUID();
  assert.match(toTypeId('account', id as AccountId), /^acc_/);
  assert.match(toTypeId('customer', id as CustomerId), /^cus_/);
});

test('ids made one after the other ascend, however many fall into one millisecond', () => {
  const ids = Array.from({ length: 20_000 }, () => randomIds.next());
  assert.deepEqual(ids.toSorted(), ids);
  assert.equal(new Set(ids).size, ids.length);
  assert.match(ids[0] ?? '', /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});
