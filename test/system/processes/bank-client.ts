import assert from 'node:assert/strict';

/** Above the deadline of every request, with what a busy machine adds: who waits longer was left hanging. */
const HANGING_MS = 15_000;

/** An answer as it came. */
export type Answer = {
  readonly status: number;
  readonly contentType: string | null;
  readonly replayed: boolean;
  readonly body: unknown;
};

const tokens = new Map<string, string>();

/** From now on requests to a server carry this bearer token. */
export function useToken(url: string, token: string): void {
  tokens.set(new URL(url).origin, token);
}

/** The bearer token that requests to a server carry. */
export function tokenOf(url: string): string {
  return tokens.get(new URL(url).origin) ?? '';
}

/** Sends a request; rejects when the connection breaks before the answer is there. */
export async function send(
  url: string,
  body?: unknown,
  idempotencyKey?: string,
  method = body === undefined ? 'GET' : 'POST',
): Promise<Answer> {
  const headers: Record<string, string> = { authorization: `Bearer ${tokenOf(url)}` };
  if (body !== undefined) headers['content-type'] = 'application/json';
  if (idempotencyKey !== undefined) headers['idempotency-key'] = idempotencyKey;
  const response = await fetch(url, {
    method,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(HANGING_MS),
  });
  return {
    status: response.status,
    contentType: response.headers.get('content-type'),
    replayed: response.headers.get('idempotent-replayed') === 'true',
    body: response.status === 204 ? undefined : await response.json(),
  };
}

/** A field of an answer's body that must be text. */
export function textOf(body: unknown, field: string): string {
  assert.ok(typeof body === 'object' && body !== null, `${String(body)} is no object`);
  const value: unknown = Reflect.get(body, field);
  assert.ok(typeof value === 'string', `${field} of ${JSON.stringify(body)} is no text`);
  return value;
}

/** Everything a list has, page by page. */
export async function listAll(url: string): Promise<unknown[]> {
  const rows: unknown[] = [];
  for (let cursor: string | undefined; ; ) {
    const page = await send(`${url}?limit=100${cursor === undefined ? '' : `&cursor=${cursor}`}`);
    assert.equal(page.status, 200);
    assert.ok(typeof page.body === 'object' && page.body !== null);
    const data: unknown = Reflect.get(page.body, 'data');
    assert.ok(Array.isArray(data));
    rows.push(...(data as unknown[]));
    const next: unknown = Reflect.get(page.body, 'nextCursor');
    if (typeof next !== 'string') return rows;
    cursor = next;
  }
}

/** A new customer's id. */
export async function createCustomer(url: string): Promise<string> {
  const { status, body } = await send(`${url}/v1/customers`, {
    type: 'person',
    givenName: 'Ada',
    familyName: 'Lovelace',
    dateOfBirth: '1990-12-10',
    email: 'ada@example.com',
    phone: '+493012345678',
    address: { line1: 'Unter den Linden 1', city: 'Berlin', postalCode: '10117', country: 'DE' },
  });
  assert.equal(status, 201, JSON.stringify(body));
  return textOf(body, 'id');
}

/** The id of a new account in EUR that cannot run out of money. */
export async function openAccount(url: string, customerId: string): Promise<string> {
  const { status, body } = await send(`${url}/v1/accounts`, {
    customerId,
    product: 'current',
    currency: 'EUR',
    overdraftLimit: '100000000.00',
  });
  assert.equal(status, 201, JSON.stringify(body));
  return textOf(body, 'id');
}

/** Asks for a deposit in EUR. */
export function deposit(url: string, accountId: string, amount: string, key: string): Promise<Answer> {
  const body = { accountId, amount, currency: 'EUR', mode: 'cash', reference: key };
  return send(`${url}/v1/deposits`, body, key);
}
