import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { DemoIds, namedUuid } from '#demo/demo-ids.ts';
import { SeededRandom } from '#demo/random.ts';
import { type CustomerId, parseTypeId, toTypeId } from '#lib/ids.ts';

test('a named id is a UUIDv7 of its instant and counter, the same for the same name', () => {
  // The instant and counter of the example in RFC 9562, appendix A.6.
  const instantMs = Date.UTC(2022, 1, 22, 19, 22, 22);
  const id = namedUuid('customer anna', instantMs, 0xcc3);
  assert.match(id, /^017f22e2-79b0-7cc3-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.equal(namedUuid('customer anna', instantMs, 0xcc3), id);
  assert.notEqual(namedUuid('customer ben', instantMs, 0xcc3), id);
  assert.equal(parseTypeId('customer', toTypeId('customer', id as CustomerId)), id);
});

test('a call gets the id that was decided for it, whichever call draws first', async () => {
  const ids = new DemoIds();
  const draws = [30, 0, 15, 5].map((delayMs) =>
    ids.giving(`id-${delayMs}`, async () => {
      await delay(delayMs);
      return [delayMs, ids.next()];
    }),
  );
  assert.deepEqual(await Promise.all(draws), [
    [30, 'id-30'],
    [0, 'id-0'],
    [15, 'id-15'],
    [5, 'id-5'],
  ]);
});

test('a call that draws no id or two trips an assertion', async () => {
  const ids = new DemoIds();
  await assert.rejects(
    ids.giving('one', async () => undefined),
    /drew the id/,
  );
  await assert.rejects(
    ids.giving('one', async () => [ids.next(), ids.next()]),
    /one id/,
  );
});

test('the numbers are those of Mulberry32 for a seed', () => {
  const random = new SeededRandom(1);
  const draws = [1, 2, 3].map(() => random.amount(0n, 2n ** 32n - 1n));
  assert.deepEqual(draws, [2_693_262_067n, 11_749_833n, 2_265_367_787n]);
});

test('amounts reach both ends of their range and never leave it', () => {
  const random = new SeededRandom(7);
  const drawn = new Set(Array.from({ length: 500 }, () => random.amount(-1n, 2n)));
  assert.deepEqual(drawn, new Set([-1n, 0n, 1n, 2n]));
});
