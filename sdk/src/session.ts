import type { LoginRequest, LoginTokens, Tokens } from './generated/types.ts';
import { FlorinProblem } from './problem.ts';

/** What a call is authorised with: `current` is asked before each call, `renew` where that was refused. */
export type Credentials = {
  readonly current: () => Promise<string>;
  /** Undefined where nothing better is to be had. */
  readonly renew: (refused: string) => Promise<string | undefined>;
};

export type SessionOptions = {
  /** Of a page: the refresh token is a cookie that no script reads. Tabs share it, and it outlives the page. */
  readonly refreshCookie?: boolean;
  /** Called when the bank has ended the session. */
  readonly onSessionEnd?: () => void;
};

/** Its options, and the two calls that need no token. */
export type SessionSetup = SessionOptions & {
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
  readonly #setup: SessionSetup;
  #tokens: Tokens | undefined;
  #expiresAtMs = 0;
  #renewal: Promise<Tokens> | undefined;

  constructor(setup: SessionSetup) {
    this.#setup = setup;
  }

  async login(request: LoginRequest): Promise<LoginTokens> {
    const { refreshCookie = false } = this.#setup;
    return this.#keep(await this.#setup.login({ refreshCookie, ...request }));
  }

  readonly current = async (): Promise<string> => {
    const valid = Date.now() < this.#expiresAtMs ? this.#tokens : undefined;
    return (valid ?? (await this.renewed())).accessToken;
  };

  readonly renew = async (refused: string): Promise<string | undefined> => {
    // Another call may have renewed it in the meantime.
    const isRefused = this.#tokens?.accessToken === refused;
    return (isRefused ? await this.renewed() : this.#tokens)?.accessToken;
  };

  forget(): void {
    this.#tokens = undefined;
  }

  async renewed(): Promise<Tokens> {
    const isPage = this.#setup.refreshCookie === true;
    if (this.#tokens === undefined && !isPage)
      throw new TypeError('log in first: florin.login({ email, password })');
    // The tabs of a browser one after the other: each renewal spends the cookie, and brings the next.
    const renew = () => (isPage ? navigator.locks.request('florin', this.#renewNow) : this.#renewNow());
    this.#renewal ??= renew().finally(() => {
      this.#renewal = undefined;
    });
    return this.#renewal;
  }

  readonly #renewNow = async (): Promise<Tokens> => {
    try {
      return this.#keep(await this.#setup.refresh(this.#tokens?.refreshToken ?? undefined));
    } catch (error) {
      if (error instanceof FlorinProblem && error.status === 401) this.#setup.onSessionEnd?.();
      throw error;
    }
  };

  #keep<Given extends Tokens>(tokens: Given): Given {
    this.#tokens = tokens;
    this.#expiresAtMs = Date.now() + Math.max(1_000, tokens.expiresIn * 1000 - RENEWED_BEFORE_MS);
    return tokens;
  }
}
