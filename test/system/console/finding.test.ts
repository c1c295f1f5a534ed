import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HoldView } from '#features/holds/schemas.ts';
import type { IncomingView } from '#features/payments/schemas.ts';
import type { StandingOrderView } from '#features/standing-orders/schemas.ts';
import { toTypeId } from '#lib/ids.ts';
import { newUser } from '#test/database/identity/users/staff.ts';
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

test('whatever is found leads to its screen, by keyboard', { skip }, async () => {
  const { api, open } = desk();
  const account = await api.newAccount({ balance: '100.00' });
  const money = { amount: '12.34', currency: 'EUR' };
  const hold = created(
    await api.pay<HoldView>('/v1/holds', { accountId: account.id, ...money, reference: 'Hotel Sonne' }),
  );
  const order = created(
    await api.post<StandingOrderView>('/v1/standing-orders', {
      fromAccountId: account.id,
      toIban: 'DE89370400440532013000',
      toName: 'Landlord',
      ...money,
      frequency: 'monthly',
      startDate: '2026-03-01',
    }),
  );
  const payment = created(
    await api.pay<IncomingView>('/v1/incoming-payments', {
      ...money,
      iban: account.iban,
      externalReference: newKey(),
      debtorName: 'Grace Hopper',
    }),
  );
  const user = await newUser(api.bank, { role: 'auditor' });
  const deposit = await api.deposit(account, '1.00');
  const records: readonly (readonly [name: string, id: string])[] = [
    ['holds', hold.id],
    ['standing-orders', order.id],
    ['incoming-payments', payment.id],
    ['users', toTypeId('user', user.id)],
  ];
  const screens = records.map(([name, id]) => [`/resources/${name}/${id}`, id] as const);
  const byHand = [
    [`/customers/${account.customerId}`, account.customerId],
    [`/accounts/${account.id}`, account.id],
    [`/transactions/${deposit.id}`, deposit.id],
  ] as const;
  const console = await open();
  await console.logIn(api, 'admin');
  const manager = await open();
  await manager.logIn(api, 'manager');
  for (const [path, id] of [...screens, ...byHand]) {
    const desk = path.startsWith('/resources/users') ? console : manager;
    await desk.press('Control+k');
    await desk.type(id);
    await desk.hit.waitFor();
    await desk.press('Enter');
    await desk.page.waitForURL((url) => decodeURIComponent(url.pathname) === `/console${path}`);
    await desk.page.getByRole('heading', { level: 1 }).waitFor();
  }
  await manager.assertAccessible();
  await console.close();
  await manager.close();
});

test('a list is narrowed by an amount as it is typed in German, and Back brings the filters again', {
  skip,
}, async () => {
  const { api } = desk();
  assert.ok(opened !== undefined);
  const account = await api.newAccount({ balance: '1234.50' });
  await api.deposit(account, '1234.49');
  const console = await ConsolePage.open(opened.browser, api, { locale: 'de-DE' });
  await console.logIn(api, 'manager');
  await console.goTo(`/resources/account-lines/${account.id}`);
  const { page } = console;
  await page.getByText('Filter', { exact: true }).click();
  await page.getByLabel('Niedrigster Betrag').fill('1.234,50');
  await page.getByRole('button', { name: 'Anzeigen' }).click();
  await page.waitForURL(/minAmount=(%22)?1234\.5\b/);
  await page.getByText('1.234,49').waitFor({ state: 'detached' });
  await page
    .getByRole('cell', { name: /1\.234,50/ })
    .first()
    .waitFor();
  assert.equal(await page.getByRole('row').count(), 2, 'its head, and the one line');
  await page.getByRole('table').getByRole('link').first().click();
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.waitForURL(/transactions/);
  await page.goBack();
  await page.getByRole('row').nth(1).waitFor();
  assert.equal(await page.getByLabel('Niedrigster Betrag').inputValue(), '1234,5');
  assert.equal(await page.getByRole('row').count(), 2);
  await console.assertAccessible();
  await console.close();
});
