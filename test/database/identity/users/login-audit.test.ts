import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toTypeId } from '#lib/ids.ts';
import { openTestBank, TEST_CALLER } from '#test/support/bank.ts';
import { codeAt, login, newUser, PASSWORD, sessionOf } from './staff.ts';

const bank = await openTestBank();
const { logins, credentials } = bank;
const ORIGIN = { address: '192.0.2.1', requestId: 'req_1' };

type Row = {
  operation: string;
  actor: string;
  role: string;
  resource_type: string;
  resource_id: string | null;
  after: Record<string, unknown> | null;
  outcome_code: string | null;
};

/** The rows that the work leaves in the trail, without those of the sealer. */
async function rowsOf(work: () => Promise<unknown>): Promise<Row[]> {
  const select = bank.db.selectFrom('audit_log').where('operation', '<>', 'sealStates').orderBy('audit_id');
  const { length } = await select.select('audit_id').execute();
  await work();
  const rows = await select.selectAll().execute();
  return rows
    .slice(length)
    .map(({ operation, actor, role, resource_type, resource_id, after, outcome_code }) => ({
      operation,
      actor,
      role,
      resource_type,
      resource_id,
      after: after as Row['after'],
      outcome_code,
    }));
}

/** As rowsOf, of work that is refused; in short form. */
async function refusalOf(work: () => Promise<unknown>): Promise<[string, string, string | null][]> {
  const rows = await rowsOf(() => assert.rejects(work));
  return rows.map(({ operation, outcome_code, actor, resource_id }) => [
    `${operation} ${outcome_code}`,
    actor,
    resource_id,
  ]);
}

test('a login is one row, with its session and where it came from', async () => {
  const user = await newUser(bank);
  const tokens = await login(bank, user, ORIGIN);
  const { caller } = sessionOf(tokens);
  const row = await bank.db
    .selectFrom('audit_log')
    .selectAll()
    .where('operation', '=', 'login')
    .where('actor', '=', caller.actor)
    .executeTakeFirstOrThrow();
  assert.deepEqual(
    [row.role, row.session_id, row.address, row.request_id, row.resource_id, row.outcome],
    ['teller', caller.sessionId, '192.0.2.1', 'req_1', caller.actor, 'done'],
  );
  assert.deepEqual(row.after, { sessionId: toTypeId('session', caller.sessionId) });
});

test('every refused login is one row that says why, of nobody who is known', async () => {
  const user = await newUser(bank);
  const disabled = await bank.users.disable(TEST_CALLER, (await newUser(bank)).id);
  const [userId, disabledId] = [toTypeId('user', user.id), toTypeId('user', disabled.id)];
  const wrong = () => login(bank, user, { password: 'violet anchors drift fast' });
  assert.deepEqual(await refusalOf(wrong), [['login wrong_password', 'anonymous', userId]]);
  assert.deepEqual(await refusalOf(() => login(bank, disabled)), [
    ['login user_disabled', 'anonymous', disabledId],
  ]);
});

test('of an address that is nobody’s a hash is kept, the same each time, and nothing that was typed', async () => {
  const attempt = (email: string) =>
    rowsOf(() => assert.rejects(logins.login({ email, password: PASSWORD })));
  const [first] = await attempt('nobody@florin.example');
  const [again] = await attempt(' Nobody@florin.example');
  const [other] = await attempt('violet anchors drift slowly');
  assert.deepEqual([first?.outcome_code, first?.resource_id], ['unknown_user', null]);
  assert.match(String(first?.after?.emailHash), /^[0-9a-f]{32}$/);
  assert.deepEqual(again?.after, first?.after);
  assert.notDeepEqual(other?.after, first?.after);
  const rows = await bank.db.selectFrom('audit_log').selectAll().where('actor', '=', 'anonymous').execute();
  assert.doesNotMatch(JSON.stringify(rows), /nobody|violet/i);
});

test('of a wait one refusal is a row, and the next wait has its own', async () => {
  const user = await newUser(bank);
  const wrong = () => login(bank, user, { password: 'no' });
  const userId = toTypeId('user', user.id);
  for (let failure = 0; failure < 9; failure++) assert.equal((await refusalOf(wrong)).length, 1);
  // The tenth alarms the owner.
  assert.equal((await refusalOf(wrong)).length, 2);
  const throttled = [['login too_many_requests', 'anonymous', userId]];
  assert.deepEqual(await refusalOf(wrong), throttled);
  assert.deepEqual(await refusalOf(wrong), []);
  bank.clock.setMs(bank.clock.nowMs() + 30_000);
  assert.deepEqual(await refusalOf(wrong), [['login wrong_password', 'anonymous', userId]]);
  assert.deepEqual(await refusalOf(wrong), throttled);
});

test('what users do about their second factor and password is recorded, the wrong password too', async () => {
  const user = await newUser(bank);
  const tokens = await login(bank, user);
  const own = sessionOf(tokens);
  const { actor } = own.caller;
  let secret = '';
  const rows = await rowsOf(async () => {
    ({ secret } = await credentials.enrolTotp(own));
    await credentials.confirmTotp(own, codeAt(secret, bank.clock.nowMs()));
    bank.clock.setMs(bank.clock.nowMs() + 30_000);
    await assert.rejects(login(bank, user), { code: 'otp_required' });
    await assert.rejects(login(bank, user, { otp: '000000' }), { code: 'invalid_credentials' });
    await login(bank, user, { otp: codeAt(secret, bank.clock.nowMs()) });
    await assert.rejects(credentials.removeTotp(own, 'no'));
    await credentials.removeTotp(own, PASSWORD);
    await credentials.changePassword(own, { oldPassword: PASSWORD, newPassword: 'some other long words' });
  });
  assert.deepEqual(
    rows.map((row) => [row.operation, row.actor, row.outcome_code]),
    [
      ['enrolTotp', actor, null],
      ['confirmTotp', actor, null],
      ['login', 'anonymous', 'otp_required'],
      ['login', 'anonymous', 'wrong_code'],
      ['login', actor, null],
      ['removeTotp', actor, 'wrong_password'],
      ['removeTotp', actor, null],
      ['changeOwnPassword', actor, null],
    ],
  );
  assert.ok(rows.every(({ resource_id }) => resource_id === actor));
  assert.doesNotMatch(JSON.stringify(rows), new RegExp(`violet|other long|${secret}|000000`));
});

test('a session is followed from its refreshes to its end, a stolen token to the revocation', async () => {
  const user = await newUser(bank);
  const [first, second] = [await login(bank, user), await login(bank, user)];
  const own = sessionOf(first);
  const sessionId = toTypeId('session', own.sessionId);
  const actor = toTypeId('user', user.id);
  const rows = await rowsOf(async () => {
    const next = await logins.refresh(first.refreshToken, ORIGIN);
    await logins.refresh(next.refreshToken);
    // Spent twice over: whoever has it now has stolen it, or was stolen from.
    await assert.rejects(logins.refresh(first.refreshToken));
    await assert.rejects(logins.refresh('unknown'));
    await logins.revokeSession(own, sessionOf(second).sessionId);
    await logins.logout(own);
  });
  const secondId = toTypeId('session', sessionOf(second).sessionId);
  assert.deepEqual(
    rows.map((row) => [row.operation, row.actor, row.resource_id, row.outcome_code]),
    [
      ['refresh', actor, sessionId, null],
      ['refresh', actor, sessionId, null],
      ['refresh', 'anonymous', sessionId, 'refresh_token_reused'],
      ['revokeOwnSession', actor, secondId, null],
    ],
    'the session has ended before its logout',
  );
});
