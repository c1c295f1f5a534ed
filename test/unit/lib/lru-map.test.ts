import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LruMap } from '#lib/concurrency/lru-map.ts';

function keysIn(map: LruMap<number>, keys: readonly string[]): string {
  return keys.filter((key) => map.peek(key) !== undefined).join('');
}

test('the least recently used is dropped for one too many', () => {
  const map = new LruMap<number>(3);
  for (const key of 'abc') map.set(key, 1);
  map.get('a');
  map.peek('b');
  map.set('d', 1);
  assert.equal(keysIn(map, ['a', 'b', 'c', 'd']), 'acd');
  map.set('c', 2);
  map.set('e', 1);
  assert.equal(keysIn(map, ['a', 'b', 'c', 'd', 'e']), 'cde');
});

test('it never holds more or less than it may, whatever is used, deleted and cleared in between', () => {
  const map = new LruMap<number>(50);
  let expected: number[] = [];
  for (let step = 0; step < 20_000; step++) {
    // Without chance, but with every pattern: steps of a walk that comes back to each key in irregular turns.
    const key = (step * step + 7 * (step % 13)) % 211;
    if (step % 5_000 === 4_999) {
      map.clear();
      expected = [];
    } else if (step % 17 === 0) {
      map.delete(String(key));
      expected = expected.filter((one) => one !== key);
    } else if (step % 3 === 0) {
      const isThere = expected.includes(key);
      assert.equal(map.get(String(key)) !== undefined, isThere, `step ${step}`);
      if (isThere) expected = [...expected.filter((one) => one !== key), key];
    } else {
      map.set(String(key), step);
      expected = [...expected.filter((one) => one !== key), key].slice(-50);
    }
  }
  const there = Array.from({ length: 211 }, (_, key) => key).filter(
    (key) => map.peek(String(key)) !== undefined,
  );
  assert.deepEqual(
    there,
    expected.toSorted((a, b) => a - b),
  );
});
