import { loadConfig } from '#config/load-config.ts';
import { systemClock } from '#lib/time/clock.ts';
import { CommandFailedError } from '../failures.ts';
import { type ApiAnswer, type ApiRequest, asFields, refusalOf, sendRequest } from './api-client.ts';
import { LoginFile, type StoredLogin } from './login-file.ts';

/** A token is renewed so long before its end that no request outlives it. */
const RENEW_BEFORE_MS = 30_000;

export function openLoginFile(): LoginFile {
  return new LoginFile(loadConfig().config.configDir);
}

/** Asks the server of the stored login, in its name. Throws what getting a token and asking throw. */
export async function askAsUser(request: Omit<ApiRequest, 'accessToken'>): Promise<ApiAnswer> {
  const { url, accessToken } = await freshLogin(openLoginFile());
  return sendRequest(url, { ...request, accessToken });
}

/** The login in an answer of /v1/auth/login or /v1/auth/refresh. Throws CommandFailedError for a refusal. */
export function loginIn(answer: ApiAnswer, url: string, email: string): StoredLogin {
  const { accessToken, refreshToken, expiresIn } = asFields(answer.body);
  const isLogin =
    answer.status === 200 &&
    typeof accessToken === 'string' &&
    typeof refreshToken === 'string' &&
    typeof expiresIn === 'number';
  if (!isLogin) throw refusalOf(answer);
  return { url, email, accessToken, refreshToken, expiresAtMs: systemClock.nowMs() + expiresIn * 1000 };
}

/** The stored login with a token that is good for a while, renewed if need be. Throws `not_logged_in`, `login_expired`. */
async function freshLogin(file: LoginFile): Promise<StoredLogin> {
  const known = await file.require();
  if (isFresh(known)) return known;
  return file.alone(async () => {
    // Another process may have renewed it meanwhile.
    const current = await file.require();
    return isFresh(current) ? current : renew(file, current);
  });
}

async function renew(file: LoginFile, { url, email, refreshToken }: StoredLogin): Promise<StoredLogin> {
  const body = JSON.stringify({ refreshToken });
  const answer = await sendRequest(url, { method: 'POST', path: '/v1/auth/refresh', body });
  if (answer.status === 401) {
    await file.remove();
    throw new CommandFailedError('login_expired', 'the login has ended: florin login makes another');
  }
  const login = loginIn(answer, url, email);
  await file.write(login);
  return login;
}

function isFresh({ expiresAtMs }: StoredLogin): boolean {
  return expiresAtMs - RENEW_BEFORE_MS > systemClock.nowMs();
}
