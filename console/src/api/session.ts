import { Florin, type LoginRequest, type OwnUser } from '#sdk/index.ts';
import { endAllAttempts } from './attempt.ts';

/** `out`: nobody. `in`: a user. `over`: the session ended; the page stays, and waits for its user to come back. */
export type SessionState =
  | { readonly is: 'starting' }
  | { readonly is: 'out' }
  | { readonly is: 'in' | 'over'; readonly user: OwnUser };

/** After that the user is told that no answer came, and decides: all repeats have the same key. */
const MAX_RETRIES = 2;

/**
 * Who is at the console. The access token is in memory alone, the refresh token in a cookie that no script reads. A page
 * has one session; everything it asks goes through `bank`, which renews the token. A session that has ended says `over`
 * without leaving the page.
 */
class UserSession {
  readonly bank: Florin = new Florin({
    baseUrl: '',
    refreshCookie: true,
    maxRetries: MAX_RETRIES,
    onSessionEnd: () => this.#end(),
  });
  #state: SessionState = { is: 'starting' };
  readonly #listeners = new Set<() => void>();
  /** Who has logged in, from tab to tab: all have one cookie. */
  readonly #tabs = new BroadcastChannel('session');

  constructor() {
    this.#tabs.addEventListener('message', ({ data }: MessageEvent<unknown>) => this.#hear(data));
  }

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
      this.#become({ is: 'in', user: await this.bank.auth.me() });
    } catch {
      this.#become({ is: 'out' });
    }
  }

  /** Throws FlorinProblem, such as `invalid_credentials` or `otp_required`. */
  async logIn(credentials: LoginRequest): Promise<void> {
    const before = this.#state;
    await this.bank.login(credentials);
    const user = await this.bank.auth.me();
    if (before.is === 'over' && before.user.id !== user.id) endAllAttempts();
    this.#tabs.postMessage(user.id);
    this.#become({ is: 'in', user });
  }

  /** What the user may do has changed, or who they are: asks again. */
  async renew(): Promise<void> {
    await this.bank.renew();
    this.#become({ is: 'in', user: await this.bank.auth.me() });
  }

  logOut(): void {
    endAllAttempts();
    this.#become({ is: 'out' });
    void this.bank.logout().catch(() => undefined);
  }

  /** Somebody else has taken over this browser: nothing here goes on in their name. */
  #hear(userId: unknown): void {
    if (!('user' in this.#state) || this.#state.user.id === userId) return;
    endAllAttempts();
    this.#become({ is: 'out' });
  }

  #end(): void {
    if (this.#state.is === 'in') this.#become({ is: 'over', user: this.#state.user });
  }

  #become(state: SessionState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}

/** The session of this page. */
export const session = new UserSession();
/** The bank, asked as the user of this page. */
export const { bank } = session;
