import { systemClock } from '#lib/time/clock.ts';
import { type Answer, type Ask, fieldsOf } from '../api/ask.ts';
import { CommandFailedError } from '../failures.ts';
import type { Shell } from '../shell.ts';
import { askServer } from './api-client.ts';
import { LoginFile, type StoredLogin } from './login-file.ts';

/** A token is renewed so long before its end that no request outlives it. */
const RENEW_BEFORE_MS = 30_000;

export async function openLoginFile(shell: Shell): Promise<LoginFile> {
  const { config } = await shell.loadConfig();
  return new LoginFile(config.configDir);
}

/**
 * Asks the server of the stored login in its name, or another one by its URL. Throws what getting a token and asking
 * throw.
 */
export async function askAsUser(shell: Shell, url?: string): Promise<Ask> {
  const file = await openLoginFile(shell);
  const login = await file.require(url);
  return async (call) => askServer(login.url, call, (await freshLogin(file, url)).accessToken);
}

/** The login in an answer of /v1/auth/login or /v1/auth/refresh. Throws CommandFailedError for a refusal. */
export function loginIn(answer: Answer, url: string, email: string): StoredLogin {
  const { accessToken, refreshToken, expiresIn } = fieldsOf(answer);
  const isLogin =
    typeof accessToken === 'string' && typeof refreshToken === 'string' && typeof expiresIn === 'number';
  if (!isLogin) throw new CommandFailedError('unexpected_answer', `${url} answered no tokens`);
  return { url, email, accessToken, refreshToken, expiresAtMs: systemClock.nowMs() + expiresIn * 1000 };
}

/** The stored login with a token that is good for a while, renewed if need be. Throws `not_logged_in`, `login_expired`. */
async function freshLogin(file: LoginFile, url: string | undefined): Promise<StoredLogin> {
  const known = await file.require(url);
  if (isFresh(known)) return known;
  return file.alone(async () => {
    // Another process may have renewed it in the meantime.
    const current = await file.require(url);
    return isFresh(current) ? current : renew(file, current);
  });
}

async function renew(file: LoginFile, { url, email, refreshToken }: StoredLogin): Promise<StoredLogin> {
  const body = JSON.stringify({ refreshToken });
  const answer = await askServer(url, { method: 'POST', path: '/v1/auth/refresh', body });
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
