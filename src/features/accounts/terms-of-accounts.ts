import { type VersionedProduct, versionInForce } from '#features/products/contract.ts';
import type { AccountId } from '#lib/ids.ts';
import type { Currency } from '#lib/money/currencies.ts';
import { parseAmountOrZero } from '#lib/money/money.ts';
import { addDays, type IsoDate, laterOf } from '#lib/time/dates.ts';

/** An open account as its terms see it at the end of a date. */
export type TermsAccount = {
  readonly id: AccountId;
  readonly product: string;
  readonly currency: Currency;
  readonly openedOn: IsoDate;
  readonly reactivatedOn: IsoDate | undefined;
  /** Of the last payment that its holders made or paid in. */
  readonly lastUsedOn: IsoDate | undefined;
  readonly isActive: boolean;
  readonly minimumMinor: bigint;
};

/** What terms make of an account: its minimum balance from the next day on, and whether it is dormant. */
export type TermsOutcome = { readonly minimumMinor: bigint; readonly isDormant: boolean };

/** Products that anything is to be done about at the end of a date: some version has accounts become dormant, or a minimum may change. */
export function productsToSee(products: readonly VersionedProduct[], date: IsoDate): VersionedProduct[] {
  const next = addDays(date, 1);
  return products.filter(({ versions }) => {
    if (versions.some(({ terms }) => terms.dormancy !== undefined)) return true;
    const begin = versions.some(({ effectiveFrom }) => effectiveFrom >= date && effectiveFrom <= next);
    return begin && versions.some(({ terms }) => terms.balance?.minimum !== undefined);
  });
}

/** What the terms of a product make of an account at the end of a date. */
export function outcomeOf(
  account: TermsAccount,
  { versions }: VersionedProduct,
  date: IsoDate,
): TermsOutcome {
  const { openedOn, reactivatedOn = openedOn, lastUsedOn = openedOn, currency } = account;
  const onDate = versionInForce(versions, { on: date, openedOn });
  const onNext = versionInForce(versions, { on: addDays(date, 1), openedOn });
  const minimum = onNext?.terms.balance?.minimum;
  const afterDays = onDate?.terms.dormancy?.afterDays;
  const lastUsed = laterOf(laterOf(openedOn, reactivatedOn), lastUsedOn);
  return {
    minimumMinor: minimum === undefined ? 0n : parseAmountOrZero(minimum, currency),
    isDormant: afterDays !== undefined && account.isActive && addDays(lastUsed, afterDays) <= date,
  };
}
