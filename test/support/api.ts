import assert from 'node:assert/strict';
import { AsyncLocalStorage } from 'node:async_hooks';
import { after, mock } from 'node:test';
import pg from 'pg';
import { type AppOptions, createApp } from '#bank/app.ts';
import type { AccountView } from '#features/accounts/schemas.ts';
import type { CustomerView } from '#features/customers/schemas.ts';
import type { TransactionView } from '#features/transactions/schemas.ts';
import type { Role } from '#lib/caller.ts';
import type { CustomerId } from '#lib/ids.ts';
import { login, newUser, sessionOf } from '#test/database/identity/users/staff.ts';
import { brokenLaws } from '#test/support/verified.ts';
import { newKey, openTestBank, type TestBank, type TestBankOptions } from './bank.ts';
import { committedResponseCheck } from './response-check.ts';
import { type Snapshot, Snapshots } from './snapshot.ts';

export const DAY_MS = 86_400_000;

/** What a server answered: JSON parsed, and held to be of the type asked for. */
export type Answer<Body = unknown> = {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly bytes: Buffer;
  readonly body: Body;
};

export type Problem = {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly requestId: string;
  readonly errors?: readonly { readonly path: string; readonly message: string }[];
};

export type Page<Item> = { readonly data: readonly Item[]; readonly nextCursor: string | null };

type HeaderFields = Readonly<Record<string, string>>;
type Send = (method: string, path: string, init: RequestInit) => Promise<Answer>;
type Fields = Readonly<Record<string, unknown>>;
type Owner = { readonly client: pg.Client; readonly snapshots: Snapshots };

const trial = new AsyncLocalStorage<true>();

/** Does work whose POSTs are tried out: a dry run each, without a key. */
export function triedOut<Body = Fields>(work: () => Promise<Answer<unknown>>): Promise<Answer<Body>> {
  return trial.run(true, work) as Promise<Answer<Body>>;
}

const otherBodies = new AsyncLocalStorage<(body: Fields) => Fields>();

/** Does work whose requests with a body are sent with another. */
export function withOtherBodies<Result>(
  change: (body: Fields) => Fields,
  work: () => Promise<Result>,
): Promise<Result> {
  return otherBodies.run(change, work);
}

/** The bearer token of the next request; none for nobody. */
export type TokenSource = () => Promise<string | undefined>;

/** The API of a test bank over real HTTP, as a manager sees it. Every answer is checked against the OpenAPI document on its way. */
export class TestApi {
  readonly bank: TestBank;
  readonly port: number;
  readonly #owner: Owner;
  readonly #exchange: Send;
  readonly #token: TokenSource;

  constructor(bank: TestBank, port: number, owner: Owner, exchange: Send, token: TokenSource) {
    this.bank = bank;
    this.port = port;
    this.#owner = owner;
    this.#exchange = exchange;
    this.#token = token;
  }

  /** The same API for another user, taken on now; a user of the role customer is that of a customer. */
  async as(role: Role, customerId?: CustomerId): Promise<TestApi> {
    return this.withToken(await tokensOf(this.bank, role, customerId));
  }

  /** The same API with other tokens. */
  withToken(token: TokenSource): TestApi {
    return new TestApi(this.bank, this.port, this.#owner, this.#exchange, token);
  }

  async #send(method: string, path: string, init: RequestInit): Promise<Answer> {
    const headers = new Headers(init.headers);
    const token = await this.#token();
    if (token !== undefined && !headers.has('authorization')) headers.set('authorization', `Bearer ${token}`);
    if (method !== 'POST' || trial.getStore() === undefined) {
      return this.#exchange(method, path, { ...init, headers });
    }
    headers.delete('idempotency-key');
    return this.#exchange(method, `${path}?dryRun=true`, { ...init, headers });
  }

  get<Body>(path: string): Promise<Answer<Body>> {
    return this.#send('GET', path, {}) as Promise<Answer<Body>>;
  }

  /** A POST; with a fresh Idempotency-Key where it promises money and none is given. */
  post<Body>(path: string, body: Fields, headers: HeaderFields = {}): Promise<Answer<Body>> {
    const key: HeaderFields = path === '/v1/standing-orders' ? { 'idempotency-key': newKey() } : {};
    return this.raw('POST', path, JSON.stringify(body), { ...key, ...headers });
  }

  /** A POST with an Idempotency-Key, a fresh one unless given. */
  pay<Body = TransactionView>(path: string, body: Fields, key = newKey()): Promise<Answer<Body>> {
    return this.post(path, body, { 'idempotency-key': key });
  }

  /** A PATCH with If-Match; without the header if it is undefined. */
  patch<Body>(path: string, body: Fields, etag: string | undefined): Promise<Answer<Body>> {
    const headers: HeaderFields = etag === undefined ? {} : { 'if-match': etag };
    return this.raw('PATCH', path, JSON.stringify(body), headers);
  }

  delete<Body>(path: string, body?: Fields): Promise<Answer<Body>> {
    if (body === undefined) return this.#send('DELETE', path, {}) as Promise<Answer<Body>>;
    return this.raw('DELETE', path, JSON.stringify(body));
  }

  /** Sends a body as it stands, as application/json. */
  raw<Body>(
    method: string,
    path: string,
    body: string | Uint8Array<ArrayBuffer>,
    headers: HeaderFields = {},
  ): Promise<Answer<Body>> {
    const change = otherBodies.getStore();
    const isChanged = change !== undefined && typeof body === 'string' && body !== '';
    const sent = isChanged ? JSON.stringify(change(JSON.parse(body) as Fields)) : body;
    const init = { body: sent, headers: { 'content-type': 'application/json', ...headers } };
    return this.#send(method, path, init) as Promise<Answer<Body>>;
  }

  /** A person with an e-mail of their own, or what the fields say. */
  async newCustomer(fields: Fields = {}): Promise<CustomerView> {
    return created(await this.post<CustomerView>('/v1/customers', person(fields)));
  }

  /** A current account in EUR of a new customer, with a cash deposit if a balance is given. */
  async newAccount({ balance, ...fields }: Fields & { balance?: string } = {}): Promise<AccountWithIban> {
    const customerId = fields.customerId ?? (await this.newCustomer()).id;
    const request = { product: 'current', currency: 'EUR', ...fields, customerId };
    const account = created(await this.post<AccountView>('/v1/accounts', request));
    if (balance !== undefined) await this.deposit(account, balance);
    return withIban(account);
  }

  async deposit(account: AccountView, amount: string, fields: Fields = {}): Promise<TransactionView> {
    return created(await this.pay('/v1/deposits', cash(account, amount, fields)));
  }

  async withdraw(account: AccountView, amount: string, fields: Fields = {}): Promise<TransactionView> {
    return created(await this.pay('/v1/withdrawals', cash(account, amount, fields)));
  }

  async transfer(from: AccountView, to: AccountView, amount: string, fields: Fields = {}) {
    return created(await this.pay('/v1/transfers', move(from, to, amount, fields)));
  }

  async postedBalance(account: { readonly id: string }): Promise<string> {
    return (await this.get<AccountView>(`/v1/accounts/${account.id}`)).body.balance.posted;
  }

  /** Every page of a list, one after the other. */
  async allPages<Item>(path: string, limit: number): Promise<Item[][]> {
    const pages: Item[][] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      assert.ok(pages.length < 1000, 'a list ends');
      const query: string = `${path.includes('?') ? '&' : '?'}limit=${limit}${cursor === '' ? '' : `&cursor=${cursor}`}`;
      const page: Page<Item> = created(await this.get<Page<Item>>(`${path}${query}`));
      pages.push([...page.data]);
      cursor = page.nextCursor;
    }
    return pages;
  }

  /** Runs work after which every table must have the very rows it had before. */
  async leavesNothing<Result>(work: () => Promise<Result>): Promise<Result> {
    const before = await this.snapshot();
    const result = await work();
    assert.deepEqual(await this.snapshot(), before, 'something was left behind');
    return result;
  }

  /** The number of rows of every table, and a hash over all that is in them. */
  async snapshot(): Promise<Snapshot> {
    // When a key was used is noted beside the request.
    await this.bank.apiKeys.drain();
    return this.#owner.snapshots.take();
  }

  /** Runs a statement as the owner of the database: for what the API does not offer. */
  async asOwner<Row extends pg.QueryResultRow>(statement: string): Promise<Row[]> {
    return (await this.#owner.client.query<Row>(statement)).rows;
  }

  /** Sets columns of the book that no call sets, noted as the bank notes its changes. */
  async editBook(change: string): Promise<void> {
    await this.asOwner(`update books set ${change}`);
    await this.asOwner(`insert into changed_rows (book_id, change_id, table_name, row_keys)
      values (1, gen_random_uuid(), 'books', '{book}')`);
  }

  /** Asserts that the books keep every law, and that whatever was changed was noted. */
  async assertVerified(): Promise<void> {
    assert.deepEqual(await brokenLaws(this.bank.databaseUrl), []);
  }
}

/** Serves a test bank on a free port. Call with `await` at the top level of a test file: its end closes both. */
export async function openApi(
  options: TestBankOptions = {},
  pages: Pick<AppOptions, 'console'> = {},
): Promise<TestApi> {
  const closers: (() => unknown)[] = [];
  // Hooks run in the order they were set: this one before the bank's own, which drops the database.
  after(async () => {
    for (const close of closers) await close();
  });
  const warn = mock.method(console, 'warn', () => undefined);
  const bank = await openTestBank(options);
  await bank.accessTokens.start();
  closers.push(() => bank.accessTokens.stop());
  // Others prove that every schema compiles: a file of tests uses a few.
  const app = await createApp(bank, false, { compiles: 'at first use', ...pages });
  closers.push(() => app.close());
  const origin = await app.listen({ host: '127.0.0.1', port: 0 });
  const client = new pg.Client({ connectionString: bank.databaseUrl });
  await client.connect();
  closers.push(() => client.end());
  closers.push(() =>
    assert.deepEqual(
      warn.mock.calls.flatMap((call) => call.arguments),
      [],
      'warnings',
    ),
  );
  const check = committedResponseCheck();
  const exchange: Send = async (method, path, init) => {
    const response = await fetch(`${origin}${path}`, { ...init, method });
    const bytes = Buffer.from(await response.arrayBuffer());
    const text = bytes.toString('utf8');
    const { status, headers } = response;
    check(method, path, { status, text, headers, isBroken: options.through !== undefined });
    assert.match(headers.get('request-id') ?? '', /^req_[0-9a-f]{32}$/);
    const isJson = /\bjson\b/.test(headers.get('content-type') ?? '');
    const body = isJson && text !== '' ? (JSON.parse(text) as unknown) : undefined;
    return { status, headers, text, bytes, body };
  };
  const token = await tokensOf(bank, 'manager');
  return new TestApi(
    bank,
    Number(new URL(origin).port),
    { client, snapshots: new Snapshots(client) },
    exchange,
    token,
  );
}

/** Below the ten minutes that a token lives. */
const TOKEN_USE_MS = 5 * 60_000;

/** The tokens of a new user with one session, each good at what the bank's clock says by then. */
async function tokensOf(bank: TestBank, role: Role, customerId?: CustomerId): Promise<TokenSource> {
  const user = await newUser(bank, { role, ...(customerId === undefined ? {} : { customerId }) });
  const session = sessionOf(await login(bank, user));
  let issuedAtMs = Number.NaN;
  let token: Promise<string> | undefined;
  return () => {
    const nowMs = bank.clock.nowMs();
    if (token === undefined || !(Math.abs(nowMs - issuedAtMs) < TOKEN_USE_MS)) {
      issuedAtMs = nowMs;
      token = bank.accessTokens.issue({ ...session, role, customerId }).then((issued) => issued.token);
    }
    return token;
  };
}

/** The body of a 200 or 201; fails with what was answered instead. */
export function created<Body>({ status, body, text }: Answer<Body>): Body {
  assert.ok(status === 201 || status === 200, `${status} ${text}`);
  return body;
}

/** The problem of a refusal with this status and code. */
export function refused(answer: Answer, status: number, code: string): Problem {
  assert.equal(answer.status, status, answer.text);
  const problem = answer.body as Problem;
  assert.equal(problem.code, code, answer.text);
  assert.equal(problem.status, status);
  assert.equal(problem.requestId, answer.headers.get('request-id'));
  return problem;
}

/** The paths of the fields that a 400 `validation_failed` (or the code given) names. */
export function badFields(answer: Answer, code = 'validation_failed'): string[] {
  return (refused(answer, 400, code).errors ?? []).map(({ path }) => path);
}

/** The body of a person, whose e-mail is nobody else's. */
export function person(fields: Fields = {}): Fields {
  return {
    type: 'person',
    givenName: 'Ada',
    familyName: 'Lovelace',
    dateOfBirth: '1990-12-10',
    email: `ada.${newKey()}@example.com`,
    phone: '+4930901820',
    address: { line1: 'Lindenstr. 1', city: 'Berlin', postalCode: '10969', country: 'DE' },
    ...fields,
  };
}

/** The body of an organisation with a registration number of its own. */
export function organisation(fields: Fields = {}): Fields {
  const { givenName: _, familyName: __, dateOfBirth: ___, ...rest } = person();
  return {
    ...rest,
    type: 'organisation',
    legalName: 'Analytical Engines GmbH',
    registrationNumber: `HRB ${newKey()}`,
    ...fields,
  };
}

/** The body of a deposit or withdrawal in cash. */
/** An account of a bank in a country with IBANs. */
export type AccountWithIban = AccountView & { readonly iban: string };

export function withIban(account: AccountView): AccountWithIban {
  const { iban } = account;
  assert.ok(iban !== null);
  return { ...account, iban };
}

export function cash(account: AccountView, amount: unknown, fields: Fields = {}): Fields {
  return { accountId: account.id, amount, currency: account.currency, mode: 'cash', ...fields };
}

/** The body of a transfer. */
export function move(from: AccountView, to: AccountView, amount: unknown, fields: Fields = {}): Fields {
  return { fromAccountId: from.id, toAccountId: to.id, amount, currency: from.currency, ...fields };
}
