import type { TransactionType } from '#features/transactions/contract.ts';
import type { Currency } from '#lib/money/currencies.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import { CZK } from './fields.ts';

/** The file's balances are rounded from hidden decimals: within this they agree. Minor units. */
const NEAR_MINOR = 100n;

/** What an import did. Amounts in minor units of `currency`. */
export type BerkaSummary = {
  /** Whether anything was new. */
  readonly changed: boolean;
  /** `loadedBefore`: a file with this content is in the book already, and was passed over. */
  readonly files: readonly { readonly path: string; readonly rows: number; readonly loadedBefore: boolean }[];
  /** Made by this import. */
  readonly customers: number;
  readonly accounts: number;
  readonly holders: number;
  readonly standingOrders: number;
  readonly loans: number;
  /** Rows kept as they were, transactions included. */
  readonly records: number;
  readonly transactions: {
    readonly posted: number;
    /** Rows of new files that the book had already. */
    readonly repeated: number;
    /** Business dates of the posted ones. */
    readonly firstDate: IsoDate | undefined;
    readonly lastDate: IsoDate | undefined;
  };
  readonly currency: Currency;
  /** Posted transactions by type, in alphabetical order. */
  readonly totals: readonly {
    readonly type: TransactionType;
    readonly count: number;
    readonly amountMinor: bigint;
  }[];
  /** Accounts that the new transactions take below zero, and got an overdraft for it; the largest of these. */
  readonly overdrawn: { readonly accounts: number; readonly largestMinor: bigint };
  /** Posted transactions whose running balance equals the file's, is within 1.00 of it, or is neither. */
  readonly balances: { readonly exact: number; readonly within: number; readonly off: number };
  /** The book's date after the import. */
  readonly businessDate: IsoDate;
  readonly elapsedMs: number;
};

/** Counts transactions as they are posted. */
export class Tally {
  readonly #totals = new Map<TransactionType, { count: number; amountMinor: bigint }>();
  readonly #balances = { exact: 0, within: 0, off: 0 };
  #posted = 0;
  #repeated: number;
  #firstDate: IsoDate | undefined;
  #lastDate: IsoDate | undefined;

  constructor(repeated: number) {
    this.#repeated = repeated;
  }

  /** A transaction that was posted, with the balance it led to and the one its file states. Minor units. */
  addPosted(
    { type, date, amountMinor }: { type: TransactionType; date: IsoDate; amountMinor: bigint },
    balanceMinor: bigint,
    statedMinor: bigint,
  ): void {
    this.#posted += 1;
    this.#firstDate ??= date;
    this.#lastDate = date;
    const total = this.#totals.getOrInsertComputed(type, () => ({ count: 0, amountMinor: 0n }));
    total.count += 1;
    total.amountMinor += amountMinor;
    const gap = balanceMinor - statedMinor;
    const near = gap <= NEAR_MINOR && gap >= -NEAR_MINOR;
    this.#balances[gap === 0n ? 'exact' : near ? 'within' : 'off'] += 1;
  }

  addRepeated(): void {
    this.#repeated += 1;
  }

  get posted(): number {
    return this.#posted;
  }

  summary(): Pick<BerkaSummary, 'transactions' | 'currency' | 'totals' | 'balances'> {
    return {
      transactions: {
        posted: this.#posted,
        repeated: this.#repeated,
        firstDate: this.#firstDate,
        lastDate: this.#lastDate,
      },
      currency: CZK,
      totals: [...this.#totals]
        .map(([type, total]) => ({ type, ...total }))
        .sort((one, other) => (one.type < other.type ? -1 : 1)),
      balances: { ...this.#balances },
    };
  }
}
