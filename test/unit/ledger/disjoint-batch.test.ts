import assert from 'node:assert/strict';
import { test } from 'node:test';
import { splitDisjoint } from '#ledger/disjoint-batch.ts';
import type { EntryDraft, InternalAccount } from '#ledger/entry.ts';
import type { AccountId, InternalAccountId, TransactionId } from '#lib/ids.ts';
import type { Currency } from '#lib/money/currencies.ts';

const EUR = 'EUR' as Currency;
const CASH: InternalAccount = { id: 'cash' as InternalAccountId, currency: EUR, glCode: '1000' };

type Item = { readonly name: string; readonly request: { readonly draft: EntryDraft } };

/** A wish to move money from one account to another, named `from>to`. */
function transfer(name: string): Item {
  const [from = '', to = ''] = name.split('>');
  const side = (id: string) => (id === 'cash' ? CASH : (id as AccountId));
  const postings = [{ debit: side(from), credit: side(to), amountMinor: 1n, currency: EUR }];
  return {
    name,
    request: { draft: { entryId: name as TransactionId, kind: 'transfer', actor: 'test', postings } },
  };
}

function split(names: string, held: string, most = 100): { taken: string; left: string } {
  const items = names.split(' ').map(transfer);
  const { taken, left } = splitDisjoint(items, new Set(held.split('').map((id) => id as AccountId)), most);
  return { taken: taken.map(({ name }) => name).join(' '), left: left.map(({ name }) => name).join(' ') };
}

test('with nothing held the oldest are taken, up to so many', () => {
  assert.deepEqual(split('a>b a>c d>e', '', 2), { taken: 'a>b a>c', left: 'd>e' });
});

test('what touches a held account on either side is left', () => {
  assert.deepEqual(split('a>b c>d e>f', 'ad'), { taken: 'e>f', left: 'a>b c>d' });
});

test('nobody overtakes a request of the same account that was left', () => {
  assert.deepEqual(split('a>b b>c c>d e>f', 'a'), { taken: 'e>f', left: 'a>b b>c c>d' });
});

test('requests that are taken may share accounts with each other', () => {
  assert.deepEqual(split('b>c c>d d>b', 'a'), { taken: 'b>c c>d d>b', left: '' });
});

test('the bank’s own accounts are nobody’s to hold', () => {
  assert.deepEqual(split('cash>a cash>b cash>c', 'a'), { taken: 'cash>b cash>c', left: 'cash>a' });
});

test('beyond the most that a batch takes, those left hold their accounts too', () => {
  assert.deepEqual(split('b>c d>e d>f g>h', 'a', 1), { taken: 'b>c', left: 'd>e d>f g>h' });
});
