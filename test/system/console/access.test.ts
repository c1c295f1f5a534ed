import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { UserView } from '#identity/users/schemas.ts';
import { codeAt, PASSWORD } from '#test/database/identity/users/staff.ts';
import { created, type TestApi } from '#test/support/api.ts';
import { newKey } from '#test/support/bank.ts';
import { ConsolePage, NO_BROWSER, openConsole } from './browser.ts';

const skip = NO_BROWSER;
const opened = skip === false ? await openConsole() : undefined;
const NEW = 'amber lanterns wander north';

function desk(): { api: TestApi; open: (options?: object) => Promise<ConsolePage> } {
  assert.ok(opened !== undefined);
  const { api, browser } = opened;
  return { api, open: (options) => ConsolePage.open(browser, api, options) };
}

/** A teller whom an admin took on, where the bank asks for what it is told to. */
async function takenOn(api: TestApi, policy: object): Promise<UserView> {
  const admin = await api.as('admin');
  created(await admin.raw('PUT', '/v1/login-policy', JSON.stringify(policy)));
  const fields = { email: `${newKey()}@florin.example`, name: 'Grace Hopper', role: 'teller' };
  return created(await admin.post<UserView>('/v1/users', { ...fields, password: PASSWORD }));
}

test('who logs in for the first time changes the password and enrols a second factor, and can then work', {
  skip,
}, async () => {
  const { api, open } = desk();
  const { email } = await takenOn(api, { staffSecondFactor: true, changeFirstPassword: true });
  const console = await open();
  await console.begin(email);
  await console.sees('Choose one that only you know.');
  await console.assertAccessible();
  await console.picture('first-password');
  await console.page.getByLabel('Password until now').focus();
  await console.type(PASSWORD);
  await console.press('Tab');
  await console.type('short');
  await console.press('Enter');
  await console.page.getByRole('alert').waitFor();
  await console.page.getByLabel('New password').fill(NEW);
  await console.press('Enter');

  await console.sees('The bank asks for a second factor');
  await console.page.getByRole('button', { name: 'Set it up' }).focus();
  await console.press('Enter');
  await console.page.getByRole('img', { name: 'QR code of the secret' }).waitFor();
  await console.assertAccessible();
  await console.picture('second-factor');
  const secret = (await console.page.locator('.code code').textContent()) ?? '';
  await console.page.getByLabel('Code from the app').focus();
  await console.type('000000');
  await console.press('Enter');
  await console.page.getByRole('alert').waitFor();
  await console.page.getByLabel('Code from the app').fill(codeAt(secret, api.bank.clock.nowMs()));
  await console.press('Enter');
  await console.sees('Your recovery codes');
  await console.assertAccessible();
  await console.picture('recovery-codes');
  const recoveryCode = (await console.page.locator('.codes code').first().textContent()) ?? '';
  await console.page.getByRole('button', { name: 'I have kept them' }).focus();
  await console.press('Enter');
  await console.sees('Welcome, Grace Hopper');

  // The telephone is lost.
  await console.page.getByRole('button', { name: 'Log out' }).click();
  await console.page.getByLabel('E-mail').waitFor();
  await console.begin(email, NEW);
  await console.page.getByLabel('One-time code').waitFor();
  await console.page.getByRole('button', { name: 'I cannot get a code: use a recovery code' }).click();
  await console.assertAccessible();
  await console.page.getByLabel('Recovery code').fill(recoveryCode);
  await console.press('Enter');
  await console.sees('Welcome, Grace Hopper');
  await console.close();
});

test('a password that is lost is set with a code of the bank', { skip }, async () => {
  const { api, open } = desk();
  const { id, email } = await takenOn(api, { staffSecondFactor: false, changeFirstPassword: false });
  const admin = await api.as('admin');
  const { code } = created(await admin.post<{ code: string }>(`/v1/users/${id}/reset`, {}));
  const console = await open();
  await console.page.goto(`${console.origin}/console/`);
  await console.page.getByRole('button', { name: 'I have a code from the bank' }).click();
  await console.page.getByLabel('Code from the bank').waitFor();
  await console.assertAccessible();
  await console.page.getByLabel('E-mail').fill(email);
  await console.page.getByLabel('Code from the bank').fill(code);
  await console.page.getByLabel('New password').fill(NEW);
  await console.press('Enter');
  await console.sees('The password is set.');
  await console.page.getByRole('button', { name: 'Back to the login' }).click();
  await console.begin(email, NEW);
  await console.sees('Welcome, Grace Hopper');
  await console.close();
});

test('a user ends another session, changes the address, and takes the second factor on and off', {
  skip,
}, async () => {
  const { api, open } = desk();
  const console = await open();
  const { email } = await console.logIn(api, 'teller');
  const anybody = api.withToken(() => Promise.resolve(undefined));
  const other = created(
    await anybody.post<{ refreshToken: string }>('/v1/auth/login', { email, password: PASSWORD }),
  );
  await console.page.getByRole('link', { name: 'Grace Hopper' }).focus();
  await console.press('Enter');
  const sessions = console.page.getByRole('table', { name: 'Open sessions' });
  await sessions.getByText('Chrome · Linux').waitFor();
  await console.assertAccessible();
  await console.picture('access');
  const rows = sessions.getByRole('row');
  assert.equal(await rows.count(), 3, 'a head and two sessions');
  await rows.filter({ hasNotText: 'Chrome' }).getByRole('button', { name: /^End/ }).click();
  await rows.nth(2).waitFor({ state: 'detached' });
  const { refreshToken } = other;
  assert.equal((await anybody.post('/v1/auth/refresh', { refreshToken })).status, 401);

  const next = `${newKey()}@florin.example`;
  const form = console.page.locator('section').filter({ has: console.page.getByLabel('New e-mail address') });
  await form.getByLabel('New e-mail address').fill(next);
  await form.getByLabel('Password').fill('not this one');
  await console.press('Enter');
  await form.getByRole('alert').waitFor();
  await form.getByLabel('Password').fill(PASSWORD);
  await console.press('Enter');
  await console.sees('The address is changed.');
  await console.sees(next);

  await console.page.getByRole('button', { name: 'Set it up' }).click();
  const secret = (await console.page.locator('.code code').textContent()) ?? '';
  await console.page.getByLabel('Code from the app').fill(codeAt(secret, api.bank.clock.nowMs()));
  await console.press('Enter');
  await console.page.getByRole('button', { name: 'I have kept them' }).click();
  await console.sees('On: a login needs a code from your app.');
  const factor = console.page.locator('section').filter({ hasText: 'On: a login needs' });
  await factor.locator('summary').click();
  await factor.getByLabel('Password').fill(PASSWORD);
  await console.press('Enter');
  await console.sees('Off: a password alone opens your login.');
  await console.close();
});

test('who logs in in another tab takes the browser over: nothing goes on in their name', {
  skip,
}, async () => {
  const { api, open } = desk();
  const console = await open();
  await console.logIn(api, 'teller');
  const other = await console.page.context().newPage();
  await other.goto(`${console.origin}/console/`);
  await other.getByText('Welcome, Grace Hopper').waitFor();
  await other.getByRole('button', { name: 'Log out' }).click();
  const { email } = await takenOn(api, { staffSecondFactor: false, changeFirstPassword: false });
  await other.getByLabel('E-mail').fill(email);
  await other.getByLabel('Password').fill(PASSWORD);
  await other.keyboard.press('Enter');
  await other.getByText('Welcome, Grace Hopper').waitFor();
  await console.page.getByRole('heading', { name: 'Log in' }).waitFor();
  await console.close();
});
