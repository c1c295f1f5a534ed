import { assert } from '#lib/assert.ts';
import { type Currency, parseCurrency } from '#lib/money/currencies.ts';
import { HOLDERS, MORE_ACCOUNTS, ORGANISATIONS, PEOPLE } from './data.ts';

/** An account of the demo. Amounts in minor units of its currency. */
export type DemoAccount = {
  /** The customer's key for their current account, with a suffix for any other: `anna.sommer:savings`. */
  readonly key: string;
  readonly customer: string;
  readonly product: 'current' | 'savings' | 'business';
  readonly currency: Currency;
  readonly overdraftMinor: bigint;
  /** The opening balance, paid in on the first day. */
  readonly openingMinor: bigint;
  readonly others: readonly { readonly customer: string; readonly role: 'joint' | 'authorised' }[];
};

const EUR = currency('EUR');

/** The demo's accounts, in the order in which they are opened and numbered. */
export const ACCOUNTS: readonly DemoAccount[] = [
  ...ofPeople(),
  ...ofOrganisations(),
  ...MORE_ACCOUNTS.map(extra),
];

const BY_KEY = new Map(ACCOUNTS.map((account) => [account.key, account]));

/** The account with a key. */
export function demoAccount(key: string): DemoAccount {
  const account = BY_KEY.get(key);
  assert(account !== undefined, `the demo has no account ${key}`);
  return account;
}

function ofPeople(): DemoAccount[] {
  return PEOPLE.flatMap((person, index) => {
    const { key, netMinor, savingMinor, overdraftMinor } = person;
    // Some have more reserves than others: from 0.8 to 2 months' pay, and 12 to 40 times their monthly savings.
    const openingMinor = (netMinor * BigInt(8 + ((index * 5) % 13))) / 10n;
    const savingsMinor = savingMinor * BigInt(12 + ((index * 11) % 29));
    const current = account(key, undefined, 'current', EUR, openingMinor, overdraftMinor);
    return savingMinor === 0n ? [current] : [current, account(key, 'savings', 'savings', EUR, savingsMinor)];
  });
}

function ofOrganisations(): DemoAccount[] {
  return ORGANISATIONS.map(({ key, reserveMinor, overdraftMinor }) =>
    account(key, undefined, 'current', EUR, reserveMinor, overdraftMinor),
  );
}

function extra({
  customer,
  suffix,
  currency: code,
  openingMinor,
  product: given,
  overdraftMinor = 0,
}: (typeof MORE_ACCOUNTS)[number]): DemoAccount {
  const product = given === 'business' ? given : suffix.endsWith('savings') ? 'savings' : 'current';
  return account(customer, suffix, product, currency(code), BigInt(openingMinor), BigInt(overdraftMinor));
}

function account(
  customer: string,
  suffix: string | undefined,
  product: DemoAccount['product'],
  currency: Currency,
  openingMinor: bigint,
  overdraftMinor = 0n,
): DemoAccount {
  const key = suffix === undefined ? customer : `${customer}:${suffix}`;
  const others = HOLDERS.flatMap(({ account, ...holder }) => (account === key ? [holder] : []));
  return { key, customer, product, currency, overdraftMinor, openingMinor, others };
}

function currency(code: string): Currency {
  const currency = parseCurrency(code);
  assert(currency !== undefined, `${code} is a currency`);
  return currency;
}
