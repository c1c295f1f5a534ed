import type { LoginRequest, LoginTokens, Tokens } from './generated/types.ts';
import { FlorinProblem } from './problem.ts';

/** What a call is authorised with: `current` is asked before each call, `renew` where that was refused. */
export type Credentials = {
  readonly current: () => Promise<string>;
  /** Undefined where nothing better is to be had. */
  readonly renew: (refused: string) => Promise<string | undefined>;
};

/** The two calls of a session that need no token. */
export type SessionCalls = {
  readonly login: (request: LoginRequest) => Promise<LoginTokens>;
  /** Undefined: the browser sends it as a cookie. */
  readonly refresh: (refreshToken: string | undefined) => Promise<Tokens>;
};

export const apiKey = (key: string): Credentials => ({
  current: () => Promise.resolve(key),
  renew: () => Promise.resolve(undefined),
});

/** Before its end, so that a token does not expire on its way. */
const RENEWED_BEFORE_MS = 30_000;

/** A login: the access token is renewed before it expires, once for all calls that wait for it. */
export class Session implements Credentials {
  readonly #calls: SessionCalls;
  #tokens: Tokens | undefined;
  #expiresAtMs = 0;
  #renewal: Promise<string> | undefined;

  constructor(calls: SessionCalls) {
    this.#calls = calls;
  }

  async login(request: LoginRequest): Promise<LoginTokens> {
    const tokens = await this.#calls.login(request);
    this.#keep(tokens);
    return tokens;
  }

  readonly current = async (): Promise<string> => {
    const tokens = this.#tokens;
    if (tokens === undefined) throw new TypeError('log in first: florin.login({ email, password })');
    return Date.now() < this.#expiresAtMs ? tokens.accessToken : this.#renewOnce();
  };

  readonly renew = async (refused: string): Promise<string | undefined> => {
    if (this.#tokens === undefined) return undefined;
    // Another call has renewed it in the meantime.
    if (this.#tokens.accessToken !== refused) return this.#tokens.accessToken;
    try {
      return await this.#renewOnce();
    } catch (error) {
      if (error instanceof FlorinProblem && error.status === 401) return undefined;
      throw error;
    }
  };

  forget(): void {
    this.#tokens = undefined;
  }

  #renewOnce(): Promise<string> {
    this.#renewal ??= this.#renew().finally(() => {
      this.#renewal = undefined;
    });
    return this.#renewal;
  }

  async #renew(): Promise<string> {
    this.#keep(await this.#calls.refresh(this.#tokens?.refreshToken ?? undefined));
    return this.current();
  }

  #keep(tokens: Tokens): void {
    this.#tokens = tokens;
    this.#expiresAtMs = Date.now() + Math.max(1_000, tokens.expiresIn * 1000 - RENEWED_BEFORE_MS);
  }
}
