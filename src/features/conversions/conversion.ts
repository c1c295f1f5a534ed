import { validationFailed } from '#lib/errors.ts';
import type { AccountId, TransactionId } from '#lib/ids.ts';
import type { Labels } from '#lib/labels.ts';
import type { Currency } from '#lib/money/currencies.ts';
import { convertMinor, type PairRate } from '#lib/money/exchange.ts';
import type { RoundingOrCut } from '#lib/money/fraction.ts';
import { MAX_MINOR } from '#lib/money/money.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import { conversionError } from './errors.ts';

/** Which of the two amounts is given. The other one is rounded. */
export type FixedSide = 'sold' | 'bought';
export const FIXED_SIDES = ['sold', 'bought'] as const;

/** Money of one currency that is turned into another, at a rate or at one over the bank's own currency. */
export type ConversionTerms = {
  /** What the payer gives. */
  readonly sold: Currency;
  /** What the payee gets. */
  readonly bought: Currency;
  readonly fixed: FixedSide;
  readonly amountMinor: bigint;
  /** From the sold currency on. */
  readonly rates: readonly PairRate[];
  readonly rounding: RoundingOrCut;
  readonly source: 'given' | 'table';
};

export type ConversionAmounts = { readonly soldMinor: bigint; readonly boughtMinor: bigint };

/** A conversion as it is kept. */
export type Conversion = Omit<ConversionTerms, 'amountMinor'> &
  ConversionAmounts & {
    readonly base: Currency;
    /** What it is worth in the bank's own currency: the amount that is in it, or what was sold at the middle rate. */
    readonly baseMinor: bigint;
  };

/** A conversion in the books. */
export type PostedConversion = Conversion & {
  readonly id: TransactionId;
  readonly fromAccountId: AccountId;
  readonly toAccountId: AccountId;
  readonly businessDate: IsoDate;
  readonly actor: string;
  readonly labels: Labels;
  readonly postedAtMs: number;
};

/**
 * Both amounts, of which one is given and the other is converted and rounded once. Throws 422 `conversion_too_small`
 * where that comes to nothing, and 400 `validation_failed` where it is more than an account can hold.
 */
export function amountsOf({
  sold,
  bought,
  fixed,
  amountMinor,
  rates,
  rounding,
}: ConversionTerms): ConversionAmounts {
  const isSold = fixed === 'sold';
  const otherMinor = isSold
    ? convertMinor(amountMinor, sold, rates, rounding)
    : convertMinor(amountMinor, bought, rates.toReversed(), rounding);
  if (otherMinor === 0n) throw conversionError('conversion_too_small');
  if (otherMinor > MAX_MINOR)
    throw validationFailed({ path: 'amount', message: 'is too large at this rate' });
  return isSold
    ? { soldMinor: amountMinor, boughtMinor: otherMinor }
    : { soldMinor: otherMinor, boughtMinor: amountMinor };
}
