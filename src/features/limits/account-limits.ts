import type { AccountId } from '#lib/ids.ts';
import type { Currency } from '#lib/money/currencies.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import type { Allowance } from './limit.ts';
import type { LimitLayers } from './repository.ts';

/** An account's limits, whoever set them, and what is left of them on the business date. */
export type AccountLimits = {
  readonly accountId: AccountId;
  readonly currency: Currency;
  readonly businessDate: IsoDate;
  readonly layers: LimitLayers;
  /** Undefined where no limit is set anywhere. */
  readonly allowance: Allowance | undefined;
};
