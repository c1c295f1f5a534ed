import type { PostingDraft } from '#ledger/entry.ts';
import { type AccountId, newId, randomIds } from '#lib/ids.ts';
import { type AccountFee, type Assessment, notChargedOf } from './account-fee.ts';
import type { FeeLine } from './repository.ts';
import type { Schedule } from './schedule.ts';

/** A line to be posted, and the part of a fee that it is. */
export type ChargeLine = { readonly posting: PostingDraft; readonly part: FeeLine['part'] };

/** The lines that charge a fee and its tax to an account; none for nothing. */
export function chargeLines(
  { currency, income, tax, toleratedMinor }: Schedule,
  { fee, charge: { feeMinor, taxMinor } }: Assessment,
  debit: AccountId,
): ChargeLine[] {
  const tolerated = fee.whenShort === 'overdraft' ? { toleratedMinor } : {};
  const lines: readonly ChargeLine[] = [
    { part: 'fee', posting: { debit, credit: income, amountMinor: feeMinor, currency, ...tolerated } },
    { part: 'tax', posting: { debit, credit: tax, amountMinor: taxMinor, currency, ...tolerated } },
  ];
  return lines.filter(({ posting }) => posting.amountMinor > 0n);
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
