import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Locator } from 'playwright-core';
import type { AccountView } from '#features/accounts/schemas.ts';
import type { LineView } from '#features/transactions/schemas.ts';
import type { AccountWithIban, Page, TestApi } from '#test/support/api.ts';
import { ConsolePage, NO_BROWSER, openConsole } from './browser.ts';

const skip = NO_BROWSER;
const opened = skip === false ? await openConsole() : undefined;

function desk(): { api: TestApi; open: (options?: object) => Promise<ConsolePage> } {
  assert.ok(opened !== undefined);
  const { api, browser } = opened;
  return { api, open: (options) => ConsolePage.open(browser, api, options) };
}

async function linesOf(api: TestApi, account: AccountView): Promise<readonly LineView[]> {
  return (await api.get<Page<LineView>>(`/v1/accounts/${account.id}/transactions`)).body.data;
}

async function newCustomersAccount(api: TestApi, familyName: string): Promise<AccountWithIban> {
  const customer = await api.newCustomer({ givenName: 'Grete', familyName });
  return api.newAccount({ customerId: customer.id, balance: '100.00' });
}

test('a teller finds a customer by part of a name, an IBAN and a number, and is told of a wrong digit', {
  skip,
}, async () => {
  const { api, open } = desk();
  const account = await newCustomersAccount(api, 'Zwiesel');
  const console = await open();
  await console.logIn(api, 'teller');
  await console.press('Control+k');
  await console.type('zwie');
  await console.sees('Grete Zwiesel');
  await console.assertAccessible();
  await console.press('Enter');
  await console.page.getByRole('heading', { name: 'Grete Zwiesel' }).waitFor();
  await console.assertAccessible();

  await console.press('/');
  await console.type(account.iban);
  await console.hit.waitFor();
  await console.press('Enter');
  await console.sees('Why is this the balance?');
  await console.press('/');
  await console.type(account.number);
  await console.hit.waitFor();
  await console.page.keyboard.press('ControlOrMeta+a');
  const wrong = account.iban.slice(0, -1) + ((Number(account.iban.at(-1)) + 1) % 10);
  await console.type(wrong);
  await console.sees('its check digits do not match');
  await console.page.keyboard.press('ControlOrMeta+a');
  await console.type('nobody at all');
  await console.sees('Nothing found for “nobody at all”.');
  await console.close();
});

test('a teller pays in cash by keyboard: two Enters make one posting, and the receipt tells the balance', {
  skip,
}, async () => {
  const { api, open } = desk();
  const account = await newCustomersAccount(api, 'Ufer');
  const console = await open();
  await console.logIn(api, 'teller');
  await openAccount(console, account);
  await console.page.getByRole('button', { name: 'Pay in' }).focus();
  await console.press('Enter');
  await console.type('1,234.5');
  await console.sees('That is EUR 1,234.50.');
  await console.assertAccessible();
  await console.press('Enter');
  const confirm = console.page.getByRole('button', { name: 'Pay in EUR 1,234.50' });
  await confirm.waitFor();
  await console.assertAccessible();
  await confirm.dblclick();
  await receiptOf(console, 'Receipt');
  await console.assertAccessible();
  assert.deepEqual(
    (await linesOf(api, account)).map(({ amount }) => amount),
    ['1234.50', '100.00'],
  );
  await assertReceiptPrints(console);
  await console.press('Enter');
  await console.page.getByRole('table', { name: 'booked − held + overdraft' }).waitFor();
  await console.sees('EUR 1,334.50');
  await console.close();
});

test('the network is cut behind a payment: after a reload the bank is asked with the same key, and it is paid once', {
  skip,
}, async () => {
  const { api, open } = desk();
  const [from, to] = [await newCustomersAccount(api, 'Quelle'), await newCustomersAccount(api, 'Ziel')];
  const console = await open();
  await console.logIn(api, 'teller');
  await openAccount(console, from);
  // The bank does it, and its answer is lost.
  await console.page.route('**/v1/transfers', async (route) => {
    await route.fetch();
    await route.abort('connectionreset');
  });
  await console.page.getByRole('button', { name: 'Transfer' }).focus();
  await console.press('Enter');
  await console.type(to.iban);
  await console.press('Tab', 'Tab');
  await console.type('25');
  await console.press('Enter');
  await console.page.getByRole('button', { name: 'Send EUR 25.00' }).waitFor();
  await console.press('Enter');
  await console.sees('No answer was heard.');
  await console.assertAccessible();
  await console.page.unroute('**/v1/transfers');
  // The page that comes up again is logged in, and its form knows what was sent.
  await console.page.reload();
  await console.page.getByRole('button', { name: 'Ask the bank' }).waitFor();
  await console.press('Enter');
  assert.match(await receiptOf(console, 'Receipt'), /Balance before EUR 100\.00 Balance after EUR 75\.00/);
  assert.deepEqual(
    (await linesOf(api, from)).map(({ amount }) => amount),
    ['-25.00', '100.00'],
  );
  await console.close();
});

test('a refusal is said at the form, nothing is lost of what was typed, and the next try succeeds', {
  skip,
}, async () => {
  const { api, open } = desk();
  const account = await newCustomersAccount(api, 'Ebbe');
  const console = await open();
  await console.logIn(api, 'teller');
  await openAccount(console, account);
  await console.page.getByRole('button', { name: 'Pay out' }).focus();
  await console.press('Enter');
  await console.type('100.01');
  await console.press('Enter');
  await console.page.getByRole('button', { name: 'Pay out EUR 100.01' }).waitFor();
  await console.press('Enter');
  await console.page.getByRole('alert').waitFor();
  await console.sees('Request-Id req_');
  await console.assertAccessible();
  const field = console.page.getByLabel('Amount (EUR)');
  assert.equal(await field.inputValue(), '100.01');
  await field.fill('100');
  await field.press('Enter');
  await console.page.getByRole('button', { name: 'Pay out EUR 100.00' }).waitFor();
  await console.press('Enter');
  await receiptOf(console, 'Receipt');
  assert.equal(await api.postedBalance(account), '0.00');
  await console.close();
});

test('a German teller in another zone reads and types as at home, on the date of the bank', {
  skip,
}, async () => {
  const { api, open } = desk();
  const account = await newCustomersAccount(api, 'Fern');
  const console = await open({ locale: 'de-DE', timezoneId: 'Pacific/Auckland' });
  await console.logIn(api, 'teller');
  const { businessDate } = (await api.get<{ businessDate: string }>('/v1/business-date')).body;
  const [year, month, day] = businessDate.split('-');
  await console.sees(`${day}.${month}.${year}`);
  await openAccount(console, account);
  await console.page.getByRole('button', { name: 'Einzahlen' }).click();
  await console.type('1.234,5');
  await console.sees('Das sind 1.234,50 EUR.');
  await console.press('Enter');
  await console.page.getByRole('button', { name: '1.234,50 EUR einzahlen' }).waitFor();
  await console.press('Enter');
  await receiptOf(console, 'Beleg');
  assert.equal(await api.postedBalance(account), '1334.50');
  await console.close();
});

/** What the receipt says, once it is there. */
async function receiptOf({ page }: ConsolePage, name: string): Promise<string> {
  return seenIn(page.getByRole('article', { name }));
}

/** The text as it is laid out, with plain spaces. */
async function seenIn(part: Locator): Promise<string> {
  // biome-ignore lint/performance/useDomNodeTextContent: what is hidden does not count.
  return (await part.innerText()).replaceAll(/\s+/g, ' ');
}

/** The receipt alone, on one page. */
async function assertReceiptPrints({ page }: ConsolePage): Promise<void> {
  await page.emulateMedia({ media: 'print' });
  const printed = await seenIn(page.locator('body'));
  for (const part of ['Balance before', 'EUR 100.00', 'EUR 1,334.50', 'Grace Hopper', 'txn_'])
    assert.ok(printed.includes(part), `${part} is on paper: ${printed}`);
  assert.doesNotMatch(printed, /Log out|Lines|Done/);
  const paper = (await page.pdf()).toString('latin1');
  assert.match(paper, /\/Type \/Pages\n\/Count 1\b/);
  await page.emulateMedia({ media: 'screen' });
}

async function openAccount(console: ConsolePage, account: AccountWithIban): Promise<void> {
  await console.press('Control+k');
  await console.type(account.iban);
  await console.hit.waitFor();
  await console.press('Enter');
  await console.page.getByRole('table').first().waitFor();
}
