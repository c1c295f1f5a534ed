import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { createServices } from '#bank/services.ts';
import { openDatabase } from '#db/database.ts';
import { openBook } from '#features/books/contract.ts';
import { isoDate } from '#lib/time/dates.ts';
import { EUR, openTestBank, TEST_CALLER } from '#test/support/bank.ts';
import { type Example, IBAN_REGISTRY, NATIONAL } from '#test/unit/lib/account-numbers/published-examples.ts';

const bank = await openTestBank();
const owner = openDatabase({ databaseUrl: bank.databaseUrl, asApplication: false, poolSize: 1 });
after(() => owner.close());

const EXAMPLES = [...IBAN_REGISTRY, ...NATIONAL];
/** What a counter of accounts comes to: a published number with letters is of another bank's making. */
const COUNTED = /^\d{1,18}$/;

/** The account that a new bank there opens as its nth. */
async function openAccount(bookId: number, [country, bankCode, serial]: Example) {
  const { db, postingPool, close } = openDatabase({ databaseUrl: bank.databaseUrl, bookId, poolSize: 2 });
  const context = { ...bank.context, db, postingPool, bookId };
  try {
    await openBook(context, { name: `Bank of ${country}`, country, bankCode, timeZone: 'UTC' });
    const services = createServices(context);
    const identity = { type: 'person', givenName: 'Ada', dateOfBirth: isoDate('1990-12-10') } as const;
    const customer = await services.customers.create(TEST_CALLER, identity, { metadata: {} });
    if (COUNTED.test(serial) && BigInt(serial) > 0n) {
      const count = { next_number: BigInt(serial) };
      await owner.db.updateTable('account_numbers').set(count).where('book_id', '=', bookId).execute();
    }
    const account = { customerId: customer.id, product: 'current', currency: EUR, overdraftLimitMinor: 0n };
    const opened = await services.accounts.open(TEST_CALLER, account);
    await services.drain();
    return opened;
  } finally {
    await close();
  }
}

for (const [index, example] of EXAMPLES.entries()) {
  const [country, bankCode, serial, number, iban] = example;
  test(`a bank of ${country} with the code ${bankCode} gives out the number that is published`, async () => {
    const account = await openAccount(10 + index, example);
    if (COUNTED.test(serial) && BigInt(serial) > 0n) {
      assert.equal(account.number, number);
      if (iban !== undefined) assert.equal(account.iban, iban);
    } else assert.equal(account.number.length, number.length);
  });
}

test('there are banks of more than 40 countries among them', () => {
  assert.ok(new Set(EXAMPLES.map(([country]) => country)).size >= 40);
});
