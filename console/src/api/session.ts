import { endAllAttempts } from './attempt.ts';
import { type Request, send } from './http.ts';
import { Problem } from './problem.ts';
import type { Tokens, User } from './types.ts';

export type Credentials = { readonly email: string; readonly password: string; readonly otp?: string };

/** `out`: nobody. `in`: a user. `over`: the session ended; the page stays, and waits for its user to come back. */
export type SessionState =
  | { readonly is: 'starting' }
  | { readonly is: 'out' }
  | { readonly is: 'in' | 'over'; readonly user: User };

/** A minute before a token ends it is no longer used: clocks differ, and a request takes its time. */
const EARLY_MS = 60_000;

/**
 * Who is at the console. The access token is in memory alone, the refresh token in a cookie that no script reads. A page
 * has one session; everything it asks goes through `call`, which renews the token, and says `over` when the session has
 * ended without leaving the page.
 */
export class Session {
  #state: SessionState = { is: 'starting' };
  #access: { readonly token: string; readonly until: number } | undefined;
  #refreshing: Promise<string> | undefined;
  readonly #listeners = new Set<() => void>();

  get state(): SessionState {
    return this.#state;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Goes on with the session that the browser keeps, if there is one. Call once, at the start of the page. */
  async restore(): Promise<void> {
    try {
      this.#become({ is: 'in', user: await this.call<User>({ method: 'GET', path: '/v1/auth/me' }) });
    } catch {
      this.#become({ is: 'out' });
    }
  }

  /** Throws Problem, such as `invalid_credentials` or `otp_required`. */
  async logIn(credentials: Credentials): Promise<void> {
    const before = this.#state;
    const body = { ...credentials, refreshCookie: true };
    this.#keep(await send<Tokens>({ method: 'POST', path: '/v1/auth/login', body }));
    const user = await this.call<User>({ method: 'GET', path: '/v1/auth/me' });
    if (before.is === 'over' && before.user.id !== user.id) endAllAttempts();
    this.#become({ is: 'in', user });
  }

  async logOut(): Promise<void> {
    const token = await this.#token().catch(() => undefined);
    this.#access = undefined;
    endAllAttempts();
    this.#become({ is: 'out' });
    if (token !== undefined)
      await send({ method: 'POST', path: '/v1/auth/logout', token }).catch(() => undefined);
  }

  /** Asks the bank as the user who is logged in. Throws Problem and NoAnswer. */
  async call<Body>(request: Omit<Request, 'token'>): Promise<Body> {
    try {
      return await send<Body>({ ...request, token: await this.#token() });
    } catch (error) {
      if (error instanceof Problem && error.status === 401) this.#end();
      throw error;
    }
  }

  async #token(): Promise<string> {
    if (this.#access !== undefined && Date.now() < this.#access.until - EARLY_MS) return this.#access.token;
    this.#refreshing ??= this.#refresh().finally(() => {
      this.#refreshing = undefined;
    });
    return this.#refreshing;
  }

  /** One tab at a time: each renewal makes a new token of the cookie, which all tabs share. */
  async #refresh(): Promise<string> {
    return navigator.locks.request('refresh', async () =>
      this.#keep(await send<Tokens>({ method: 'POST', path: '/v1/auth/refresh', body: {} })),
    );
  }

  #keep(tokens: Tokens): string {
    this.#access = { token: tokens.accessToken, until: Date.now() + tokens.expiresIn * 1_000 };
    return tokens.accessToken;
  }

  #end(): void {
    this.#access = undefined;
    if (this.#state.is === 'in') this.#become({ is: 'over', user: this.#state.user });
  }

  #become(state: SessionState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}

/** The session of this page. */
export const session = new Session();
