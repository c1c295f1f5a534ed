import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { createServices } from '#bank/services.ts';
import { openDatabase } from '#db/database.ts';
import { openTestBank } from '#test/support/bank.ts';
import { codeAt, INVALID, login, newUser, sessionOf } from './staff.ts';

const bank = await openTestBank();
const { db, postingPool, close } = openDatabase({ databaseUrl: bank.databaseUrl });
const other = createServices({ ...bank.context, db, postingPool });
after(close);

const wait = (ms: number) => bank.clock.setMs(bank.clock.nowMs() + ms);
const guess = (email: string, address?: string) =>
  bank.logins.login({ email, password: 'violet anchors drift fast', address });
const mustWait = (seconds: number) => ({
  status: 429,
  code: 'too_many_requests',
  retryAfterSeconds: seconds,
});

test('ten failures of an account, over all servers, make it wait, longer each time, and never for good', async () => {
  const user = await newUser(bank);
  for (let failure = 0; failure < 5; failure++) {
    await assert.rejects(guess(user.email), INVALID);
    await assert.rejects(other.logins.login({ email: user.email, password: 'wrong' }), INVALID);
  }
  await assert.rejects(login(bank, user), mustWait(30));
  await assert.rejects(login(other, user), mustWait(30));
  wait(29_999);
  await assert.rejects(login(other, user), mustWait(1));
  wait(1);
  await assert.rejects(guess(user.email), INVALID);
  await assert.rejects(login(bank, user), mustWait(60));
  for (const delayMs of [60_000, 120_000, 240_000, 480_000, 900_000, 900_000]) {
    wait(delayMs);
    await assert.rejects(guess(user.email), INVALID);
  }
  await assert.rejects(login(bank, user), mustWait(900));
  wait(900_000);
  await login(other, user);
  for (let failure = 0; failure < 10; failure++) await assert.rejects(guess(user.email), INVALID);
});

test('an account that nobody has is counted like any other', async () => {
  for (let failure = 0; failure < 10; failure++)
    await assert.rejects(guess('nobody@florin.example'), INVALID);
  await assert.rejects(guess('nobody@florin.example'), mustWait(30));
});

test('failures are forgotten after a quarter of an hour without any', async () => {
  const user = await newUser(bank);
  for (let failure = 0; failure < 9; failure++) await assert.rejects(guess(user.email), INVALID);
  wait(15 * 60_000);
  for (let failure = 0; failure < 10; failure++) await assert.rejects(guess(user.email), INVALID);
  await assert.rejects(guess(user.email), mustWait(30));
});

test('one address that tries many accounts must wait, and others need not', async () => {
  const user = await newUser(bank);
  const address = '192.0.2.7';
  for (let round = 0; round < 10; round++) {
    const attempts = Array.from({ length: 10 }, (_, index) =>
      guess(`${round}.${index}@florin.example`, address),
    );
    for (const attempt of await Promise.allSettled(attempts)) assert.equal(attempt.status, 'rejected');
  }
  await assert.rejects(login(bank, user, { address }), mustWait(5));
  await login(bank, user, { address: '192.0.2.8' });
  wait(5_000);
  await login(bank, user, { address });
});

test('guesses that come all at once are not all taken for the first', async () => {
  const user = await newUser(bank);
  const attempts = Array.from({ length: 30 }, (_, index) =>
    other.logins.login({ email: user.email, password: `wrong ${index}` }),
  );
  const codes = (await Promise.allSettled(attempts)).map(
    (one) => one.status === 'rejected' && one.reason.code,
  );
  assert.equal(codes.filter((code) => code === 'invalid_credentials').length, 10);
  assert.equal(codes.filter((code) => code === 'too_many_requests').length, 20);
});

test('a server whose clock is behind does not refuse who has no failures', async () => {
  const user = await newUser(bank);
  await assert.rejects(guess(user.email), INVALID);
  wait(-10_000);
  await login(bank, user);
  wait(10_000);
});

test('a right password without its code does not forgive the failures of the account', async () => {
  const user = await newUser(bank);
  const own = sessionOf(await login(bank, user));
  const { secret } = await bank.credentials.enrolTotp(own);
  await bank.credentials.confirmTotp(own, codeAt(secret, bank.clock.nowMs()));
  for (let failure = 0; failure < 9; failure++) await assert.rejects(guess(user.email), INVALID);
  await assert.rejects(login(bank, user), { code: 'otp_required' });
  await assert.rejects(guess(user.email), mustWait(30));
});
