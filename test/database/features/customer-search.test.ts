import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RawBuilder } from 'kysely';
import { type Bounds, searchCustomers } from '#features/customers/search.ts';
import { searchedWords, wordsOf } from '#features/customers/search-words.ts';
import type { CustomerId } from '#lib/ids.ts';
import { isoDate } from '#lib/time/dates.ts';
import { newKey, openTestBank, TEST_CALLER } from '#test/support/bank.ts';

const bank = await openTestBank();
const { db } = bank.context;
const GIVEN = ['Anna', 'Änne', 'Anton', 'Bjørn', 'Zoë'];
const FAMILY = ['Müller', 'Mueller', 'Munk', 'Åkesson', 'Becker'];

type Known = { readonly id: CustomerId; readonly words: readonly string[] };
const known: Known[] = [];
for (let n = 0; n < 75; n += 1) {
  const identity = {
    type: 'person',
    givenName: GIVEN[n % 5]!,
    familyName: FAMILY[Math.floor(n / 5) % 5]!,
    dateOfBirth: isoDate('1980-01-01'),
  } as const;
  const email = `${newKey()}@example.com`;
  const { id } = await bank.customers.create(TEST_CALLER, identity, { email, metadata: {} });
  known.push({ id, words: wordsOf({ identity, email, externalId: undefined }) });
}
known.sort((a, b) => (a.id < b.id ? 1 : -1));

/** As in a small bank; all words frequent; some of each; nobody among the newest. */
const BOUNDS: readonly Bounds[] = [
  { few: 10_000, many: 500_000, newest: 4_000 },
  { few: 1, many: 2, newest: 10 },
  { few: 1, many: 1_000, newest: 2 },
  { few: 20, many: 40, newest: 5 },
  { few: 20, many: 1_000, newest: 1 },
];
const SEARCHES = [
  'anna|an|a|müller|mueller anna|Anna Müller|mu a|example an mu|zoe becker example com',
  'bjorn akesson|anton zoe|nobody|nobody example|example com|be zo ex',
].flatMap((line) => line.split('|'));

for (const bounds of BOUNDS) {
  test(`with ${JSON.stringify(bounds)} who has all the words is found, newest first, page by page`, async () => {
    for (const text of SEARCHES) {
      const words = searchedWords(text);
      const wanted = known.filter((one) =>
        words.every((word) => one.words.some((other) => other.startsWith(word))),
      );
      for (const after of [undefined, known[30]!.id]) {
        const left = wanted.filter(({ id }) => after === undefined || id < after);
        const found = await searchCustomers(
          db,
          1,
          { words, after, limit: 7, list: (conditions) => list(conditions, after) },
          bounds,
        );
        assert.deepEqual(
          found,
          left.slice(0, 7).map(({ id }) => id),
          `${text} after ${after}`,
        );
      }
    }
  });
}

async function list(
  conditions: readonly RawBuilder<boolean>[],
  after: CustomerId | undefined,
): Promise<CustomerId[]> {
  let query = db.selectFrom('customers as c').select('c.customer_id as id').where('c.book_id', '=', 1);
  if (after !== undefined) query = query.where('c.customer_id', '<', after);
  for (const condition of conditions) query = query.where(condition);
  return (await query.orderBy('c.customer_id', 'desc').limit(7).execute()).map(({ id }) => id);
}
