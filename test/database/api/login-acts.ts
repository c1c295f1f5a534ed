import { codeAt, login, newUser, PASSWORD } from '#test/database/identity/users/staff.ts';
import { created, type TestApi } from '#test/support/api.ts';
import { newKey } from '#test/support/bank.ts';
import type { Prepare } from './bank-acts.ts';

type Made = { readonly id: string };

/** What users do about their own login, and administrators about users. */
export function loginActs(api: TestApi, admin: TestApi): Readonly<Record<string, Prepare>> {
  const { bank } = api;
  /** A user who is logged in, as the API sees one. */
  async function newSession() {
    const user = await newUser(bank);
    const tokens = await login(bank, user);
    return { user, tokens, api: api.withToken(() => Promise.resolve(tokens.accessToken)) };
  }
  const newUserId = async () => {
    const body = { email: `${newKey()}@example.com`, name: 'Zoe', role: 'teller', password: PASSWORD };
    return created(await admin.post<Made>('/v1/users', body)).id;
  };
  const toUser = (verb: string) => async () =>
    newUserId().then((id) => () => admin.post(`/v1/users/${id}/${verb}`, {}));
  return {
    login: async () => {
      const { email } = await newUser(bank);
      return () => api.post('/v1/auth/login', { email, password: PASSWORD });
    },
    refresh: async () => {
      const { refreshToken } = (await newSession()).tokens;
      return () => api.post('/v1/auth/refresh', { refreshToken });
    },
    logout: async () => {
      const session = await newSession();
      return () => session.api.raw('POST', '/v1/auth/logout', '');
    },
    changeOwnPassword: async () => {
      const session = await newSession();
      const body = { oldPassword: PASSWORD, newPassword: 'some other long words' };
      return () => session.api.post('/v1/auth/password', body);
    },
    revokeOwnSession: async () => {
      const session = await newSession();
      const { data } = created(await session.api.get<{ data: Made[] }>('/v1/auth/sessions'));
      return () => session.api.delete(`/v1/auth/sessions/${data[0]!.id}`);
    },
    enrolTotp: async () => {
      const session = await newSession();
      return () => session.api.raw('POST', '/v1/auth/totp', '');
    },
    confirmTotp: async () => {
      const session = await newSession();
      const { secret } = created(await session.api.raw<{ secret: string }>('POST', '/v1/auth/totp', ''));
      return () => session.api.post('/v1/auth/totp/confirm', { code: codeAt(secret, bank.clock.nowMs()) });
    },
    removeTotp: async () => {
      const session = await newSession();
      created(await session.api.raw('POST', '/v1/auth/totp', ''));
      return () => session.api.delete('/v1/auth/totp', { password: PASSWORD });
    },
    createUser: async () => {
      const body = { email: `${newKey()}@example.com`, name: 'Zoe', role: 'teller', password: PASSWORD };
      return () => admin.post('/v1/users', body);
    },
    changeUser: async () => {
      const id = await newUserId();
      return () => admin.patch(`/v1/users/${id}`, { name: 'Zoë' }, '*');
    },
    disableUser: toUser('disable'),
    enableUser: async () => {
      const id = await newUserId();
      created(await admin.post(`/v1/users/${id}/disable`, {}));
      return () => admin.post(`/v1/users/${id}/enable`, {});
    },
    resetUser: toUser('reset'),
    resetPassword: async () => {
      const id = await newUserId();
      const { email } = created(await admin.get<{ email: string }>(`/v1/users/${id}`));
      const { code } = created(await admin.post<{ code: string }>(`/v1/users/${id}/reset`, {}));
      return () => admin.post('/v1/auth/reset', { email, code, newPassword: 'some other long words' });
    },
    changeOwnEmail: async () => {
      const session = await newSession();
      const body = { email: `${newKey()}@example.com`, password: PASSWORD };
      return () => session.api.post('/v1/auth/email', body);
    },
    setLoginPolicy: async () => () =>
      admin.raw('PUT', '/v1/login-policy', '{"staffSecondFactor":false,"changeFirstPassword":true}'),
  };
}
