import type { Context } from '#db/context.ts';
import { selectBank, selectBaseCurrency } from '#features/books/contract.ts';
import { notFound } from '#lib/errors.ts';
import type { Currency } from '#lib/money/currencies.ts';
import { addDays, type IsoDate } from '#lib/time/dates.ts';
import type { GlAccount } from '../chart/gl-account.ts';
import { findGlAccount } from '../chart/repository.ts';
import { accountingError } from '../errors.ts';
import { selectAmountsAt } from '../reports/figures.ts';
import { type LineOfEntry, type LinePlace, listLines, selectLineCurrencies } from './repository.ts';

/** Which lines are asked for. */
export type LineQuery = {
  readonly code: string;
  readonly currency: Currency | undefined;
  readonly from: IsoDate | undefined;
  readonly to: IsoDate | undefined;
};

/** A place in the books, and the balance there in minor units: credits less debits. */
export type LineCursor = LinePlace & { readonly balanceMinor: bigint };

/** What an entry moved on a line of the chart, and the balance after it. */
export type GlAccountLine = LineOfEntry & {
  readonly currency: Currency;
  /** Credits less debits. */
  readonly balanceMinor: bigint;
};

/** All lines of a span, for a file. */
export type LineFile = {
  readonly line: GlAccount;
  readonly currency: Currency | undefined;
  readonly from: IsoDate | undefined;
  readonly to: IsoDate | undefined;
  readonly openingMinor: bigint;
  readonly lines: readonly GlAccountLine[];
  readonly bankName: string;
  readonly createdAtMs: number;
};

/** A few queries a file. */
const FILE_PAGE = 5_000;

/** The lines of any account of the chart, one for each entry that posted to it. Takes no locks. */
export class GlLineService {
  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
  }

  /** The account of the chart. Throws 404 `not_found`, 422 `gl_account_is_group`. */
  async account(code: string): Promise<GlAccount> {
    const { db, bookId } = this.#context;
    const line = await findGlAccount(db, bookId, code);
    if (line === undefined) throw notFound();
    if (line.isGroup) throw accountingError('gl_account_is_group', { code });
    return line;
  }

  /**
   * The next lines after a place, in the order of the books. The running balance goes on from that of the place, so that a
   * page costs no more late in the books than early. Throws as account.
   */
  async list(query: LineQuery, after: LineCursor | undefined, limit: number): Promise<GlAccountLine[]> {
    const { code } = await this.account(query.code);
    const currency = await this.#currencyOf(query);
    if (currency === undefined) return [];
    const balanceMinor = after?.balanceMinor ?? (await this.#openingOf({ ...query, currency }));
    return this.#read(query, code, currency, { place: after, balanceMinor, limit });
  }

  /** As list, all lines of the span at once. Throws as list, and 422 `gl_lines_too_many` for more than `most`. */
  async file(query: LineQuery, most: number): Promise<LineFile> {
    const { db, bookId, clock } = this.#context;
    const line = await this.account(query.code);
    const currency = await this.#currencyOf(query);
    const openingMinor = currency === undefined ? 0n : await this.#openingOf({ ...query, currency });
    const lines: GlAccountLine[] = [];
    while (currency !== undefined) {
      const last = lines.at(-1);
      const balanceMinor = last?.balanceMinor ?? openingMinor;
      const next = { place: last, balanceMinor, limit: FILE_PAGE };
      const page = await this.#read(query, line.code, currency, next);
      lines.push(...page);
      if (lines.length > most) throw accountingError('gl_lines_too_many', { max: most });
      if (page.length < FILE_PAGE) break;
    }
    const { name: bankName } = await selectBank(db, bookId);
    const { from, to } = query;
    return { line, currency, from, to, openingMinor, lines, bankName, createdAtMs: clock.nowMs() };
  }

  async #read(
    { from, to }: LineQuery,
    glCode: string,
    currency: Currency,
    {
      place,
      balanceMinor,
      limit,
    }: {
      readonly place: LinePlace | undefined;
      readonly balanceMinor: bigint;
      readonly limit: number;
    },
  ): Promise<GlAccountLine[]> {
    const { db, bookId } = this.#context;
    const read = await listLines(db, bookId, { glCode, currency, from, to, after: place, limit });
    let balance = balanceMinor;
    return read.map((line) => {
      balance += line.creditMinor - line.debitMinor;
      return { ...line, currency, balanceMinor: balance };
    });
  }

  /** That of the bank where there are several; undefined for a line that was never posted to. */
  async #currencyOf({ code, currency }: LineQuery): Promise<Currency | undefined> {
    if (currency !== undefined) return currency;
    const { db, bookId } = this.#context;
    const [only, ...others] = await selectLineCurrencies(db, bookId, code);
    if (only === undefined || others.length === 0) return only;
    return selectBaseCurrency(db, bookId);
  }

  async #openingOf({ code, currency, from }: LineQuery & { readonly currency: Currency }): Promise<bigint> {
    if (from === undefined) return 0n;
    const { db, bookId } = this.#context;
    const amounts = await selectAmountsAt(db, bookId, addDays(from, -1));
    const own = amounts.find((line) => line.glCode === code && line.currency === currency);
    return own?.amountMinor ?? 0n;
  }
}
