import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Locator } from 'playwright-core';
import type { CustomerView } from '#features/customers/schemas.ts';
import type { HoldView } from '#features/holds/schemas.ts';
import { created, type Page, type TestApi } from '#test/support/api.ts';
import { ConsolePage, NO_BROWSER, openConsole } from './browser.ts';

const skip = NO_BROWSER;
const opened = skip === false ? await openConsole() : undefined;

function desk(): { api: TestApi; open: (options?: object) => Promise<ConsolePage> } {
  assert.ok(opened !== undefined);
  const { api, browser } = opened;
  return { api, open: (options) => ConsolePage.open(browser, api, options) };
}

/** Presses a button with the keyboard. */
async function press(console: ConsolePage, name: string | RegExp): Promise<void> {
  const button = console.page.getByRole('button', { name, exact: typeof name === 'string' }).first();
  await button.focus();
  await console.press('Enter');
}

/** Types into fields of the form by their names. */
async function typeInto(form: Locator, fields: Readonly<Record<string, string>>): Promise<void> {
  for (const [label, typed] of Object.entries(fields)) {
    const field = form.getByLabel(label, { exact: true });
    await field.focus();
    if ((await field.evaluate((input) => input.tagName)) === 'SELECT') await field.selectOption(typed);
    else await field.fill(typed);
  }
}

/** Sends a form: what is about to happen is said first, and confirmed. */
async function confirm(console: ConsolePage, words: string): Promise<void> {
  await press(console, 'Continue');
  await console.page.getByRole('dialog').getByRole('button', { name: words, exact: true }).waitFor();
  await console.press('Enter');
}

async function done(console: ConsolePage): Promise<void> {
  await console.sees('It is done.');
  await console.press('Enter');
  await console.page.getByRole('dialog').waitFor({ state: 'detached' });
}

test('a hold is placed from its account and released, by keyboard', { skip }, async () => {
  const { api, open } = desk();
  const account = await api.newAccount({ balance: '100.00' });
  const console = await open();
  await console.logIn(api, 'manager');
  await console.goTo(`/accounts/${account.id}`);
  await console.page.getByRole('link', { name: 'Holds' }).focus();
  await console.press('Enter');
  await console.sees('There is nothing here.');
  await press(console, 'Place hold');
  const form = console.page.getByRole('dialog');
  // The account is known from where it is opened.
  assert.equal(await form.getByLabel('Account id', { exact: true }).inputValue(), account.id);
  await typeInto(form, { Amount: '25', Currency: 'eur', 'Reference (optional)': 'Hotel' });
  await console.sees('That is EUR 25.00.');
  await console.picture('form');
  await confirm(console, 'Place hold: EUR 25.00');
  await console.sees('To the record:');
  await done(console);
  await console.page.getByRole('link', { name: 'Hotel' }).focus();
  await console.press('Enter');
  await press(console, 'Release hold');
  await confirm(console, 'Release hold');
  await done(console);
  await console.sees('Released');
  const [hold] = (await api.get<Page<HoldView>>(`/v1/holds?accountId=${account.id}`)).body.data;
  assert.equal(hold?.status, 'released');
  await console.close();
});

test('limits of an account are set; what the bank refuses is said at its field, and nothing typed is lost', {
  skip,
}, async () => {
  const { api, open } = desk();
  const account = await api.newAccount({ balance: '100.00' });
  const console = await open();
  await console.logIn(api, 'manager');
  await console.goTo(`/resources/account-limits/${account.id}`);
  await press(console, 'Set account limits');
  const form = console.page.getByRole('dialog');
  await typeInto(form, { 'Per transaction (optional)': 'many', 'Per day (optional)': '500' });
  await press(console, 'Continue');
  await console.sees('Not a number, or with more decimals than it may have.');
  await console.assertAccessible();
  await typeInto(form, { 'Per transaction (optional)': '250' });
  await confirm(console, 'Set account limits: EUR 250.00');
  await done(console);
  await console.sees('EUR 500.00');
  await console.goTo('/resources/standing-orders?_act=createStandingOrder');
  await typeInto(form, {
    'From account id': account.id,
    Amount: '5',
    Currency: 'EUR',
    'Start date': '1990-01-01',
    'To IBAN (optional)': 'DE89370400440532013001',
  });
  await press(console, 'Continue');
  await press(console, /^New standing order: EUR 5\.00$/);
  await form.getByRole('alert').first().waitFor();
  assert.equal(await form.getByLabel('Amount', { exact: true }).inputValue(), '5');
  assert.ok((await form.locator('[aria-invalid=true]').count()) > 0, 'a field says what is wrong');
  await console.assertAccessible();
  await console.close();
});

test('a new version of a product begins with the present terms', { skip }, async () => {
  const { api, open } = desk();
  const product = { code: 'walked', currency: 'EUR', kind: 'savings', name: 'Walked' };
  created(await api.post('/v1/products', { ...product, interest: { rate: '1.5' } }));
  const console = await open({ locale: 'de-DE' });
  await console.logIn(api, 'manager');
  await console.goTo('/resources/products/walked');
  await press(console, 'Neue Fassung der Bedingungen');
  const form = console.page.getByRole('dialog');
  const rate = form
    .getByRole('group', { name: /^Zinsen/ })
    .first()
    .getByLabel('Satz (freiwillig)', { exact: true })
    .first();
  assert.equal(await rate.inputValue(), '1,5');
  await rate.fill('1,75');
  await form.getByLabel('Gilt ab', { exact: true }).fill('2999-01-01');
  await console.press('Enter');
  await console.page.getByRole('button', { name: 'Neue Fassung der Bedingungen' }).last().waitFor();
  await console.press('Enter');
  await console.sees('Es ist ausgeführt.');
  await console.press('Enter');
  const { data } = (
    await api.get<Page<{ version: number; interest: { rate: string } }>>(
      '/v1/products/walked/versions?currency=EUR',
    )
  ).body;
  assert.deepEqual(data.map(({ interest }) => interest.rate).toSorted(), ['1.5', '1.75']);
  await console.close();
});

test('an entry is made by hand and reversed', { skip }, async () => {
  const { api, open } = desk();
  const console = await open();
  await console.logIn(api, 'manager');
  await console.goTo('/resources/journal-entries');
  await press(console, 'New journal entry');
  const form = console.page.getByRole('dialog');
  for (const [index, account, side] of [
    [1, '1000', 'debit'],
    [2, '3000', 'credit'],
  ] as const) {
    const line = form.getByRole('group', { name: `Lines ${index}` });
    await typeInto(line, { 'Line of the chart': account, Side: side, Amount: '5', Currency: 'EUR' });
  }
  await typeInto(form, { Reason: 'Capital paid in' });
  await console.picture('form-with-lines');
  await console.assertAccessible();
  await confirm(console, 'New journal entry');
  await done(console);
  await console.page.getByRole('link', { name: 'Capital paid in' }).first().focus();
  await console.press('Enter');
  await press(console, 'Reverse journal entry');
  await typeInto(form, { Reason: 'Twice' });
  await confirm(console, 'Reverse journal entry');
  await done(console);
  await console.sees('Reversed by');
  await console.picture('record');
  await console.close();
});

test('a user is created, and a password is not kept in the tab', { skip }, async () => {
  const { api, open } = desk();
  const console = await open();
  await console.logIn(api, 'admin');
  await console.goTo('/resources/users');
  await press(console, 'New user');
  const form = console.page.getByRole('dialog');
  await typeInto(form, {
    'E-mail': 'ada.byron@example.com',
    Name: 'Ada Byron',
    Role: 'teller',
    Password: 'violet anchors drift slowly',
  });
  const kept = await console.page.evaluate('JSON.stringify(sessionStorage)');
  assert.match(String(kept), /Ada Byron/);
  assert.doesNotMatch(String(kept), /violet anchors/);
  await confirm(console, 'New user: Ada Byron');
  await done(console);
  await console.page.getByRole('link', { name: 'Ada Byron' }).waitFor();
  await console.close();
});

test('the token of a new API key is shown once, to be copied', { skip }, async () => {
  const { api, open } = desk();
  const console = await open();
  await console.logIn(api, 'admin');
  await console.goTo('/resources/api-keys');
  await press(console, 'Create an API key');
  const form = console.page.getByRole('dialog');
  await typeInto(form, { Name: 'Nightly reports' });
  await form.getByRole('checkbox', { name: 'accounts:read' }).focus();
  await console.press('Space');
  await confirm(console, 'Create an API key: Nightly reports');
  await console.sees('This is shown once.');
  const token = form.getByText(/^florin_live_/).last();
  await token.waitFor();
  const shown = (await token.textContent()) ?? '';
  await console.assertAccessible();
  await console.press('Enter');
  await console.page.getByRole('link', { name: 'Nightly reports' }).waitFor();
  assert.ok(shown.length > 40, shown);
  assert.ok(!((await console.page.textContent('main')) ?? '').includes(shown), 'the token is gone');
  await console.close();
});

test('a change that meets a newer version shows both, keeps what was typed, and is sent again', {
  skip,
}, async () => {
  const { api, open } = desk();
  const customer = await api.newCustomer({ familyName: 'Byron' });
  const path = `/v1/customers/${customer.id}`;
  const console = await open();
  await console.logIn(api, 'manager');
  await console.goTo(`/customers/${customer.id}`);
  await press(console, 'Change customer');
  const form = console.page.getByRole('dialog');
  await typeInto(form, { 'Family name (optional)': 'Lovelace' });
  created(await api.patch(path, { familyName: 'King', email: 'king@example.com' }, '*'));
  await confirm(console, 'Change customer');
  await console.sees('Somebody else has changed this since you opened it.');
  const row = form.getByRole('row', { name: /^Family name/ });
  assert.match((await row.textContent()) ?? '', /Lovelace.*King/);
  await console.assertAccessible();
  assert.equal(await form.getByLabel('E-mail (optional)', { exact: true }).inputValue(), 'king@example.com');
  await confirm(console, 'Change customer');
  await done(console);
  const { familyName, email } = (await api.get<CustomerView>(path)).body;
  assert.deepEqual([familyName, email], ['Lovelace', 'king@example.com']);
  await console.close();
});

test('an act that the user may not do is disabled, and says which right it takes', { skip }, async () => {
  const { api, open } = desk();
  const account = await api.newAccount();
  const console = await open();
  await console.logIn(api, 'auditor');
  await console.goTo(`/accounts/${account.id}`);
  const button = console.page.getByRole('button', { name: 'Freeze account' });
  await button.waitFor();
  assert.ok(await button.isDisabled());
  assert.match((await button.getAttribute('title')) ?? '', /role auditor may not do this \(freezeAccount\)/);
  await console.page.getByRole('link', { name: 'Everything' }).click();
  await console.page.getByRole('link', { name: 'Holds' }).waitFor();
  await console.assertAccessible();
  await console.picture('everything');
  await console.close();
});

test('a statement is saved as a file', { skip }, async () => {
  const { api, open } = desk();
  const account = await api.newAccount({ balance: '100.00' });
  const console = await open();
  await console.logIn(api, 'teller');
  await console.goTo(`/resources/statement/${account.id}`);
  const file = console.page.waitForEvent('download');
  await press(console, 'Save as CSV');
  assert.match((await file).suggestedFilename(), /^statement-acc_\w+\.csv$/);
  await console.close();
});
