import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Lending } from '#test/database/api/loans.ts';
import { created, type TestApi } from '#test/support/api.ts';
import { ConsolePage, NO_BROWSER, openConsole } from './browser.ts';

const skip = NO_BROWSER;
const opened = skip === false ? await openConsole() : undefined;

function desk(): { api: TestApi; open: (options?: object) => Promise<ConsolePage> } {
  assert.ok(opened !== undefined);
  const { api, browser } = opened;
  return { api, open: (options) => ConsolePage.open(browser, api, options) };
}

test('a manager begins with the bank in pictures, and each mark leads to its rows', { skip }, async () => {
  const { api, open } = desk();
  const account = await api.newAccount({ balance: '400.00' });
  await api.withdraw(account, '100.00');
  const lending = new Lending(api);
  await lending.newLoan(account, {}, { name: 'House loan' });
  const console = await open();
  await console.logIn(api, 'manager');
  const { page } = console;
  const deposits = page.getByRole('list', { name: 'Deposits' });
  await deposits.waitFor();
  assert.match((await deposits.textContent()) ?? '', /2000 Customers’ current accounts\s*EUR.1,500\.00/);
  assert.match(
    (await page.getByRole('list', { name: 'Liquidity' }).textContent()) ?? '',
    /1000 Cash\s*EUR.300\.00/,
  );
  assert.match(
    (await page.getByRole('list', { name: 'Lending' }).textContent()) ?? '',
    /House loan\s*EUR.1,200\.00/,
  );
  const days = page.getByRole('list', { name: 'On customers’ accounts, by day' });
  await days.getByText(/In EUR.1,600.00, Out EUR.100.00/).waitFor({ state: 'attached' });
  assert.equal(await days.getByRole('listitem').count(), 7);
  const full = await page
    .getByRole('list', { name: 'Deposits' })
    .locator('rect.first')
    .first()
    .getAttribute('width');
  assert.equal(full, '100');
  await console.assertAccessible();
  await console.picture('overview');
  const late = page.getByRole('list', { name: 'Arrears' }).getByRole('link', { name: 'Days late: 31 to 60' });
  await late.focus();
  await console.press('Enter');
  await page.waitForURL((url) =>
    /minDaysPastDue="?31"?&maxDaysPastDue="?60/.test(decodeURIComponent(url.search)),
  );
  await console.sees('There is nothing here.');
  await page.goBack();
  await days.getByRole('link').last().click();
  await page.waitForURL(/resources\/transactions\/?\?from=2026-01-14&to=2026-01-14/);
  await page.getByRole('table').waitFor();
  await page.goBack();
  await deposits.getByRole('link').first().click();
  await page.waitForURL(/resources\/gl-account-lines\/2000\?currency=EUR&from=2026-01-08/);
  await console.close();
});

test('who may not see the books begins without pictures', { skip }, async () => {
  const { api, open } = desk();
  const console = await open();
  await console.logIn(api, 'teller');
  await console.sees('Nothing is waiting.');
  assert.equal(await console.page.getByRole('heading', { name: 'The bank in pictures' }).count(), 0);
  await console.close();
});

test('an account shows its balance over time, and says it in words', { skip }, async () => {
  const { api, open } = desk();
  const account = await api.newAccount({ balance: '100.00' });
  const console = await open();
  await console.logIn(api, 'teller');
  await console.goTo(`/accounts/${account.id}`);
  await console.sees('Deposit');
  assert.equal(await console.page.getByRole('img').count(), 0, 'one line is no picture');
  created(await api.post('/v1/business-date', { businessDate: '2026-01-20' }));
  await api.deposit(account, '200.00');
  await api.withdraw(account, '50.00');
  await console.page.reload();
  const picture = console.page.getByRole('img', {
    name: 'Balance after each line below: from 14 Jan 2026 to 20 Jan 2026 between EUR 100.00 and EUR 300.00.',
  });
  await picture.waitFor();
  assert.equal(await picture.locator('path.line').getAttribute('d'), 'M0 76H280.0V4.0H280.0V22.0H300');
  await console.assertAccessible();
  await console.picture('account-over-time');
  await console.close();
});
