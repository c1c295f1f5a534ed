const PERSON = {
  type: 'person',
  givenName: 'Ada',
  familyName: 'Lovelace',
  dateOfBirth: '1990-12-10',
  email: 'ada@example.com',
  phone: '+493012345678',
  address: { line1: 'Unter den Linden 1', city: 'Berlin', postalCode: '10117', country: 'DE' },
};

/** Opens empty accounts in EUR, all of one new customer; their ids. */
export async function openAccounts(url: string, token: string, count: number): Promise<string[]> {
  const customerId = await create(`${url}/v1/customers`, token, PERSON);
  const accounts: string[] = [];
  while (accounts.length < count) {
    const account = { customerId, product: 'current', currency: 'EUR' };
    accounts.push(await create(`${url}/v1/accounts`, token, account));
  }
  return accounts;
}

/** The posted balance of an account as the API tells it, in major units. */
export async function readBalance(url: string, token: string, accountId: string): Promise<string> {
  const headers = { authorization: `Bearer ${token}` };
  const answer = await fetch(`${url}/v1/accounts/${accountId}`, { headers });
  const body: unknown = await answer.json();
  return textOf(fieldOf(body, 'balance'), 'posted');
}

async function create(url: string, token: string, body: object): Promise<string> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  return textOf(await answer.json(), 'id');
}

function fieldOf(body: unknown, field: string): unknown {
  return typeof body === 'object' && body !== null ? Reflect.get(body, field) : undefined;
}

function textOf(body: unknown, field: string): string {
  const value = fieldOf(body, field);
  if (typeof value !== 'string') throw new TypeError(`${field} of ${JSON.stringify(body)} is not text`);
  return value;
}
