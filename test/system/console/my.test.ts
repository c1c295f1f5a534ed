import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import type { BeneficiaryView } from '#features/beneficiaries/schemas.ts';
import { type CustomerId, fromTypeId } from '#lib/ids.ts';
import { Lending } from '#test/database/api/loans.ts';
import { type AccountWithIban, created, type TestApi } from '#test/support/api.ts';
import { ConsolePage, NO_BROWSER, openConsole } from './browser.ts';

const skip = NO_BROWSER;
const opened = skip === false ? await openConsole() : undefined;

type Home = {
  readonly api: TestApi;
  readonly console: ConsolePage;
  readonly accounts: readonly AccountWithIban[];
  readonly customerId: CustomerId;
  readonly id: string;
};

/** A customer with two accounts and a telephone. */
async function atHome(): Promise<Home> {
  assert.ok(opened !== undefined);
  const { api, browser } = opened;
  const { id } = await api.newCustomer({ givenName: 'Ida', familyName: 'Rhodes' });
  const accounts = [
    await api.newAccount({ customerId: id, balance: '500.00' }),
    await api.newAccount({ customerId: id }),
  ];
  const console = await ConsolePage.open(browser, api, { viewport: { width: 360, height: 800 } });
  const customerId = fromTypeId('customer', id);
  await console.logIn(api, 'customer', customerId);
  return { api, console, accounts, customerId, id };
}

test('a customer sees what is theirs, and none of the code of the staff', { skip }, async () => {
  assert.ok(opened !== undefined);
  const { api, browser } = opened;
  const stranger = await api.newAccount({ balance: '1.00' });
  const { id } = await api.newCustomer();
  const account = await api.newAccount({ customerId: id, balance: '1234.50' });
  const console = await ConsolePage.open(browser, api, { viewport: { width: 360, height: 800 } });
  const scripts: string[] = [];
  console.page.on('response', async (response) => {
    if (response.url().endsWith('.js')) scripts.push(await response.text());
  });
  await console.logIn(api, 'customer', fromTypeId('customer', id));
  await console.sees('EUR 1,234.50');
  await console.assertAccessible();
  await console.picture('my-accounts');
  await console.page.getByRole('link', { name: account.iban.replaceAll(/(.{4})/g, '$1 ').trim() }).click();
  await console.sees('What came and went');
  await console.assertAccessible();
  await console.picture('my-account');
  for (const path of ['/customers', `/accounts/${account.id}`, '/books']) {
    await console.goTo(path);
    await console.sees('There is no such page.');
  }
  await console.goTo(`/my/accounts/${stranger.id}`);
  await console.page.getByRole('alert').waitFor();
  const staff = scripts.filter((script) => script.includes('listIncomingPayments'));
  assert.equal(staff.length, 0, 'the menu of the staff was not loaded');
  await console.close();
});

test('a customer pays: to an own account, and to somebody else, each once', { skip }, async () => {
  const { api, console, accounts } = await atHome();
  const [from, own] = accounts;
  const payee = await api.newAccount();
  assert.ok(from !== undefined && own !== undefined);
  await console.page.getByRole('link', { name: 'Transfer' }).focus();
  await console.press('Enter');
  const form = console.page.getByRole('dialog');
  await form.getByLabel('From').selectOption(from.id);
  await form.getByLabel('To', { exact: true }).selectOption(own.id);
  await form.getByLabel('Amount (EUR)').fill('20');
  await console.assertAccessible();
  await console.picture('my-transfer');
  await console.press('Enter');
  await form.getByRole('button', { name: 'What would happen?' }).click();
  await form.getByRole('cell', { name: 'EUR 480.00' }).first().waitFor();
  await form.getByText('It costs nothing.').waitFor();
  assert.equal(await api.postedBalance(from), '500.00');
  await form.getByRole('button', { name: 'Send EUR 20.00' }).dblclick();
  await form.getByRole('article', { name: 'Receipt' }).waitFor();
  await console.assertAccessible();
  await console.press('Enter');
  assert.deepEqual([await api.postedBalance(from), await api.postedBalance(own)], ['480.00', '20.00']);

  await console.goTo(`/my?act=transfer&from=${from.id}`);
  await form.getByLabel('To', { exact: true }).selectOption('new');
  await form.getByLabel('IBAN').fill(payee.iban);
  await form.getByLabel('Name of the payee').fill('Anna Sommer');
  await form.getByLabel('Amount (EUR)').fill('1000');
  await console.press('Enter');
  await form.getByRole('button', { name: 'Send EUR 1,000.00' }).click();
  await form.getByRole('alert').waitFor();
  await form.getByLabel('Amount (EUR)').fill('30');
  await console.press('Enter');
  await form.getByRole('button', { name: 'Send EUR 30.00' }).click();
  await form.getByRole('article', { name: 'Receipt' }).waitFor();
  assert.deepEqual([await api.postedBalance(from), await api.postedBalance(payee)], ['450.00', '30.00']);
  await console.close();
});

test('a customer keeps a payee, pays them once they cooled off, and gives a standing order and ends it', {
  skip,
}, async () => {
  const { api, console, accounts, id } = await atHome();
  const [from] = accounts;
  const payee = await api.newAccount();
  assert.ok(from !== undefined);
  await console.page.getByRole('link', { name: 'Payees' }).click();
  await console.sees('You have kept no payee yet.');
  await console.page.getByRole('button', { name: 'Keep a payee' }).click();
  const form = console.page.getByRole('dialog');
  await console.type('Bäckerei Sommer');
  await console.press('Tab');
  await console.type(payee.iban);
  await console.press('Tab');
  await console.type('Bread');
  await console.press('Enter');
  await form.getByRole('button', { name: 'Keep Bäckerei Sommer' }).click();
  await console.sees('It is done.');
  await console.press('Enter');
  await console.sees('Bread (Bäckerei Sommer)');
  await console.assertAccessible();
  await console.picture('my-payees');
  await api.asOwner('update beneficiaries set usable_from = created_at');
  await console.page.reload();
  await console.page.getByRole('link', { name: 'Pay: Bäckerei Sommer' }).click();
  await form.getByLabel('Amount (EUR)').fill('5');
  await console.press('Enter');
  await form.getByRole('button', { name: 'Send EUR 5.00' }).click();
  await form.getByRole('article', { name: 'Receipt' }).waitFor();
  await console.press('Enter');
  assert.equal(await api.postedBalance(payee), '5.00');

  await console.page.getByRole('link', { name: 'Standing orders' }).click();
  await console.page.getByRole('button', { name: 'New standing order' }).click();
  const [{ id: kept } = { id: '' }] = created(
    await api.get<{ data: BeneficiaryView[] }>(`/v1/customers/${id}/beneficiaries`),
  ).data;
  await form.getByLabel('From').selectOption(from.id);
  await form.getByLabel('To', { exact: true }).selectOption(kept);
  await form.getByLabel('Amount (EUR)').fill('12.5');
  await form.getByLabel('First on').fill('2026-02-01');
  await console.assertAccessible();
  await console.picture('my-new-order');
  await console.press('Enter');
  await form.getByRole('button', { name: 'Pay EUR 12.50 monthly' }).click();
  await console.sees('It is done.');
  await console.press('Enter');
  await console.sees('1 Feb 2026');
  await console.assertAccessible();
  await console.page.getByRole('button', { name: 'End the order over EUR 12.50' }).click();
  await form.getByRole('button', { name: 'Continue' }).click();
  await form.getByRole('button', { name: 'End the order over EUR 12.50' }).click();
  await console.sees('It is done.');
  await console.press('Enter');
  await console.sees('Cancelled');

  await console.page.getByRole('link', { name: 'Payees' }).click();
  await console.page.getByRole('button', { name: 'Remove Bäckerei Sommer' }).click();
  await form.getByRole('button', { name: 'Continue' }).click();
  await form.getByRole('button', { name: 'Remove Bäckerei Sommer' }).click();
  await console.sees('It is done.');
  await console.press('Enter');
  await console.sees('You have kept no payee yet.');
  await console.close();
});

test('a customer takes a statement home', { skip }, async () => {
  const { api, console, accounts } = await atHome();
  const [account] = accounts;
  assert.ok(account !== undefined);
  created(await api.post('/v1/end-of-day', { until: '2026-01-14' }));
  created(await api.post(`/v1/accounts/${account.id}/statements`, {}));
  await console.goTo(`/my/accounts/${account.id}`);
  await console.page.getByRole('table', { name: 'Statements' }).waitFor();
  await console.assertAccessible();
  const download = console.page.waitForEvent('download');
  await console.page.getByRole('button', { name: 'PDF 1' }).click();
  const file = await (await download).path();
  assert.equal((await readFile(file)).subarray(0, 5).toString('latin1'), '%PDF-');
  await console.close();
});

test('a customer sees what they owe, and when the next of it is due', { skip }, async () => {
  const { api, console, accounts } = await atHome();
  const [account] = accounts;
  assert.ok(account !== undefined);
  await new Lending(api).newLoan(account, {}, { name: 'Car loan' });
  await console.page.getByRole('link', { name: 'Loans' }).click();
  await console.sees('EUR 1,200.00');
  await console.assertAccessible();
  await console.page.getByRole('link', { name: 'Car loan' }).focus();
  await console.press('Enter');
  const schedule = console.page.getByRole('table', { name: 'Schedule' });
  await schedule.waitFor();
  assert.equal(await schedule.getByRole('row').count(), 13, 'a head and twelve instalments');
  await console.assertAccessible();
  await console.picture('my-loan');
  const download = console.page.waitForEvent('download');
  await console.page.getByRole('button', { name: 'Statements: PDF' }).click();
  assert.ok((await readFile(await (await download).path())).length > 1_000);
  await console.close();
});

test('a German customer reads every page on a telephone', { skip }, async () => {
  const { api, browser } = opened ?? assert.fail();
  const { id } = await api.newCustomer();
  await api.newAccount({ customerId: id, balance: '1234.50' });
  const viewport = { width: 360, height: 800 };
  const console = await ConsolePage.open(browser, api, { viewport, locale: 'de-DE' });
  await console.logIn(api, 'customer', fromTypeId('customer', id));
  await console.sees('1.234,50');
  for (const [page, heading] of [
    ['Konten', 'Konten'],
    ['Empfänger', 'Empfänger'],
    ['Daueraufträge', 'Daueraufträge'],
    ['Kredite', 'Kredite'],
    ['Grace Hopper', 'Ihr Zugang'],
  ] as const) {
    await console.page.getByRole('link', { name: page }).click();
    await console.page.getByRole('heading', { name: heading, level: 1 }).waitFor();
    await console.assertAccessible();
  }
  await console.picture('my-access-de');
  await console.close();
});
