import type { Db } from '#db/database.ts';
import { loadCalendarBetween } from '#features/calendar/contract.ts';
import { maturityDate } from '#features/interest/contract.ts';
import { assert } from '#lib/assert.ts';
import { isRefusal } from '#lib/errors.ts';
import { type BusinessCalendar, CALENDAR_DAYS_BACK } from '#lib/time/business-calendar.ts';
import { addDays, type IsoDate } from '#lib/time/dates.ts';
import { type Agreed, type Asked, agree, maturityOf } from './agree.ts';
import type { StoredDeposit } from './repository.ts';
import { type ProductForDeposits, productForDeposits } from './terms.ts';

/** A deposit that goes on with an amount of another, which has matured. */
export type Renewal = { readonly offer: ProductForDeposits; readonly asked: Asked; readonly agreed: Agreed };

/** What deposits are renewed into on a date, or the codes of why they are not: then they are paid out. */
export class Renewals {
  readonly #products: ReadonlyMap<string, ProductForDeposits | string>;
  readonly #calendar: BusinessCalendar | undefined;
  readonly #date: IsoDate;

  private constructor(
    products: ReadonlyMap<string, ProductForDeposits | string>,
    calendar: BusinessCalendar | undefined,
    date: IsoDate,
  ) {
    this.#products = products;
    this.#calendar = calendar;
    this.#date = date;
  }

  /** Reads the products that deposits are renewed into, a query for each, and the calendar of their maturities. */
  static async load(
    db: Db,
    bookId: number,
    deposits: readonly StoredDeposit[],
    date: IsoDate,
  ): Promise<Renewals> {
    const products = new Map<string, ProductForDeposits | string>();
    for (const deposit of deposits) {
      const wanted = { product: productOf(deposit), currency: deposit.currency };
      const key = keyOf(wanted);
      if (!products.has(key)) products.set(key, await offered(db, bookId, wanted));
    }
    const dates = deposits.map((deposit) => maturityDate(date, termOf(deposit))).toSorted();
    const [first, last] = [dates[0], dates.at(-1)];
    if (first === undefined || last === undefined) return new Renewals(products, undefined, date);
    const [from, to] = [addDays(first, -CALENDAR_DAYS_BACK), addDays(last, CALENDAR_DAYS_BACK)];
    return new Renewals(products, await loadCalendarBetween(db, bookId, from, to), date);
  }

  /** What a deposit goes on as, with an amount; or why it does not. */
  of(deposit: StoredDeposit, amountMinor: bigint): Renewal | string {
    const { currency } = deposit;
    const product = productOf(deposit);
    const offer = this.#products.get(keyOf({ product, currency }));
    const calendar = this.#calendar;
    assert(offer !== undefined && calendar !== undefined, 'what deposits are renewed into was read');
    if (typeof offer === 'string') return offer;
    const asked = { product, currency, amountMinor, term: termOf(deposit), openedOn: this.#date };
    try {
      const maturesOn = maturityOf(offer.terms, asked, calendar);
      return { offer, asked, agreed: agree(offer.terms, asked, maturesOn) };
    } catch (error) {
      return codeOf(error);
    }
  }
}

async function offered(
  db: Db,
  bookId: number,
  wanted: { readonly product: string; readonly currency: StoredDeposit['currency'] },
): Promise<ProductForDeposits | string> {
  try {
    const found = await productForDeposits(db, bookId, wanted);
    found.product.assertOffered();
    return found;
  } catch (error) {
    return codeOf(error);
  }
}

/** The code of a refusal; any other error is thrown. */
function codeOf(error: unknown): string {
  if (isRefusal(error)) return error.code;
  throw error;
}

const productOf = ({ product, instruction }: StoredDeposit): string => instruction.renewalProduct ?? product;
const termOf = ({ term, instruction }: StoredDeposit) => instruction.renewalTerm ?? term;
const keyOf = ({ product, currency }: Pick<Asked, 'product' | 'currency'>): string =>
  `${product} ${currency}`;

/** How much of what is there goes on. Minor units. */
export function renewedMinor({ instruction, principalMinor }: StoredDeposit, balanceMinor: bigint): bigint {
  if (instruction.onMaturity === 'pay_out') return 0n;
  if (instruction.onMaturity === 'renew' || balanceMinor < principalMinor) return balanceMinor;
  return principalMinor;
}
