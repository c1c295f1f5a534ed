import type { Services } from '#bank/services.ts';
import { assert } from '#lib/assert.ts';
import type { AccountId, CustomerId } from '#lib/ids.ts';
import { ACCOUNTS, type DemoAccount } from './accounts.ts';
import { CUSTOMERS } from './customers.ts';
import { type DemoIds, FIRST_ID_MS, namedUuid } from './demo-ids.ts';

/** The actor of the demo. */
export const DEMO_CALLER = { actor: 'demo', role: 'operator' } as const;

/** The demo's accounts by their keys. */
export type AccountIds = ReadonlyMap<string, AccountId>;

/** The id of an account that the demo has opened. */
export function accountIdOf(accountIds: AccountIds, key: string): AccountId {
  const id = accountIds.get(key);
  assert(id !== undefined, `the demo has no account ${key}`);
  return id;
}

/** Takes on the demo's customers and opens their accounts, one after the other: numbers are given in order. */
export async function openAccounts(services: Services, ids: DemoIds): Promise<AccountIds> {
  for (const { key, identity, details } of CUSTOMERS) {
    await ids.giving(customerIdOf(key), () => services.customers.create(DEMO_CALLER, identity, details));
  }
  const accountIds = new Map<string, AccountId>();
  for (const [index, demo] of ACCOUNTS.entries()) {
    const id = namedUuid(`account ${demo.key}`, FIRST_ID_MS + index, 0);
    accountIds.set(demo.key, await ids.giving(id, () => openAccount(services, demo)));
  }
  return accountIds;
}

/** The id of a customer of the demo, decided before they join. */
export function customerIdOf(key: string): CustomerId {
  const index = CUSTOMERS.findIndex((customer) => customer.key === key);
  assert(index >= 0, `the demo has no customer ${key}`);
  return namedUuid(`customer ${key}`, FIRST_ID_MS + index, 0) as CustomerId;
}

async function openAccount(
  { accounts }: Services,
  { customer, product, currency, overdraftMinor, others }: DemoAccount,
): Promise<AccountId> {
  const customerId = customerIdOf(customer);
  const request = { customerId, product, currency, overdraftLimitMinor: overdraftMinor };
  const { id } = await accounts.open(DEMO_CALLER, request);
  for (const other of others) {
    const holder = { customerId: customerIdOf(other.customer), role: other.role };
    await accounts.addHolder(DEMO_CALLER, id, holder);
  }
  return id;
}
