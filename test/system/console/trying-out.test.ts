import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestApi } from '#test/support/api.ts';
import { ConsolePage, NO_BROWSER, openConsole } from './browser.ts';

const skip = NO_BROWSER;
const opened = skip === false ? await openConsole() : undefined;

function desk(): { api: TestApi; open: (options?: object) => Promise<ConsolePage> } {
  assert.ok(opened !== undefined);
  const { api, browser } = opened;
  return { api, open: (options) => ConsolePage.open(browser, api, options) };
}

test('what a payment would do is shown before it is done: entries, balances and fees, and nothing is booked', {
  skip,
}, async () => {
  const { api, open } = desk();
  const account = await api.newAccount({ balance: '100.00' });
  const console = await open();
  await console.logIn(api, 'manager');
  await console.goTo(`/accounts/${account.id}`);
  await console.page.getByRole('button', { name: 'Pay out' }).focus();
  await console.press('Enter');
  await console.type('30');
  await console.press('Enter');
  await console.page.getByRole('button', { name: 'Pay out EUR 30.00' }).waitFor();
  await console.page.getByRole('button', { name: 'What would happen?' }).focus();
  await console.press('Enter');
  const preview = console.page.getByRole('region', { name: 'What would happen' });
  await preview.getByText('Nothing was booked.').waitFor();
  await preview.getByRole('cell', { name: 'EUR 70.00' }).first().waitFor();
  await preview.getByText('It costs nothing.').waitFor();
  await preview.getByRole('table', { name: 'Entries' }).getByText('EUR 30.00').first().waitFor();
  await console.assertAccessible();
  await console.picture('preview');
  assert.equal(await api.postedBalance(account), '100.00');
  await console.page.getByRole('button', { name: 'Pay out EUR 30.00' }).focus();
  await console.press('Enter');
  await console.page.getByRole('article', { name: 'Receipt' }).waitFor();
  assert.equal(await api.postedBalance(account), '70.00');
  await console.close();
});

test('a form made from the document is tried out too, and what is refused then can be corrected', {
  skip,
}, async () => {
  const { api, open } = desk();
  const account = await api.newAccount({ balance: '10.00' });
  const console = await open({ locale: 'de-DE' });
  await console.logIn(api, 'manager');
  await console.goTo(`/resources/transactions?_act=withdraw&accountId=${account.id}`);
  const form = console.page.getByRole('dialog');
  await form.getByLabel('Betrag', { exact: true }).fill('20');
  await form.getByLabel('Währung', { exact: true }).fill('EUR');
  await form.getByLabel('Weg', { exact: true }).selectOption('cash');
  assert.equal(await form.getByText('Probelauf').count(), 0, 'it is a button, and not a field');
  await form.getByRole('button', { name: 'Weiter' }).click();
  await form.getByRole('button', { name: 'Was würde geschehen?' }).click();
  await form.getByRole('alert').waitFor();
  await console.assertAccessible();
  await form.getByRole('button', { name: 'Zurück' }).click();
  await form.getByLabel('Betrag', { exact: true }).fill('4');
  await form.getByRole('button', { name: 'Weiter' }).click();
  await form.getByRole('button', { name: 'Was würde geschehen?' }).click();
  await form.getByText('Gebucht wurde nichts.').waitFor();
  assert.equal(await api.postedBalance(account), '10.00');
  await console.close();
});
