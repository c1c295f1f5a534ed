import { sendRepeatedly } from './attempts.ts';
import { OPERATIONS, type Resources } from './generated/operations.ts';
import type { LoginRequest, LoginTokens, Tokens } from './generated/types.ts';
import { List, type Page } from './pages.ts';
import { FlorinProblem } from './problem.ts';
import { apiKey, type Credentials, Session, type SessionOptions } from './session.ts';

export type FlorinOptions = SessionOptions & {
  /** Where the bank answers: `https://bank.example`. */
  readonly baseUrl: string;
  /** An API key; without one, log in. */
  readonly apiKey?: string;
  /** Repeats of a call that got no answer, or was told to wait: 3 unless given. */
  readonly maxRetries?: number;
  /** How long one attempt may take: 30,000 unless given. */
  readonly timeoutMs?: number;
  /** In place of the global one. */
  readonly fetch?: typeof fetch;
};

/** Of one call. */
export type CallOptions = {
  /** Of a POST: the key that makes it safe to repeat. One is made for each call unless it is given. */
  readonly idempotencyKey?: string;
  /** Of a PATCH: the ETag of what was read (etagOf). */
  readonly ifMatch?: string;
  /** Of a call that takes a body and a query too. */
  readonly query?: Readonly<Record<string, unknown>>;
  readonly signal?: AbortSignal;
};

/** How a call is made: its method, its path, what it takes after the ids in the path, and whether without a token. */
export type Entry = readonly [method: string, path: string, takes: Takes, open?: 'open'];
type Takes = 'body' | 'list' | 'nothing' | 'query';
type Table = Readonly<Record<string, Readonly<Record<string, Entry>>>>;

type Request = CallOptions & { readonly name: string; readonly body?: unknown; readonly dryRun?: true };

const { login: LOGIN, refresh: REFRESH, logout: LOGOUT } = OPERATIONS.auth;

/** ETags of answers: not a part of them, and gone with them. */
const etags = new WeakMap<object, string>();

/** The ETag of an answer, for the `ifMatch` of a change to what was read. */
export function etagOf(answer: object): string | undefined {
  return etags.get(answer);
}

/** A bank. Every operation of its API is a method of a resource: `florin.transfers.create({ … })`. */
export class FlorinClient {
  readonly #options: FlorinOptions;
  readonly #session: Session;
  readonly #credentials: Credentials;

  constructor(options: FlorinOptions) {
    this.#options = options;
    const login = (body: LoginRequest) => this.#call<LoginTokens>(LOGIN, [], { name: 'auth.login', body });
    const refresh = (refreshToken?: string) =>
      this.#call<Tokens>(REFRESH, [], { name: 'auth.refresh', body: { refreshToken } });
    this.#session = new Session({ ...options, login, refresh });
    this.#credentials = options.apiKey === undefined ? this.#session : apiKey(options.apiKey);
    for (const [resource, calls] of Object.entries(OPERATIONS as Table)) {
      const methods = Object.entries(calls).map(([verb, entry]) => [
        verb,
        (...args: readonly unknown[]) => this.#invoke(`${resource}.${verb}`, entry, args),
      ]);
      Object.defineProperty(this, resource, { value: Object.fromEntries(methods), enumerable: true });
    }
  }

  /** Logs in; from then on calls are made as this user. Keep the `deviceToken` for the next login. */
  login(request: LoginRequest): Promise<LoginTokens> {
    return this.#session.login(request);
  }

  /** Renews the tokens now: after a password was changed or a second factor enrolled they are good for more. */
  renew(): Promise<Tokens> {
    return this.#session.renewed();
  }

  /** Ends the session at the bank, and forgets it here. */
  async logout(): Promise<void> {
    await this.#call(LOGOUT, [], { name: 'auth.logout' }).finally(() => this.#session.forget());
  }

  #invoke(name: string, entry: Entry, args: readonly unknown[]): unknown {
    const [, path, takes] = entry;
    const count = path.split('{').length - 1;
    const [ids, rest] = [args.slice(0, count), args.slice(count)];
    if (ids.length < count || ids.some((id) => typeof id !== 'string' || id === '')) {
      throw new TypeError(`${name} takes ${count} ids first`);
    }
    const input = takes === 'nothing' ? undefined : rest[0];
    const options = (rest[takes === 'nothing' ? 0 : 1] ?? {}) as CallOptions;
    if (takes === 'body') return this.#call(entry, ids, { ...options, name, body: input ?? {} });
    const query = { ...options.query, ...(input as CallOptions['query']) };
    if (takes !== 'list') return this.#call(entry, ids, { ...options, name, query });
    return new List((cursor) =>
      this.#call<Page<unknown>>(entry, ids, {
        ...options,
        name,
        query: cursor === undefined ? query : { ...query, cursor },
      }),
    );
  }

  async #call<Answer>(
    [method, path, , open]: Entry,
    ids: readonly unknown[],
    request: Request,
  ): Promise<Answer> {
    const { name, signal } = request;
    const url = urlOf(this.#options.baseUrl, path, ids, { ...request.query, dryRun: request.dryRun });
    const idempotencyKey = method === 'POST' ? (request.idempotencyKey ?? crypto.randomUUID()) : undefined;
    const { maxRetries = 3, timeoutMs = 30_000, fetch: send = fetch } = this.#options;
    const attempts = { operation: name, method, idempotencyKey, maxRetries, timeoutMs, signal };
    const attempt = (token: string | undefined) =>
      sendRepeatedly(
        (until) => send(url, { method, signal: until, ...initOf(request, idempotencyKey, token) }),
        attempts,
      );
    const token = open === 'open' ? undefined : await this.#credentials.current();
    try {
      return await readAnswer<Answer>(await attempt(token));
    } catch (error) {
      const isRefused = error instanceof FlorinProblem && error.status === 401;
      const renewed = isRefused && token !== undefined ? await this.#credentials.renew(token) : undefined;
      if (renewed === undefined) throw error;
      return readAnswer<Answer>(await attempt(renewed));
    }
  }
}

function initOf({ ifMatch, body }: Request, key: string | undefined, token: string | undefined): RequestInit {
  const headers = new Headers({ accept: 'application/json' });
  if (body !== undefined) headers.set('content-type', 'application/json');
  if (token !== undefined) headers.set('authorization', `Bearer ${token}`);
  if (key !== undefined) headers.set('idempotency-key', key);
  if (ifMatch !== undefined) headers.set('if-match', ifMatch);
  return body === undefined ? { headers } : { headers, body: JSON.stringify(body) };
}

function urlOf(base: string, path: string, ids: readonly unknown[], query: object = {}): string {
  const left = [...ids];
  const named = path.replaceAll(/\{[^}]+\}/g, () => encodeURIComponent(String(left.shift())));
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    // An object is given pair by pair: `metadata[branch]=north`.
    const pairs = Object(value) === value ? Object.entries<unknown>(value) : [];
    for (const [key, one] of pairs) search.set(`${name}[${key}]`, String(one));
    if (pairs.length === 0 && value !== undefined) search.set(name, String(value));
  }
  return `${base.replace(/\/+$/, '')}${named}${search.size === 0 ? '' : `?${search}`}`;
}

/** JSON as what it says; a file as its bytes. */
async function readAnswer<Answer>(answer: Response): Promise<Answer> {
  if (answer.status === 204) return undefined as Answer;
  const type = answer.headers.get('content-type') ?? '';
  if (!type.startsWith('application/json')) return (await answer.blob()) as Answer;
  const value: unknown = await answer.json();
  const etag = answer.headers.get('etag');
  if (etag !== null && typeof value === 'object' && value !== null) etags.set(value, etag);
  return value as Answer;
}

/** The resources of the API by their names, beside `login` and `logout`. */
export type Florin = FlorinClient & Resources;
export const Florin = FlorinClient as unknown as new (options: FlorinOptions) => Florin;
