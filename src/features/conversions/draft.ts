import type { LedgerSide, PostingDraft } from '#ledger/entry.ts';
import type { AccountId } from '#lib/ids.ts';
import type { Currency } from '#lib/money/currencies.ts';
import type { Conversion } from './conversion.ts';

/** The bank's own accounts of a foreign currency: its position, and the equivalent in the bank's currency. */
export type PositionAccounts = { readonly position: LedgerSide; readonly equivalent: LedgerSide };

/**
 * The postings of a conversion, which balance in each currency. What is sold goes from the payer to the bank's position,
 * and what is bought from there to the payee. Against each position stands its equivalent in the bank's own currency.
 * The payer's posting is the first: limits count it.
 */
export function draftConversion(
  { sold, soldMinor, bought, boughtMinor, base, baseMinor }: Conversion,
  { from, to }: { readonly from: AccountId; readonly to: AccountId },
  accounts: ReadonlyMap<Currency, PositionAccounts>,
): PostingDraft[] {
  const [taken, given] = [accounts.get(sold), accounts.get(bought)];
  const toBank = taken?.position ?? given?.equivalent;
  const fromBank = given?.position ?? taken?.equivalent;
  if (toBank === undefined || fromBank === undefined) throw new TypeError('one of two currencies is foreign');
  const between =
    taken === undefined || given === undefined || baseMinor === 0n
      ? []
      : [{ debit: taken.equivalent, credit: given.equivalent, amountMinor: baseMinor, currency: base }];
  return [
    { debit: from, credit: toBank, amountMinor: soldMinor, currency: sold },
    ...between,
    { debit: fromBank, credit: to, amountMinor: boughtMinor, currency: bought },
  ];
}
