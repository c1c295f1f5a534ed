import { PAYMENT_MODES, type PaymentMode } from '#features/transactions/contract.ts';
import { assert } from '#lib/assert.ts';
import { isoDate } from '#lib/time/dates.ts';
import type { Recurrence } from './calendar.ts';
import json from './demo-data.json' with { type: 'json' };

/** Between two amounts in minor units, both included. */
export type MinorRange = readonly [low: bigint, high: bigint];

/** A recurring payment in or out. */
export type Flow = {
  readonly when: Recurrence;
  readonly minor: MinorRange;
  readonly text: string;
  /** The start of the reference; the month follows. */
  readonly reference?: string | undefined;
} & (
  | /** From or to another bank, or over the counter. */ {
      readonly kind: 'in' | 'out';
      readonly mode: PaymentMode;
    }
  | /** To an account of this bank, by its key. */ { readonly kind: 'to'; readonly to: string }
);

/** A flow with the account that it comes to or goes from. */
export type AccountFlow = { readonly account: string; readonly flow: Flow };

export type DemoPerson = (typeof PEOPLE)[number];
export type DemoOrganisation = (typeof ORGANISATIONS)[number];

/**
 * The demo's private customers and how they live, in amounts a month. `key` is the name in the e-mail address and in
 * other tables. `payer` is the key of an organisation that banks here, or the name of one that does not. `landlord` is
 * the cooperative that banks here (coop), another one, or none where the household's account pays.
 */
export const PEOPLE = json.people.map((person) => ({
  ...person,
  sex: oneOf(['female', 'male'], person.sex),
  dateOfBirth: isoDate(person.dateOfBirth),
  landlord: oneOf(['coop', 'other', 'mortgage', 'none'], person.landlord),
  netMinor: BigInt(person.netMinor),
  rentMinor: BigInt(person.rentMinor),
  // Zero: no savings account.
  savingMinor: BigInt(person.savingMinor),
  overdraftMinor: BigInt(person.overdraftMinor),
}));

/** Payments of couples from their shared account: rent to the cooperative, or a mortgage. */
export const HOUSEHOLDS = json.households.map((household) => ({
  ...household,
  rentMinor: BigInt(household.rentMinor),
}));

/**
 * The firms and associations that bank here, with what comes in and goes out besides wages, which follow from the
 * people’s jobs. Each begins with its reserve; taxes and owners take most of what goes far beyond it.
 */
export const ORGANISATIONS = json.organisations.map((organisation) => ({
  ...organisation,
  reserveMinor: BigInt(organisation.reserveMinor),
  overdraftMinor: BigInt(organisation.overdraftMinor),
  flows: organisation.flows.map((row) => ({
    account: 'at' in row && row.at !== undefined ? `${organisation.key}:${row.at}` : organisation.key,
    flow: readFlow(row),
  })),
}));

/** Payments that do not follow from the people and organisations. */
export const MORE_FLOWS: readonly AccountFlow[] = json.payments.map((row) => ({
  account: row.account,
  flow: readFlow(row),
}));

/** Accounts that do not follow from the people and organisations. */
export const MORE_ACCOUNTS: readonly {
  readonly customer: string;
  readonly suffix: string;
  readonly currency: string;
  readonly openingMinor: number;
  readonly product?: string;
  readonly overdraftMinor?: number;
}[] = json.accounts;

export type DemoTermDeposit = (typeof TERM_DEPOSITS)[number];

/** Deposits for a term: from which account, on which day of the year (counted from 0), for how many months. */
export const TERM_DEPOSITS = json.termDeposits.map(({ minor, onMaturity, ...deposit }) => ({
  ...deposit,
  amountMinor: BigInt(minor),
  onMaturity: oneOf(['pay_out', 'renew_principal'], onMaturity),
}));

export type DemoSavingPlan = (typeof SAVING_PLANS)[number];

/** Deposits by weekly instalments: from which account, on which day of the year, for how many weeks. */
export const SAVING_PLANS = json.savingPlans.map(({ minor, ...plan }) => ({
  ...plan,
  amountMinor: BigInt(minor),
}));

/**
 * The mortgage, the account that it is paid out to and repaid from, and what is set aside for an instalment each month: a
 * little more than it comes to.
 */
export const MORTGAGE = {
  ...json.mortgage,
  amountMinor: BigInt(json.mortgage.minor),
  instalmentMinor: BigInt(json.mortgage.instalmentMinor),
};

/** Who may use an account besides its owner. */
export const HOLDERS = json.holders.map((holder) => ({
  ...holder,
  role: oneOf(['joint', 'authorised'], holder.role),
}));

/**
 * The beneficiaries. The payee is the key of an account here, or an IBAN of another bank: the examples of the IBAN
 * registry. A limit is in euros, as the API takes it. A new one is added as the year ends, and still cools off on
 * the first day.
 */
export const BENEFICIARIES = json.beneficiaries;

/** Purchases by card: where, how much, the share of a hundred purchases, and whether on Sundays too. */
export const SHOPPING = json.shopping.map((shopping) => ({ ...shopping, minor: range(shopping.minor) }));

export const { largePurchases, betweenFriends, cheques, pensionPayers } = json;

type FlowRow = (typeof json.payments)[number] | (typeof json.organisations)[number]['flows'][number];

function readFlow({ kind, when, minor, text, ...row }: FlowRow): Flow {
  const flow = { when, minor: range(minor), text };
  if (kind !== 'to') {
    const mode = 'mode' in row && row.mode !== undefined ? row.mode : 'online';
    return { ...flow, kind: oneOf(['in', 'out'], kind), mode: oneOf(PAYMENT_MODES, mode) };
  }
  assert('to' in row && row.to !== undefined, `the demo says to which account it is paid: ${text}`);
  return { ...flow, kind, to: row.to };
}

function range([low, high]: readonly number[]): MinorRange {
  assert(low !== undefined && high !== undefined && low <= high, 'an amount of the demo has two ends');
  return [BigInt(low), BigInt(high)];
}

/** TypeScript takes a text in JSON for any text. */
function oneOf<Value extends string>(values: readonly Value[], text: string): Value {
  const value = values.find((one) => one === text);
  assert(value !== undefined, `the demo has ${values.join(', ')}, not ${text}`);
  return value;
}
