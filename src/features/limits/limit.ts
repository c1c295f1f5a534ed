import type { FlorinError } from '#lib/errors.ts';
import type { Currency } from '#lib/money/currencies.ts';
import { limitExceeded } from '#lib/money/limit-exceeded.ts';

const LIMIT_NAMES = ['perTransaction', 'perDay', 'newBeneficiaryPerDay'] as const;
export type LimitName = (typeof LIMIT_NAMES)[number];

/** Limits in minor units; undefined where none is set. */
export type Limits = Readonly<Record<LimitName, bigint | undefined>>;

export const NO_LIMITS: Limits = {
  perTransaction: undefined,
  perDay: undefined,
  newBeneficiaryPerDay: undefined,
};

/** What an account has paid on a business date, in minor units. */
export type Spent = { readonly totalMinor: bigint; readonly toNewMinor: bigint };

/** A payment to be held to limits; `toNew` if it goes to a beneficiary in its cooling-off period. Minor units. */
export type Spending = { readonly amountMinor: bigint; readonly toNew: boolean };

/** What an account may pay on a business date. Knows what was paid, and takes note of what is paid more. */
export class Allowance {
  readonly currency: Currency;
  readonly #limits: Limits;
  #spent: Spent;
  /** Whether transfers to accounts of the same customer count. */
  readonly ownTransfersCount: boolean;

  constructor(currency: Currency, limits: Limits, spent: Spent, { ownTransfersCount = true } = {}) {
    this.currency = currency;
    this.#limits = limits;
    this.#spent = spent;
    this.ownTransfersCount = ownTransfersCount;
  }

  /**
   * Why a payment is above a limit: 422 `limit_exceeded`; undefined for what is exactly the rest, or less. Precedence:
   * perTransaction, perDay, newBeneficiaryPerDay.
   */
  judge({ amountMinor, toNew }: Spending): FlorinError | undefined {
    for (const name of LIMIT_NAMES) {
      const leftMinor = this.leftMinor(name);
      if (leftMinor === undefined || amountMinor <= leftMinor) continue;
      if (name === 'newBeneficiaryPerDay' && !toNew) continue;
      return limitExceeded(
        name,
        { amountMinor: this.#limits[name] ?? 0n, currency: this.currency },
        leftMinor,
      );
    }
    return undefined;
  }

  take({ amountMinor, toNew }: Spending): void {
    const { totalMinor, toNewMinor } = this.#spent;
    this.#spent = {
      totalMinor: totalMinor + amountMinor,
      toNewMinor: toNew ? toNewMinor + amountMinor : toNewMinor,
    };
  }

  /** A limit, in minor units; undefined where it is not set. */
  limitMinor(name: LimitName): bigint | undefined {
    return this.#limits[name];
  }

  /** What is left of a limit now, in minor units; undefined without the limit, below zero where it was set later. */
  leftMinor(name: LimitName): bigint | undefined {
    const limitMinor = this.#limits[name];
    if (limitMinor === undefined || name === 'perTransaction') return limitMinor;
    return limitMinor - (name === 'perDay' ? this.#spent.totalMinor : this.#spent.toNewMinor);
  }
}
