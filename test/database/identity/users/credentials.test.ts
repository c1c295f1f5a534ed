import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openTestBank } from '#test/support/bank.ts';
import { codeAt, INVALID, INVALID_REFRESH, login, newUser, PASSWORD, sessionOf } from './staff.ts';

const bank = await openTestBank();
const { credentials, logins } = bank;
const STEP_MS = 30_000;
const now = () => bank.clock.nowMs();
const wait = (ms: number) => bank.clock.setMs(now() + ms);

/** A user with TOTP on, at the beginning of a step whose code was not used. */
async function newTotpUser() {
  const user = await newUser(bank);
  const tokens = await login(bank, user);
  const own = sessionOf(tokens);
  const { secret } = await credentials.enrolTotp(own);
  const codes = await credentials.confirmTotp(own, codeAt(secret, now()));
  wait(STEP_MS);
  return { user, tokens, own, secret, codes };
}

test('changing the password needs the old one, and ends every other session', async () => {
  const user = await newUser(bank);
  const [mine, other] = [await login(bank, user), await login(bank, user)];
  const change = (oldPassword: string, newPassword: string) =>
    credentials.changePassword(sessionOf(mine), { oldPassword, newPassword });
  await assert.rejects(change('violet anchors drift fast', 'some other long words'), INVALID);
  await assert.rejects(change(PASSWORD, 'short'), { code: 'validation_failed', message: /^newPassword: / });
  await assert.rejects(change(PASSWORD, user.email), { code: 'validation_failed' });
  await assert.rejects(change(PASSWORD, PASSWORD), { code: 'validation_failed', message: /^newPassword: / });
  await change(PASSWORD, 'some other long words');
  await assert.rejects(logins.refresh(other.refreshToken), INVALID_REFRESH);
  await logins.refresh(mine.refreshToken);
  await assert.rejects(login(bank, user), INVALID);
  await login(bank, user, { password: 'some other long words' });
});

test('old passwords cannot be guessed from a stolen session', async () => {
  const own = sessionOf(await login(bank, await newUser(bank)));
  for (let failure = 0; failure < 10; failure++)
    await assert.rejects(credentials.removeTotp(own, 'no'), INVALID);
  await assert.rejects(credentials.removeTotp(own, PASSWORD), { code: 'too_many_requests' });
});

test('TOTP asks nothing until a code is confirmed', async () => {
  const user = await newUser(bank);
  const own = sessionOf(await login(bank, user));
  await assert.rejects(credentials.confirmTotp(own, '123456'), { code: 'totp_not_enrolled' });
  const { secret, otpauthUri } = await credentials.enrolTotp(own);
  assert.ok(otpauthUri.startsWith('otpauth://totp/Florin:') && otpauthUri.includes(`secret=${secret}`));
  await login(bank, user);
  await assert.rejects(credentials.confirmTotp(own, codeAt(secret, now() + 10 * STEP_MS)), INVALID);
  await login(bank, user);
  assert.equal((await credentials.confirmTotp(own, codeAt(secret, now()))).length, 10);
  await assert.rejects(login(bank, user), { status: 401, code: 'otp_required' });
  await assert.rejects(credentials.enrolTotp(own), { code: 'totp_enabled' });
});

test('a missing code is asked for only after the right password', async () => {
  const { user } = await newTotpUser();
  await assert.rejects(login(bank, user, { password: 'violet anchors drift fast' }), INVALID);
  await assert.rejects(login(bank, user), { code: 'otp_required' });
});

test('a code counts once, within a step of the clock, and not before one that was used', async () => {
  const { user, secret } = await newTotpUser();
  const at = (steps: number) => login(bank, user, { otp: codeAt(secret, now() + steps * STEP_MS) });
  await assert.rejects(at(-2), INVALID);
  await assert.rejects(at(2), INVALID);
  await at(0);
  await assert.rejects(at(0), INVALID);
  await assert.rejects(at(-1), INVALID);
  await at(1);
  for (const otp of ['', '12345', '1234567', 'abcdef', '１２３４５６']) {
    await assert.rejects(login(bank, user, { otp }), INVALID);
  }
});

test('a code does not help a wrong password, nor is it used up by one', async () => {
  const { user, secret } = await newTotpUser();
  const otp = codeAt(secret, now());
  await assert.rejects(login(bank, user, { otp, password: 'violet anchors drift fast' }), INVALID);
  await login(bank, user, { otp });
});

test('a recovery code logs in once, however it is typed, and for its user alone', async () => {
  const { user, codes } = await newTotpUser();
  const another = await newTotpUser();
  const [code = ''] = codes;
  await assert.rejects(login(bank, another.user, { recoveryCode: code }), INVALID);
  await login(bank, user, { recoveryCode: ` ${code.replaceAll('-', ' ').toUpperCase()}` });
  await assert.rejects(login(bank, user, { recoveryCode: code }), INVALID);
  await login(bank, user, { recoveryCode: codes[1] });
});

test('TOTP goes with the password, which must then be long enough alone', async () => {
  const { user, own, secret } = await newTotpUser();
  await credentials.changePassword(own, { oldPassword: PASSWORD, newPassword: '8 chars!' });
  await assert.rejects(credentials.removeTotp(own, PASSWORD), INVALID);
  await assert.rejects(credentials.removeTotp(own, '8 chars!'), { status: 409, code: 'password_too_short' });
  await credentials.changePassword(own, { oldPassword: '8 chars!', newPassword: PASSWORD });
  await credentials.removeTotp(own, PASSWORD);
  await login(bank, user);
  const rows = await bank.db.selectFrom('recovery_codes').select('user_id').execute();
  assert.ok(rows.every((row) => row.user_id !== user.id));
  assert.notEqual((await credentials.enrolTotp(own)).secret, secret);
});

test('a secret is stored sealed, and opens for its user alone', async () => {
  const one = await newTotpUser();
  const two = await newTotpUser();
  const row = await bank.db
    .selectFrom('users')
    .select('totp_secret')
    .where('user_id', '=', one.user.id)
    .executeTakeFirstOrThrow();
  assert.ok(!row.totp_secret!.includes(one.secret));
  await bank.db.updateTable('users').set(row).where('user_id', '=', two.user.id).execute();
  await assert.rejects(login(bank, two.user, { otp: codeAt(one.secret, now()) }), (error: Error) => {
    return !('status' in error);
  });
});
