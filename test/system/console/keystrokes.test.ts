import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { IncomingView } from '#features/payments/schemas.ts';
import { Lending } from '#test/database/api/loans.ts';
import { created, type TestApi } from '#test/support/api.ts';
import { newKey } from '#test/support/bank.ts';
import { ConsolePage, NO_BROWSER, openConsole } from './browser.ts';

const skip = NO_BROWSER;
const opened = skip === false ? await openConsole() : undefined;

function desk(): { api: TestApi; open: () => Promise<ConsolePage> } {
  assert.ok(opened !== undefined);
  const { api, browser } = opened;
  return { api, open: () => ConsolePage.open(browser, api) };
}

/** What a job takes by keyboard alone, from where it begins to its end. */
async function strokesOf(console: ConsolePage, job: () => Promise<void>): Promise<number> {
  console.keystrokes = 0;
  await job();
  return console.keystrokes;
}

/** Finds something by a part of its name or number, and opens it. */
async function find(console: ConsolePage, typed: string): Promise<void> {
  await console.press('Control+k');
  await console.type(typed);
  await console.hit.waitFor();
  await console.press('Enter');
}

/** The number of keys of docs/console.md: a job that takes more is a worse job. */
const MOST = { find: 5, balance: 12, payIn: 7, reverse: 16, credit: 9, late: 7, close: 14 };

test('a teller finds a customer, sees why a balance is what it is, and pays in, in few keys', {
  skip,
}, async () => {
  const { api, open } = desk();
  const customer = await api.newCustomer({ givenName: 'Grete', familyName: 'Zwiesel' });
  const account = await api.newAccount({ customerId: customer.id, balance: '100.00' });
  const console = await open();
  await console.logIn(api, 'teller');
  const { page } = console;
  const found = await strokesOf(console, async () => {
    await find(console, 'zwi');
    await page.getByRole('heading', { name: 'Grete Zwiesel' }).waitFor();
  });
  assert.ok(found <= MOST.find, `find: ${found}`);
  const explained = await strokesOf(console, async () => {
    await find(console, account.number);
    await console.sees('Why is this the balance?');
  });
  assert.ok(explained <= MOST.balance, `balance: ${explained}`);
  const paid = await strokesOf(console, async () => {
    await console.tabTo(page.getByRole('button', { name: 'Pay in' }));
    await console.press('Enter');
    await page.getByLabel('Amount (EUR)').waitFor();
    await console.type('25');
    await console.press('Enter');
    await page.getByRole('button', { name: 'Pay in EUR 25.00' }).waitFor();
    await console.press('Enter');
    await page.getByRole('article', { name: 'Receipt' }).waitFor();
    await console.press('Enter');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  });
  assert.ok(paid <= MOST.payIn, `pay in: ${paid}`);
  assert.equal(await api.postedBalance(account), '125.00');
  await console.close();
});

test('a manager undoes a mistake, clears suspense, finds who is late and begins to close the day, in few keys', {
  skip,
}, async () => {
  const { api, open } = desk();
  const account = await api.newAccount({ balance: '100.00' });
  const wrong = await api.deposit(account, '25.00');
  await new Lending(api).newLoan(account);
  created(
    await api.pay<IncomingView>('/v1/incoming-payments', {
      amount: '40.00',
      currency: 'EUR',
      iban: 'DE88100100101000999999',
      externalReference: newKey(),
      debtorName: 'Stray Payer',
    }),
  );
  const console = await open();
  await console.logIn(api, 'manager');
  const { page } = console;
  await find(console, wrong.id);
  await page.getByRole('button', { name: 'Reverse' }).waitFor();
  const reversed = await strokesOf(console, async () => {
    await console.tabTo(page.getByRole('button', { name: 'Reverse' }));
    await console.press('Enter');
    await page.getByRole('dialog').waitFor();
    await console.type('Keyed twice');
    await console.press('Enter');
    await page.getByRole('button', { name: 'Reverse EUR 25.00' }).waitFor();
    await console.press('Enter');
    await console.sees('It is done.');
    await console.press('Enter');
  });
  assert.ok(reversed <= MOST.reverse, `reverse: ${reversed}`);
  await console.goTo('/');
  const suspense = page.getByRole('link', { name: /payments? for accounts? that w/ });
  const credited = await strokesOf(console, async () => {
    await console.tabTo(suspense);
    await console.press('Enter');
    await console.tabTo(page.getByRole('button', { name: 'Credit' }).first());
    await console.press('Enter');
    await page.getByRole('dialog').waitFor();
    // Pasted: one key.
    await page.getByLabel('Account (its id)').fill(account.id);
    console.keystrokes += 1;
    await console.press('Enter');
    await page.getByRole('button', { name: 'Credit EUR 40.00' }).waitFor();
    await console.press('Enter');
    await console.sees('It is done.');
    await console.press('Enter');
  });
  assert.ok(credited <= MOST.credit, `credit: ${credited}`);
  await console.goTo('/');
  const late = await strokesOf(console, async () => {
    await console.tabTo(page.getByRole('link', { name: 'Days late: 1 to 30' }));
    await console.press('Enter');
    await console.sees('There is nothing here.');
  });
  assert.ok(late <= MOST.late, `late: ${late}`);
  const closing = await strokesOf(console, async () => {
    await console.tabTo(page.getByRole('link', { name: 'The day', exact: true }), 'Shift+Tab');
    await console.press('Enter');
    await console.tabTo(page.getByRole('button', { name: 'Close the day' }));
    await console.press('Enter');
    await page.getByRole('dialog').waitFor();
  });
  assert.ok(closing <= MOST.close, `close: ${closing}`);
  await console.close();
});
