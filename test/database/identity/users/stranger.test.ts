import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AuditEntry } from '#features/audit/service.ts';
import { toTypeId, type UserId } from '#lib/ids.ts';
import { openTestBank } from '#test/support/bank.ts';
import { codeAt, INVALID, login, newUser, PASSWORD, sessionOf } from './staff.ts';

const bank = await openTestBank();
const MUST_WAIT = { status: 429, code: 'too_many_requests' };
const STRANGER = '198.51.100.1';
const HOME = '192.0.2.1';

const guess = (email: string, address: string, fields = {}) =>
  bank.logins.login({ email, password: 'violet anchors drift fast', address, ...fields });

/** Guesses from one address, or each from another, until the account itself is held back. */
async function guessMany(email: string, count: number, addressOf?: (index: number) => string): Promise<void> {
  for (let index = 0; index < count; index++) {
    await assert.rejects(
      guess(email, addressOf?.(index) ?? STRANGER),
      ({ status }: { status: number }) => status === 401 || status === 429,
    );
  }
}

async function rowsAbout(userId: UserId, operation: string): Promise<AuditEntry[]> {
  return bank.audit.list({ resource: toTypeId('user', userId), operation, limit: 50 });
}

test('a stranger who guesses at one address does not keep the owner out elsewhere', async () => {
  const user = await newUser(bank);
  await guessMany(user.email, 15);
  await assert.rejects(guess(user.email, STRANGER), MUST_WAIT);
  await login(bank, user, { address: HOME });
});

test('strangers everywhere hold back strangers, and neither a known device nor a second factor', async () => {
  const user = await newUser(bank);
  const { deviceToken } = await login(bank, user, { address: HOME });
  const own = sessionOf(await login(bank, user, { address: HOME, deviceToken }));
  const everywhere = (index: number) => `203.0.113.${index}`;
  await guessMany(user.email, 55, everywhere);
  await assert.rejects(login(bank, user, { address: HOME }), MUST_WAIT);
  const again = await login(bank, user, { address: HOME, deviceToken });
  assert.equal(again.deviceToken, deviceToken, 'it stays the same device');
  await assert.rejects(guess(user.email, HOME, { deviceToken: 'nobody-has-this-token' }), INVALID);
  const { secret } = await bank.credentials.enrolTotp(own);
  await bank.credentials.confirmTotp(own, codeAt(secret, bank.clock.nowMs()));
  await guessMany(user.email, 55, everywhere);
  await guessMany(user.email, 12, () => '192.0.2.77');
  await assert.rejects(login(bank, user, { address: '192.0.2.77' }), MUST_WAIT);
  const otp = codeAt(secret, bank.clock.nowMs() + 30_000);
  await login(bank, user, { address: '192.0.2.77', otp });
});

test('a device lets in its own user alone, and is held back by its own failures', async () => {
  const [user, other] = [await newUser(bank), await newUser(bank)];
  const { deviceToken } = await login(bank, other, { address: HOME });
  await guessMany(user.email, 15, () => HOME);
  await assert.rejects(login(bank, user, { address: HOME, deviceToken }), MUST_WAIT);
  for (let index = 0; index < 10; index++) {
    await assert.rejects(guess(other.email, HOME, { deviceToken }), INVALID);
  }
  await assert.rejects(guess(other.email, HOME, { deviceToken }), MUST_WAIT);
});

test('codes are not guessed without end by who has the password, at however many addresses', async () => {
  const user = await newUser(bank);
  const own = sessionOf(await login(bank, user));
  const { secret } = await bank.credentials.enrolTotp(own);
  await bank.credentials.confirmTotp(own, codeAt(secret, bank.clock.nowMs()));
  for (let index = 0; index < 10; index++) {
    await assert.rejects(login(bank, user, { address: `203.0.113.${index}`, otp: '000000' }), INVALID);
  }
  const otp = codeAt(secret, bank.clock.nowMs() + 30_000);
  await assert.rejects(login(bank, user, { address: HOME, otp }), INVALID);
  const rows = await rowsAbout(user.id, 'login');
  assert.equal(rows[0]?.outcomeCode, 'too_many_codes');
  bank.clock.setMs(bank.clock.nowMs() + 30_000);
  await login(bank, user, { address: HOME, otp: codeAt(secret, bank.clock.nowMs()) });
});

test('the trail alarms the owner at ten failures, and at each doubling', async () => {
  const user = await newUser(bank);
  await guessMany(user.email, 45, (index) => `203.0.113.${index % 15}`);
  const alarms = await rowsAbout(user.id, 'loginAlarm');
  assert.deepEqual(
    alarms.map(({ actor, after }) => [actor, after]),
    [
      ['anonymous', { failedAttempts: 40 }],
      ['anonymous', { failedAttempts: 20 }],
      ['anonymous', { failedAttempts: 10 }],
    ],
  );
});

test('who guesses elsewhere does not keep the owner from changing the password', async () => {
  const user = await newUser(bank);
  const own = sessionOf(await login(bank, user, { address: HOME }));
  await guessMany(user.email, 60, (index) => `203.0.113.${index}`);
  await bank.credentials.changePassword(own, {
    oldPassword: PASSWORD,
    newPassword: 'amber lanterns over the harbour',
  });
});
