import assert from 'node:assert/strict';
import { test } from 'node:test';
import { created } from '#test/support/api.ts';
import { ConsolePage, NO_BROWSER, openConsole } from './browser.ts';

const skip = NO_BROWSER;
const opened = skip === false ? await openConsole() : undefined;

test('one date turns the whole console back: figures are of its end, nothing is changed, and who cannot says so', {
  skip,
}, async () => {
  assert.ok(opened !== undefined);
  const { api, browser } = opened;
  const account = await api.newAccount({ balance: '100.00' });
  created(await api.post('/v1/business-date', { businessDate: '2026-01-20' }));
  await api.deposit(account, '50.00');
  const console = await ConsolePage.open(browser, api);
  await console.logIn(api, 'manager');
  await console.goTo(`/accounts/${account.id}`);
  await console.sees('EUR 150.00');
  const date = console.page.getByLabel('As of');
  await date.focus();
  await date.fill('2026-01-14');
  await console.sees('This is the end of');
  await console.sees('What was held and allowed is not kept');
  const amounts = await console.page
    .getByRole('table', { name: 'Lines' })
    .locator('.money')
    .allTextContents();
  assert.deepEqual(
    amounts.map((amount) => amount.replace('\u00a0', ' ')),
    ['EUR 100.00', 'EUR 100.00'],
  );
  await console.assertAccessible();
  await console.picture('as-of');
  const button = console.page.getByRole('button', { name: 'Pay in' });
  assert.ok(await button.isDisabled());
  assert.match((await button.getAttribute('title')) ?? '', /Nothing is changed while an earlier date/);

  // The date stays from screen to screen, and is in the address.
  await console.page.getByRole('link', { name: 'Books' }).click();
  await console.page.getByRole('table', { name: 'Totals' }).getByText('EUR 100.00').first().waitFor();
  assert.match(console.page.url(), /\/books\?asOf=2026-01-14/);
  await console.assertAccessible();
  await console.page.getByRole('link', { name: 'Customers' }).click();
  await console.sees('This screen shows what is now, and not the end of');
  await console.assertAccessible();
  await console.picture('as-of-not-shown');
  await console.page.getByRole('link', { name: 'Loans' }).click();
  await console.sees('This is the end of');

  // A form that is open by its address does not open.
  await console.page.goto(`${console.origin}/console/accounts/${account.id}?asOf=2026-01-14&act=deposit`);
  const dialog = console.page.getByRole('dialog');
  await dialog.getByText('Nothing is changed').waitFor();
  assert.equal(await dialog.getByRole('textbox').count(), 0);
  await console.press('Enter');
  await console.page.getByRole('button', { name: 'Back to now' }).focus();
  await console.press('Enter');
  await console.sees('EUR 150.00');
  assert.doesNotMatch(console.page.url(), /asOf/);
  assert.ok(await button.isEnabled());
  await console.close();
});
