import { type AccountId, type CustomerId, toTypeId } from '#lib/ids.ts';

/**
 * Bench accounts are numbered from 1, and their ids follow from the number: the load generator needs no list.
 * They ascend with the number, as UUIDv7 of accounts opened one after the other do.
 */
const ACCOUNT_PREFIX = '01900000-0000-7000-8000-';
const CUSTOMER_PREFIX = '01900000-0000-7001-8000-';

/** The n-th account's id as the API shows it: `acc_…`, always 30 characters. */
export function accountTypeId(n: number): string {
  return toTypeId('account', accountId(n));
}

export function accountId(n: number): AccountId {
  const id = ACCOUNT_PREFIX + n.toString(16).padStart(12, '0');
  if (!isAccountId(id)) throw new RangeError(`there is no bench account ${n}`);
  return id;
}

/** Customers are numbered as their accounts are. */
export function customerId(n: number): CustomerId {
  const id = CUSTOMER_PREFIX + n.toString(16).padStart(12, '0');
  if (!isCustomerId(id)) throw new RangeError(`there is no bench customer ${n}`);
  return id;
}

function isCustomerId(id: string): id is CustomerId {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id);
}

function isAccountId(id: string): id is AccountId {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id);
}

/** The same in SQL, of an expression for the number. */
export function accountUuidSql(n: string): string {
  return `('${ACCOUNT_PREFIX}' || lpad(to_hex(${n}), 12, '0'))::uuid`;
}

/** The same of a customer. */
export function customerUuidSql(n: string): string {
  return `('${CUSTOMER_PREFIX}' || lpad(to_hex(${n}), 12, '0'))::uuid`;
}
