import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bankReference } from '#features/transactions/bank-reference.ts';
import type { TransactionId } from '#lib/ids.ts';

const id = (count: number): TransactionId =>
  `01908f3e-9c00-7${count.toString(16).padStart(3, '0')}-8a3b-0123456789ab` as TransactionId;

test('a reference is the same for ever', () => {
  assert.equal(bankReference(id(0), 0), bankReference(id(0), 0));
  assert.equal(bankReference('01908f3e-9c00-7000-8a3b-0123456789ab' as TransactionId, 0), '688YFMW010CP7AGB');
});

test('all lines of a millisecond that is full have references of their own', () => {
  const references = new Set<string>();
  for (let count = 0; count < 4_096; count += 1) {
    for (let ordinal = 0; ordinal < 4; ordinal += 1) references.add(bankReference(id(count), ordinal));
  }
  assert.equal(references.size, 4 * 4_096);
  for (const reference of references) assert.match(reference, /^[A-Z0-9]{16}$/);
});

test('references are in the order of time', () => {
  const at = (ms: number) =>
    bankReference(
      `${ms
        .toString(16)
        .padStart(12, '0')
        .replace(/^(.{8})/, '$1-')}-7000-8a3b-0123456789ab` as TransactionId,
      0,
    );
  const instants = [0, 1, Date.UTC(1993, 0, 1), Date.UTC(2026, 10, 30), Date.UTC(2248, 0, 1)].map(at);
  assert.deepEqual(instants.toSorted(), instants);
});
