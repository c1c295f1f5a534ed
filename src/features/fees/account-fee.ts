import type { AccountId, FeeId, TransactionId } from '#lib/ids.ts';
import type { Currency } from '#lib/money/currencies.ts';
import { firstOfMonth, lastOfMonth, monthIndex, monthsAfter } from '#lib/time/calendar.ts';
import { ageInYears, type IsoDate, laterOf } from '#lib/time/dates.ts';
import { chargeFee, type FeeCharge } from './charge.ts';
import type { Fee, FeeEvent, FeeFacts, Waiver } from './fee.ts';

export const FEE_STATUSES = ['not_charged', 'due', 'charged', 'waived', 'refunded'] as const;
export type FeeStatus = (typeof FEE_STATUSES)[number];

/** Why a fee costs nothing: a free one, an amount that rounds to nothing, or a condition. */
export const NOT_CHARGED = [
  'free',
  'nothing',
  'lowest_balance',
  'average_balance',
  'salary',
  'age_below',
  'age_from',
  'first_months',
] as const;
export type NotCharged = (typeof NOT_CHARGED)[number];

/** A fee of an account, with what it follows from. Amounts in minor units. */
export type AccountFee = {
  readonly id: FeeId;
  readonly accountId: AccountId;
  readonly product: string;
  readonly currency: Currency;
  readonly termsVersion: number;
  readonly code: string;
  readonly name: string;
  readonly taxName: string | undefined;
  readonly event: FeeEvent;
  /** On which it arose. */
  readonly businessDate: IsoDate;
  /** Of an event: the first day of its month, and its number in it. */
  readonly monthOn: IsoDate | undefined;
  readonly eventNumber: number | undefined;
  /** Of a date: which one. */
  readonly dueOn: IsoDate | undefined;
  /** The payment that it is for. */
  readonly paymentEntryId: TransactionId | undefined;
  /** The TypeID of what else it is about. */
  readonly about: string | undefined;
  readonly facts: FeeFacts;
  readonly feeMinor: bigint;
  readonly taxMinor: bigint;
  readonly status: FeeStatus;
  readonly notCharged: NotCharged | undefined;
  readonly entryId: TransactionId | undefined;
};

/** How a fee comes out for an account; undefined for another kind of payment. */
export type Assessment = { readonly fee: Fee; readonly facts: FeeFacts; readonly charge: FeeCharge };

export function assess(fee: Fee, facts: FeeFacts): Assessment | undefined {
  const charge = chargeFee(fee, facts);
  return charge.notCharged === 'payment_type' ? undefined : { fee, facts, charge };
}

/** Why an assessed fee costs nothing; undefined if it costs something. */
export function notChargedOf({ charge }: Assessment): NotCharged | undefined {
  if (charge.totalMinor > 0n) return undefined;
  return charge.notCharged === undefined || charge.notCharged === 'payment_type'
    ? 'nothing'
    : charge.notCharged;
}

/** The days that conditions look at. */
export type FactPeriod = { readonly from: IsoDate; readonly to: IsoDate };

/** Of an event: the calendar month before, whose balances do not change any more. */
export function periodOfEvent(date: IsoDate): FactPeriod {
  const from = monthsAfter(firstOfMonth(date), -1);
  return { from, to: lastOfMonth(from) };
}

/** Of a date: the month that ends with it, or the year. */
export function periodOfDate(event: FeeEvent, dueOn: IsoDate): FactPeriod {
  if (event === 'yearly') return { from: monthsAfter(dueOn, -12), to: dueOn };
  return { from: firstOfMonth(dueOn), to: dueOn };
}

/** The days of a period on which the account was open; undefined if it was closed on all of them. */
export function openDays({ from, to }: FactPeriod, openedOn: IsoDate): FactPeriod | undefined {
  return openedOn > to ? undefined : { from: laterOf(from, openedOn), to };
}

const BALANCE_CONDITIONS: readonly Waiver['kind'][] = ['lowest_balance', 'average_balance', 'salary'];

/** Whether a condition of a fee looks at what was on the account, or came in. */
export function looksAtBalances({ waivers }: Fee): boolean {
  return waivers.some(({ kind }) => BALANCE_CONDITIONS.includes(kind));
}

/** What is known of an account on a date without looking at its lines. */
export function factsOfAccount(
  { openedOn, dateOfBirth }: { readonly openedOn: IsoDate; readonly dateOfBirth: IsoDate | undefined },
  date: IsoDate,
): FeeFacts {
  return {
    monthOfAccount: monthIndex(date) - monthIndex(openedOn) + 1,
    ...(dateOfBirth === undefined ? {} : { ageYears: ageInYears(dateOfBirth, date) }),
  };
}
