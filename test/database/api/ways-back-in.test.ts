import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AuditEntryView } from '#features/audit/schemas.ts';
import type { OwnUserView, UserView } from '#identity/users/schemas.ts';
import type { Role } from '#lib/caller.ts';
import { toTypeId } from '#lib/ids.ts';
import { codeAt, login, newUser, PASSWORD, sessionOf } from '#test/database/identity/users/staff.ts';
import { badFields, created, openApi, type Page, refused } from '#test/support/api.ts';

const api = await openApi();
const { bank } = api;
const admin = await api.as('admin');
const anybody = api.withToken(async () => undefined);
const NEW = 'amber lanterns over the harbour';

type LoggedIn = { accessToken: string; refreshToken: string; restriction: string | null };
type Reset = { code: string; expiresAt: string };

const newStaff = async (role: Role = 'teller') => {
  const user = await newUser(bank, { role });
  return { ...user, path: `/v1/users/${toTypeId('user', user.id)}` };
};
const logIn = (email: string, password = PASSWORD, fields = {}) =>
  anybody.post<LoggedIn>('/v1/auth/login', { email, password, ...fields });
const useCode = (email: string, code: string, newPassword = NEW) =>
  anybody.post('/v1/auth/reset', { email, code, newPassword });
const asTokens = ({ accessToken }: LoggedIn) => api.withToken(async () => accessToken);

async function actions(path: string): Promise<string[]> {
  const resource = path.split('/').at(-1);
  const { data } = created(await admin.get<Page<AuditEntryView>>(`/v1/audit-log?resource=${resource}`));
  return data.map(({ action }) => action).toReversed();
}

test('a user who was disabled by mistake is enabled, and logs in as before', async () => {
  const user = await newStaff();
  refused(await admin.post(`${user.path}/enable`, {}), 409, 'user_active');
  created(await admin.post(`${user.path}/disable`, {}));
  assert.equal((await logIn(user.email)).status, 401);
  assert.equal(created(await admin.post<UserView>(`${user.path}/enable`, {})).status, 'active');
  created(await logIn(user.email));
  assert.deepEqual(await actions(user.path), ['createUser', 'disableUser', 'login', 'enableUser', 'login']);
});

test('a forgotten password is reset by an admin with a code that works once', async () => {
  const user = await newStaff();
  const session = created(await logIn(user.email));
  const { code, expiresAt } = created(await admin.post<Reset>(`${user.path}/reset`, {}));
  assert.match(code, /^[a-z2-7]{4}(-[a-z2-7]{4}){3}$/);
  assert.equal(expiresAt, '2026-01-15T12:00:00.000Z');
  assert.equal((await logIn(user.email)).status, 401, 'the old password is gone');
  const { refreshToken } = session;
  refused(await anybody.post('/v1/auth/refresh', { refreshToken }), 401, 'invalid_refresh_token');
  assert.deepEqual(badFields(await useCode(user.email, code, 'short')), ['newPassword']);
  refused(await useCode(user.email, 'aaaa-aaaa-aaaa-aaaa'), 401, 'invalid_credentials');
  refused(await useCode('nobody@florin.example', code), 401, 'invalid_credentials');
  assert.equal((await useCode(` ${user.email.toUpperCase()}`, code.toUpperCase())).status, 204);
  refused(await useCode(user.email, code), 401, 'invalid_credentials');
  created(await logIn(user.email, NEW));
  const known = await actions(user.path);
  assert.deepEqual(known.slice(-4), ['resetPassword', 'resetPassword', 'resetPassword', 'login']);
  assert.ok(known.includes('resetUser'));
  const rows = await api.asOwner('select * from password_resets');
  assert.deepEqual(rows, []);
});

test('a code ends after a day, and when the next one is made', async () => {
  const user = await newStaff();
  const first = created(await admin.post<Reset>(`${user.path}/reset`, {}));
  const second = created(await admin.post<Reset>(`${user.path}/reset`, {}));
  refused(await useCode(user.email, first.code), 401, 'invalid_credentials');
  const nowMs = bank.clock.nowMs();
  bank.clock.setMs(nowMs + 24 * 60 * 60_000);
  refused(await useCode(user.email, second.code), 401, 'invalid_credentials');
  bank.clock.setMs(nowMs);
});

test('a lost second factor goes with the reset, and only where that is said', async () => {
  const user = await newStaff();
  const own = sessionOf(await login(bank, user));
  const { secret } = await bank.credentials.enrolTotp(own);
  await bank.credentials.confirmTotp(own, codeAt(secret, bank.clock.nowMs()));
  const keeps = created(await admin.post<Reset>(`${user.path}/reset`, {}));
  assert.equal((await useCode(user.email, keeps.code)).status, 204);
  refused(await logIn(user.email, NEW), 401, 'otp_required');
  const removes = created(await admin.post<Reset>(`${user.path}/reset`, { secondFactor: true }));
  assert.equal((await useCode(user.email, removes.code)).status, 204);
  created(await logIn(user.email, NEW));
});

test('an admin resets nobody’s access but another one’s, and nobody else resets at all', async () => {
  const self = created(await admin.get<UserView>('/v1/auth/me'));
  refused(await admin.post(`/v1/users/${self.id}/reset`, {}), 409, 'own_user');
  const user = await newStaff();
  for (const role of ['manager', 'teller', 'auditor'] as const) {
    const other = await api.as(role);
    refused(await other.post(`${user.path}/reset`, {}), 403, 'forbidden');
    refused(await other.post(`${user.path}/enable`, {}), 403, 'forbidden');
  }
  created(await admin.post(`${user.path}/disable`, {}));
  refused(await admin.post(`${user.path}/reset`, {}), 409, 'user_disabled');
});

test('two that use one code at once: one of them sets the password', async () => {
  const user = await newStaff();
  const { code } = created(await admin.post<Reset>(`${user.path}/reset`, {}));
  const answers = await Promise.all(
    [0, 1, 2, 3].map((index) => useCode(user.email, code, `${NEW} ${index}`)),
  );
  assert.deepEqual(
    answers.map(({ status }) => status).toSorted((a, b) => a - b),
    [204, 401, 401, 401],
  );
});

test('an e-mail address is changed by an admin or by its user, and belongs to one user', async () => {
  const [user, other] = [await newStaff(), await newStaff()];
  const session = asTokens(created(await logIn(user.email)));
  const change = (email: string, password = PASSWORD) => session.post('/v1/auth/email', { email, password });
  refused(await change('new-1@florin.example', 'wrong'), 401, 'invalid_credentials');
  refused(await change(other.email), 409, 'user_exists');
  assert.deepEqual(badFields(await change('nobody')), ['email']);
  assert.equal((await change(' New-1@Florin.example')).status, 204);
  assert.equal((await logIn(user.email)).status, 401);
  created(await logIn('new-1@florin.example'));
  const { headers } = await admin.get(user.path);
  const etag = headers.get('etag') ?? '';
  refused(await admin.patch(user.path, { email: other.email }, etag), 409, 'user_exists');
  const changed = await admin.patch<UserView>(user.path, { email: 'new-2@florin.example' }, etag);
  assert.equal(created(changed).email, 'new-2@florin.example');
  created(await logIn('new-2@florin.example'));
  assert.deepEqual(
    (await actions(user.path)).filter((action) => /Email|changeUser/.test(action)),
    ['changeOwnEmail', 'changeOwnEmail', 'changeUser'],
  );
});

const policy = (staffSecondFactor: boolean, changeFirstPassword: boolean) =>
  admin.raw('PUT', '/v1/login-policy', JSON.stringify({ staffSecondFactor, changeFirstPassword }));

test('a password that an admin chose is changed before anything else, where the bank asks for it', async () => {
  created(await policy(false, true));
  const user = await newStaff();
  created(await policy(false, false));
  const tokens = created(await logIn(user.email));
  assert.equal(tokens.restriction, 'password_change');
  const session = asTokens(tokens);
  refused(await session.get('/v1/customers'), 403, 'password_change_required');
  const me = created(await session.get<OwnUserView>('/v1/auth/me'));
  assert.equal(me.mustChangePassword, true);
  assert.ok('changeOwnPassword' in me.operations && !('listCustomers' in me.operations));
  const words = { oldPassword: PASSWORD, newPassword: NEW };
  assert.equal((await session.post('/v1/auth/password', words)).status, 204);
  const { refreshToken } = tokens;
  const next = created(await anybody.post<LoggedIn>('/v1/auth/refresh', { refreshToken }));
  assert.equal(next.restriction, null);
  created(await asTokens(next).get('/v1/customers'));
});

test('staff enrol a second factor before anything else, where the bank requires one', async () => {
  created(await policy(true, false));
  const user = await newStaff();
  const tokens = created(await logIn(user.email));
  const customer = await newUser(bank, { role: 'customer', customerId: await bank.newCustomer() });
  assert.equal(created(await logIn(customer.email)).restriction, null, 'customers need none');
  const session = asTokens(tokens);
  refused(await session.get('/v1/customers'), 403, 'second_factor_required');
  const { secret } = created(await session.post<{ secret: string }>('/v1/auth/totp', {}));
  const code = codeAt(secret, bank.clock.nowMs());
  created(await session.post('/v1/auth/totp/confirm', { code }));
  const { refreshToken } = tokens;
  const next = created(await anybody.post<LoggedIn>('/v1/auth/refresh', { refreshToken }));
  created(await asTokens(next).get('/v1/customers'));
  assert.deepEqual(created(await admin.get('/v1/login-policy')), {
    staffSecondFactor: true,
    changeFirstPassword: false,
  });
  created(await policy(false, false));
  refused(await api.raw('PUT', '/v1/login-policy', '{}'), 403, 'forbidden');
});
