import { assert } from '#lib/assert.ts';
import { type Currency, parseCurrency } from '#lib/money/currencies.ts';
import { ORGANISATIONS } from './organisations.ts';
import { PEOPLE } from './people.ts';

/** An account of the demo. Amounts in minor units of its currency. */
export type DemoAccount = {
  /** The customer's key for their current account, with a suffix for any other: `anna.sommer:savings`. */
  readonly key: string;
  readonly customer: string;
  readonly product: 'current' | 'savings';
  readonly currency: Currency;
  readonly overdraftMinor: bigint;
  /** What it begins with, paid in on the first day. */
  readonly openingMinor: bigint;
  readonly others: readonly { readonly customer: string; readonly role: 'joint' | 'authorised' }[];
};

type Holders = DemoAccount['others'];

const EUR = currency('EUR');

/** Who may use which account beside its owner. */
const HOLDERS: Readonly<Record<string, Holders>> = {
  backhaus: [
    { customer: 'anna.sommer', role: 'authorised' },
    { customer: 'jonas.sommer', role: 'authorised' },
  ],
  havelbit: [{ customer: 'clara.weiss', role: 'authorised' }],
  linden: [
    { customer: 'hannah.fischer', role: 'authorised' },
    { customer: 'katrin.bauer', role: 'authorised' },
  ],
  spreebogen: [{ customer: 'birgit.lang', role: 'authorised' }],
  morgenrot: [{ customer: 'greta.vogel', role: 'authorised' }],
  kette: [{ customer: 'henrik.bauer', role: 'authorised' }],
  'helga.brandt': [{ customer: 'julia.brandt', role: 'authorised' }],
  'stefan.keller:savings': [{ customer: 'monika.keller', role: 'joint' }],
};

/** Accounts that do not follow from the tables of people and organisations: owner, suffix, opening balance. */
const MORE: readonly DemoAccount[] = [
  extra('anna.sommer', 'household', 'EUR', 310_000n, [{ customer: 'jonas.sommer', role: 'joint' }]),
  extra('clara.weiss', 'household', 'EUR', 420_000n, [{ customer: 'daniel.okafor', role: 'joint' }]),
  extra('henrik.bauer', 'household', 'EUR', 290_000n, [{ customer: 'katrin.bauer', role: 'joint' }]),
  extra('hannah.fischer', 'household', 'EUR', 360_000n, [{ customer: 'david.fischer', role: 'joint' }]),
  extra('spreebogen', 'savings', 'EUR', 42_000_000n),
  extra('havelbit', 'usd', 'USD', 1_840_000n, [{ customer: 'clara.weiss', role: 'authorised' }]),
  extra('emily.carter', 'usd', 'USD', 325_000n),
  extra('emily.carter', 'usd-savings', 'USD', 1_260_000n),
  extra('reto.zbinden', 'chf', 'CHF', 640_000n),
  extra('linden', 'savings', 'EUR', 650_000n, [{ customer: 'hannah.fischer', role: 'authorised' }]),
];

/** The demo's accounts, in the order in which they are opened and numbered. */
export const ACCOUNTS: readonly DemoAccount[] = [...ofPeople(), ...ofOrganisations(), ...MORE];

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
    // Some have more behind them than others: from 0.8 to 2 months' pay, and 12 to 40 times what they save.
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

function extra(
  customer: string,
  suffix: string,
  code: string,
  openingMinor: bigint,
  others?: Holders,
): DemoAccount {
  const product = suffix.endsWith('savings') ? 'savings' : 'current';
  return { ...account(customer, suffix, product, currency(code), openingMinor), others: others ?? [] };
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
  return { key, customer, product, currency, overdraftMinor, openingMinor, others: HOLDERS[key] ?? [] };
}

function currency(code: string): Currency {
  const currency = parseCurrency(code);
  assert(currency !== undefined, `${code} is a currency`);
  return currency;
}
