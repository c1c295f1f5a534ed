import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { sealAllRows } from '#features/audit/sealer.ts';
import type { IncomingView } from '#features/payments/schemas.ts';
import { toTypeId } from '#lib/ids.ts';
import { created, type Page, type TestApi } from '#test/support/api.ts';
import { newKey } from '#test/support/bank.ts';
import { ConsolePage, NO_BROWSER, openConsole } from './browser.ts';

const skip = NO_BROWSER;
const opened = skip === false ? await openConsole() : undefined;

function desk(): { api: TestApi; open: () => Promise<ConsolePage> } {
  assert.ok(opened !== undefined);
  const { api, browser } = opened;
  return { api, open: () => ConsolePage.open(browser, api) };
}

test('a manager undoes a mistake: both entries stay, and a second time is refused with the reason', {
  skip,
}, async () => {
  const { api, open } = desk();
  const account = await api.newAccount({ balance: '100.00' });
  const wrong = await api.deposit(account, '25.00');
  const console = await open();
  await console.logIn(api, 'manager');
  await console.goTo(`/transactions/${wrong.id}`);
  await console.page.getByRole('button', { name: 'Reverse' }).focus();
  await console.press('Enter');
  await console.type('Wrong account');
  await console.press('Enter');
  await console.page.getByRole('button', { name: 'Reverse EUR 25.00' }).waitFor();
  await console.press('Enter');
  await console.sees('It is done.');
  await console.assertAccessible();
  await console.press('Enter');
  const button = console.page.getByRole('button', { name: 'Reverse' });
  await button.and(console.page.locator('[disabled]')).waitFor();
  assert.equal(await button.getAttribute('title'), 'It has been reversed.');
  assert.equal(await api.postedBalance(account), '100.00');
  await console.close();
});

test('an auditor sees what others may do, disabled and with the reason', { skip }, async () => {
  const { api, open } = desk();
  const account = await api.newAccount({ balance: '100.00' });
  const console = await open();
  await console.logIn(api, 'auditor');
  await console.goTo(`/accounts/${account.id}`);
  const button = console.page.getByRole('button', { name: 'Pay in' });
  await button.waitFor();
  assert.ok(await button.isDisabled());
  assert.match((await button.getAttribute('title')) ?? '', /role auditor may not do this \(deposit\)/);
  await console.close();
});

test('a payment for nobody is credited from the queue', { skip }, async () => {
  const { api, open } = desk();
  const account = await api.newAccount();
  const stray = created(
    await api.pay<IncomingView>('/v1/incoming-payments', {
      amount: '40.00',
      currency: 'EUR',
      iban: 'DE88100100101000999999',
      externalReference: newKey(),
      debtorName: 'Stray Payer',
    }),
  );
  assert.equal(stray.status, 'unresolved');
  const console = await open();
  await console.logIn(api, 'manager');
  await console.page.getByRole('link', { name: 'Payments', exact: true }).click();
  await console.sees('Stray Payer');
  await console.assertAccessible();
  await console.page.getByRole('button', { name: 'Credit' }).first().click();
  await console.type(account.id);
  await console.press('Enter');
  await console.page.getByRole('button', { name: 'Credit EUR 40.00' }).waitFor();
  await console.press('Enter');
  await console.sees('It is done.');
  await console.press('Enter');
  await console.sees('Nothing waits in suspense.');
  assert.equal(await api.postedBalance(account), '40.00');
  await console.close();
});

test('a session ends over an open form: its user logs in over the page, and what was typed is sent once', {
  skip,
}, async () => {
  const { api, open } = desk();
  const account = await api.newAccount({ balance: '100.00' });
  const console = await open();
  const user = await console.logIn(api, 'teller');
  const token = Promise.withResolvers<string>();
  console.page.on('request', (request) => {
    const [, bearer] = (request.headers().authorization ?? '').split(' ');
    if (bearer !== undefined) token.resolve(bearer);
  });
  await console.goTo(`/accounts/${account.id}`);
  await console.page.getByRole('button', { name: 'Pay in' }).click();
  await console.type('7');
  const admin = await api.as('admin');
  const path = `/v1/users/${toTypeId('user', user.id)}`;
  created(await admin.post(`${path}/disable`, {}));
  created(await admin.post(`${path}/enable`, {}));
  await untilRefused(api, await token.promise);
  await console.press('Enter');
  await console.page.getByRole('button', { name: 'Pay in EUR 7.00' }).waitFor();
  await console.press('Enter');
  await console.sees('Your session has ended');
  await console.assertAccessible();
  await console.logInAgain();
  await console.page.getByLabel('Amount (EUR)').waitFor();
  assert.equal(await console.page.getByLabel('Amount (EUR)').inputValue(), '7');
  await console.page.getByLabel('Amount (EUR)').press('Enter');
  await console.page.getByRole('button', { name: 'Pay in EUR 7.00' }).click();
  await console.page.getByRole('article', { name: 'Receipt' }).waitFor();
  assert.equal(await api.postedBalance(account), '107.00');
  await console.close();
});

test('an auditor proves a row in the browser; an edited one turns red', { skip }, async () => {
  const { api, open } = desk();
  await api.newAccount();
  await sealAllRows(api.bank.context);
  const auditor = await api.as('auditor');
  const [row] = created(
    await auditor.get<Page<{ id: string }>>('/v1/audit-log?action=openAccount&limit=1'),
  ).data;
  assert.ok(row !== undefined);
  const console = await open();
  await console.logIn(api, 'auditor');
  await console.goTo('/trail?action=openAccount');
  await console.page.getByRole('button', { name: 'Prove' }).first().click();
  await console.sees('It is, as far as this browser can compute.');
  await console.assertAccessible();
  await console.press('Escape');
  await api.asOwner(`update audit_log set actor = 'usr_somebody_else' where audit_id = '${row.id}'`);
  await console.goTo('/trail?action=openAccount');
  await console.page.getByRole('button', { name: 'Prove' }).first().click();
  await console.sees('It is not.');
  await console.sees('✗ The row is in the tree of its block');
  await console.close();
});

/** A revocation reaches the server within seconds. */
async function untilRefused(api: TestApi, token: string): Promise<void> {
  const isRefused = () =>
    api.bank.accessTokens.verify(token).then(
      () => false,
      () => true,
    );
  for (let tries = 0; !(await isRefused()); tries++) {
    assert.ok(tries < 200, 'the session is revoked');
    await delay(50);
  }
}

for (const [screen, path] of [
  ['the desk', '/'],
  ['customers', '/customers'],
  ['loans', '/loans'],
  ['the day', '/day'],
  ['the books', '/books'],
  ['nothing', '/no-such-page'],
] as const)
  test(`${screen} can be read by everybody`, { skip }, async () => {
    const { api, open } = desk();
    const console = await open();
    await console.logIn(api, 'manager');
    await console.goTo(path);
    await console.page.getByRole('main').waitFor();
    await console.assertAccessible();
    await console.close();
  });

test('a teller takes on a customer and opens an account; a field that is refused is named, and the form is kept', {
  skip,
}, async () => {
  const { api, open } = desk();
  const console = await open();
  await console.logIn(api, 'teller');
  await console.page.getByRole('link', { name: 'Customers' }).click();
  await console.page.getByRole('button', { name: 'New customer' }).click();
  const form = console.page.getByRole('dialog');
  const typed = ['Marie', 'Tharp', '2020-07-30', 'marie@example.com', '+4930901820', 'Seestr. 1', '10115'];
  for (const [index, label] of [
    'Given name',
    'Family name',
    'Date of birth',
    'E-mail',
    'Phone',
    'Street and number',
    'Postal code',
  ].entries())
    await form.getByLabel(label).fill(typed[index] ?? '');
  await form.getByLabel('City').fill('Berlin');
  await form.getByLabel('Country (two letters)').fill('de');
  await form.getByLabel('City').press('Enter');
  await console.page.getByRole('button', { name: 'Take on Marie Tharp' }).click();
  await console.page.getByRole('alert').waitFor();
  await console.sees('dateOfBirth');
  await console.assertAccessible();
  await form.getByLabel('Date of birth').fill('1990-07-30');
  await form.getByLabel('City').press('Enter');
  await console.page.getByRole('button', { name: 'Take on Marie Tharp' }).click();
  await console.page.getByRole('button', { name: 'Open an account' }).click();
  await console.page.getByRole('radio').first().check();
  await console.page.getByRole('button', { name: 'Continue' }).click();
  await console.page.getByRole('button', { name: /^Open \w+ [A-Z]{3}$/ }).click();
  await console.page.getByRole('button', { name: 'To the account' }).click();
  await console.sees('Why is this the balance?');
  await console.close();
});

test('three offers stand side by side, and the address keeps the case', { skip }, async () => {
  const { api, open } = desk();
  const console = await open();
  await console.logIn(api, 'manager');
  await console.goTo('/loans/offers');
  const second = console.page.getByRole('region', { name: 'Offer 2' });
  await second.getByText('Annual percentage rate of charge').waitFor();
  await second.getByLabel('Monthly instalments').fill('12');
  await second.getByLabel('Annual rate in %').fill('12');
  await second.getByText('EUR 888.49').first().waitFor();
  assert.match(console.page.url(), /b=10000%7E12%7E12%7E0|b=10000~12~12~0/);
  await console.assertAccessible();
  await console.close();
});
