import type { PostingDraft } from '#ledger/entry.ts';
import { type AccountId, newId, randomIds } from '#lib/ids.ts';
import { type AccountFee, type Assessment, notChargedOf } from './account-fee.ts';
import type { ShortageRule } from './fee.ts';
import type { FeeLine } from './repository.ts';
import type { Schedule } from './schedule.ts';

/** A line to be posted, and the part of a fee that it is. */
export type ChargeLine = { readonly posting: PostingDraft; readonly part: FeeLine['part'] };

/** How much a fee comes to, in minor units. */
type Priced = Pick<AccountFee, 'feeMinor' | 'taxMinor'>;

/** The lines that charge a fee and its tax to an account; none for nothing. */
export function feeLines(
  { currency, income, tax, toleratedMinor }: Schedule,
  { feeMinor, taxMinor }: Priced,
  { debit, whenShort }: { readonly debit: AccountId; readonly whenShort: ShortageRule },
): ChargeLine[] {
  // A charge is not a payment: no minimum balance holds it off.
  const charge = { debit, currency, toleratedMinor: whenShort === 'overdraft' ? toleratedMinor : 0n };
  const lines: readonly ChargeLine[] = [
    { part: 'fee', posting: { ...charge, credit: income, amountMinor: feeMinor } },
    { part: 'tax', posting: { ...charge, credit: tax, amountMinor: taxMinor } },
  ];
  return lines.filter(({ posting }) => posting.amountMinor > 0n);
}

/** The same of a fee that was assessed. */
export function chargeLines(schedule: Schedule, { fee, charge }: Assessment, debit: AccountId): ChargeLine[] {
  return feeLines(schedule, charge, { debit, whenShort: fee.whenShort });
}

/** When and why a fee arose, and the entry that charged it, if one did. */
export type Arisen = Pick<
  AccountFee,
  'accountId' | 'businessDate' | 'monthOn' | 'eventNumber' | 'dueOn' | 'paymentEntryId' | 'about' | 'entryId'
>;

/** A fee as it is stored: charged with an entry, due without one, or not charged. */
export function feeRow(
  { product, currency, version }: Schedule,
  assessment: Assessment,
  arisen: Arisen,
): AccountFee {
  const { fee, facts, charge } = assessment;
  const notCharged = notChargedOf(assessment);
  const status = notCharged !== undefined ? 'not_charged' : arisen.entryId === undefined ? 'due' : 'charged';
  return {
    id: newId(randomIds, 'fee'),
    product,
    currency,
    termsVersion: version,
    code: fee.code,
    name: fee.name,
    taxName: fee.tax?.name,
    event: fee.event,
    facts,
    feeMinor: charge.feeMinor,
    taxMinor: charge.taxMinor,
    status,
    notCharged,
    ...arisen,
  };
}
