import { ACCOUNTING } from './areas/accounting.ts';
import { ACCOUNTS } from './areas/accounts.ts';
import { BANK } from './areas/bank.ts';
import { CUSTOMERS } from './areas/customers.ts';
import { LOANS } from './areas/loans.ts';
import { PAYMENTS } from './areas/payments.ts';
import { PEOPLE } from './areas/people.ts';
import { PRODUCTS } from './areas/products.ts';
import type { Resource } from './resource.ts';

/** All that the bank has, in the order of the menu. */
export const RESOURCES: readonly Resource[] = [
  ...CUSTOMERS,
  ...ACCOUNTS,
  ...PAYMENTS,
  ...PRODUCTS,
  ...LOANS,
  ...ACCOUNTING,
  ...BANK,
  ...PEOPLE,
];

const BY_NAME: ReadonlyMap<string, Resource> = new Map(
  RESOURCES.map((resource) => [resource.name, resource]),
);

export function resourceNamed(name: string): Resource | undefined {
  return BY_NAME.get(name);
}

/** The resource of an id by how it begins: where it is linked to. Those that need a parent's id are not here. */
export const RESOURCE_OF_ID: Readonly<Record<string, string>> = {
  acc: 'accounts',
  att: 'attachments',
  bat: 'batches',
  cst: 'capture-settlements',
  cus: 'customers',
  dep: 'time-deposits',
  hold: 'holds',
  inp: 'incoming-payments',
  je: 'journal-entries',
  key: 'api-keys',
  lnp: 'loan-products',
  loan: 'loans',
  so: 'standing-orders',
  sub: 'submissions',
  txn: 'transactions',
  usr: 'users',
};

/** The operations that a resource has screens for. */
export function operationsOf({ list, record, starts, rowActs, acts }: Resource): string[] {
  const named = [...(starts ?? []), ...(rowActs ?? []), ...(acts ?? [])].map(({ operation }) => operation);
  return [list, record, ...named].filter((operation) => operation !== undefined);
}
