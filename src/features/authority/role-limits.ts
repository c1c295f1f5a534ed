import type { FlorinError } from '#lib/errors.ts';
import { type Currency, currencyDecimals } from '#lib/money/currencies.ts';
import type { Money } from '#lib/money/money.ts';
import { aboveLimit } from './errors.ts';

/** Roles whose word has a limit. */
export const LIMITED_ROLES = ['teller'] as const;
export type LimitedRole = (typeof LIMITED_ROLES)[number];

/** How much somebody may move, promise or lend, in minor units of a currency; undefined without a limit. */
export type RoleLimit = {
  readonly currency: Currency;
  readonly perTransactionMinor: bigint | undefined;
  readonly perDayMinor: bigint | undefined;
};

/** The limits of a role that are in effect on a date, one for each currency. */
export class RoleLimits {
  readonly #set: ReadonlyMap<Currency, RoleLimit>;

  /** `fallback` is the limit in its currency where none is set for that. */
  constructor(set: readonly RoleLimit[], fallback: RoleLimit) {
    const limits = new Map(set.map((limit) => [limit.currency, limit]));
    if (!limits.has(fallback.currency)) limits.set(fallback.currency, fallback);
    this.#set = limits;
  }

  /** The limit in a currency: the one that is set for it, else the strictest of all. */
  of(currency: Currency): RoleLimit {
    const set = this.#set.get(currency);
    if (set !== undefined) return set;
    const all = [...this.#set.values()];
    const strictest = (name: 'perTransactionMinor' | 'perDayMinor'): bigint | undefined =>
      all
        .flatMap((limit) => {
          const minor = limit[name];
          return minor === undefined ? [] : [convertStrictly(minor, limit.currency, currency)];
        })
        .reduce<bigint | undefined>(
          (least, minor) => (least === undefined || minor < least ? minor : least),
          undefined,
        );
    return {
      currency,
      perTransactionMinor: strictest('perTransactionMinor'),
      perDayMinor: strictest('perDayMinor'),
    };
  }

  /** Why an amount is above the limit of one transaction; undefined for exactly the limit, or less. */
  judgeOne({ amountMinor, currency }: Money): FlorinError | undefined {
    const { perTransactionMinor: most } = this.of(currency);
    if (most === undefined || amountMinor <= most) return undefined;
    return aboveLimit('perTransaction', { amountMinor: most, currency }, most);
  }

  /** Why an amount is above the limit of a day on which so much was used before. */
  judgeDay({ amountMinor, currency }: Money, usedMinor: bigint): FlorinError | undefined {
    const { perDayMinor: most } = this.of(currency);
    if (most === undefined || usedMinor + amountMinor <= most) return undefined;
    return aboveLimit('perDay', { amountMinor: most, currency }, most - usedMinor);
  }
}

/**
 * An amount of a currency in another one, without a rate: as many major units, or as many minor units, whichever is
 * less. So a thousand euros are a thousand yen, and a hundred Kuwaiti dinars: strict, until a limit is set.
 */
function convertStrictly(minor: bigint, from: Currency, to: Currency): bigint {
  const [before, after] = [currencyDecimals(from), currencyDecimals(to)];
  if (after >= before) return minor;
  return minor / 10n ** BigInt(before - after);
}

/** The limit of a teller where the bank has set none: 10,000 euros at once, and 30,000 on a day. */
export const DEFAULT_TELLER_LIMIT = {
  currency: 'EUR' as Currency,
  perTransactionMinor: 1_000_000n,
  perDayMinor: 3_000_000n,
} satisfies RoleLimit;
