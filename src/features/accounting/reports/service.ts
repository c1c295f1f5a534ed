import type { Context } from '#db/context.ts';
import { inTransaction } from '#db/transaction.ts';
import { recordAudit } from '#features/audit/contract.ts';
import {
  type IssuingBankView,
  issuingBankView,
  selectBank,
  selectBaseCurrency,
} from '#features/books/contract.ts';
import { loadExchangeRates } from '#features/exchange-rates/contract.ts';
import { followCalendar } from '#ledger/business-date.ts';
import type { Caller } from '#lib/caller.ts';
import { validationFailed } from '#lib/errors.ts';
import type { Currency } from '#lib/money/currencies.ts';
import {
  daysBetween,
  firstOfMonth,
  firstOfYear,
  lastOfMonth,
  monthIndex,
  monthsAfter,
} from '#lib/time/calendar.ts';
import { addDays, type IsoDate } from '#lib/time/dates.ts';
import type { GlAccount } from '../chart/gl-account.ts';
import { listGlAccounts } from '../chart/repository.ts';
import { type Amounts, type CurrencyReport, composeReport, isNamed, type LineAmounts } from './compose.ts';
import { type LineAmount, type Span, selectAmountsAt, selectMovements } from './figures.ts';
import { BUILT_IN_LAYOUTS, cleanLayout, type Layout, type Report } from './layout.ts';
import { findLayout, putLayout } from './repository.ts';
import { balanceLines, translateLines } from './translate.ts';

/** When a report is of, as it is asked for. */
export type ReportPeriod = {
  readonly asOf?: IsoDate | undefined;
  readonly from?: IsoDate | undefined;
  readonly to?: IsoDate | undefined;
  readonly compareFrom?: IsoDate | undefined;
  readonly compareTo?: IsoDate | undefined;
  readonly currency?: Currency | undefined;
  /** All currencies in that of the bank, at the middle rates of the last dates. */
  readonly isInBase?: boolean | undefined;
};

/** A report of the bank's own books, in each currency. */
export type FinancialReport = {
  readonly report: Report;
  readonly bank: IssuingBankView;
  readonly span: Span;
  readonly compared: Span | undefined;
  readonly isOwnLayout: boolean;
  readonly currencies: readonly CurrencyReport[];
  /** Of a cash flow, by currency: the cash at its beginning and at its end, debits less credits. */
  readonly cash: ReadonlyMap<Currency, { readonly opening: Amounts; readonly closing: Amounts }>;
  readonly createdAtMs: number;
};

/** Balance sheet, profit and loss and cash flow, in the layout of the bank. Takes no locks. */
export class ReportService {
  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
  }

  /**
   * The assets, liabilities and equity at the end of a date, today if not given, with the result that is not carried
   * over. Throws 400 `validation_failed` for a date that has not come.
   */
  async balanceSheet({ asOf, compareTo, ...shown }: ReportPeriod): Promise<FinancialReport> {
    const { db, bookId } = this.#context;
    const today = await this.#today({ asOf, compareTo });
    const date = asOf ?? today;
    const own = await selectAmountsAt(db, bookId, date);
    const other = compareTo === undefined ? [] : await selectAmountsAt(db, bookId, compareTo);
    const compared = compareTo === undefined ? undefined : { from: compareTo, to: compareTo };
    return this.#report('balance-sheet', { from: date, to: date }, compared, pair(own, other), shown);
  }

  /** The income and expenses of a span: of the year up to today if not given. Throws as balanceSheet. */
  async profitAndLoss(period: ReportPeriod): Promise<FinancialReport> {
    const { span, compared } = await this.#spansOf(period);
    const figures = await this.#movements(span, compared);
    return this.#report('profit-and-loss', span, compared, figures, period);
  }

  /**
   * Where cash came from and where it went in a span: the result, and the change of every other line. Throws as
   * balanceSheet.
   */
  async cashFlow(period: ReportPeriod): Promise<FinancialReport> {
    const { db, bookId } = this.#context;
    const { span, compared } = await this.#spansOf(period);
    const figures = await this.#movements(span, compared);
    const report = await this.#report('cash-flow', span, compared, figures, period);
    const [layout, chart] = [await this.layout('cash-flow'), await listGlAccounts(db, bookId)];
    const isCash = cashOf(layout.layout, chart);
    const cashAt = async (date: IsoDate | undefined): Promise<LineAmount[]> =>
      date === undefined
        ? []
        : (await selectAmountsAt(db, bookId, date)).filter(({ glCode }) => isCash(glCode));
    const before = pair(
      await cashAt(addDays(span.from, -1)),
      await cashAt(compared === undefined ? undefined : addDays(compared.from, -1)),
    );
    const after = pair(await cashAt(span.to), await cashAt(compared?.to));
    const cash = report.currencies.map(({ currency }) => {
      const sums = { opening: debitsOf(currency, before), closing: debitsOf(currency, after) };
      return [currency, sums] as const;
    });
    return { ...report, cash: new Map(cash) };
  }

  /** How a report is laid out, and whether the bank said so. */
  async layout(report: Report): Promise<{ readonly layout: Layout; readonly isOwn: boolean }> {
    const own = await findLayout(this.#context.db, this.#context.bookId, report);
    return { layout: own ?? BUILT_IN_LAYOUTS[report], isOwn: own !== undefined };
  }

  /** Lays a report out. Throws 400 `validation_failed`. */
  async setLayout(caller: Caller, report: Report, given: Layout): Promise<Layout> {
    const { db, bookId } = this.#context;
    const layout = cleanLayout(report, given);
    await inTransaction(db, async (tx) => {
      await putLayout(tx, bookId, report, layout);
      await recordAudit(tx, this.#context, {
        caller,
        operation: 'setReportLayout',
        resourceType: 'report_layout',
        resourceId: report,
        after: { rows: layout.rows.map(({ key }) => key) },
      });
    });
    return layout;
  }

  async #movements(span: Span, compared: Span | undefined): Promise<LineAmounts[]> {
    const { db, bookId } = this.#context;
    const own = await selectMovements(db, bookId, span);
    return pair(own, compared === undefined ? [] : await selectMovements(db, bookId, compared));
  }

  async #report(
    report: Report,
    span: Span,
    compared: Span | undefined,
    figures: readonly LineAmounts[],
    shown: Pick<ReportPeriod, 'currency' | 'isInBase'>,
  ): Promise<FinancialReport> {
    const { db, bookId, clock } = this.#context;
    const { layout, isOwn } = await this.layout(report);
    const chart = await listGlAccounts(db, bookId);
    const wanted = await this.#shownFigures(report, span, compared, figures, shown);
    return {
      report,
      bank: issuingBankView(await selectBank(db, bookId)),
      span,
      compared,
      isOwnLayout: isOwn,
      currencies: composeReport(report, layout, chart, wanted),
      cash: new Map(),
      createdAtMs: clock.nowMs(),
    };
  }

  /** The figures of one currency, of all of them, or of all in that of the bank. */
  async #shownFigures(
    report: Report,
    span: Span,
    compared: Span | undefined,
    figures: readonly LineAmounts[],
    { currency, isInBase = false }: Pick<ReportPeriod, 'currency' | 'isInBase'>,
  ): Promise<readonly LineAmounts[]> {
    if (!isInBase) {
      return currency === undefined ? figures : figures.filter((one) => one.currency === currency);
    }
    if (currency !== undefined) {
      throw validationFailed({ path: 'currency', message: 'does not go with inBaseCurrency' });
    }
    const { db, bookId } = this.#context;
    const ratesOf = async (date: IsoDate) => ({ date, rates: await loadExchangeRates(db, bookId, date) });
    const own = await ratesOf(span.to);
    const other = compared === undefined ? own : await ratesOf(compared.to);
    const base = await selectBaseCurrency(db, bookId);
    const lines = translateLines(figures, base, [own, other]);
    return report === 'balance-sheet' ? balanceLines(lines, base) : lines;
  }

  /** Today, once no date of the request is after it. */
  async #today(dates: Readonly<Record<string, IsoDate | undefined>>): Promise<IsoDate> {
    const { db, bookId, clock } = this.#context;
    const today = await followCalendar(db, bookId, clock);
    const late = Object.entries(dates).filter(([, date]) => date !== undefined && date > today);
    if (late.length === 0) return today;
    throw validationFailed(...late.map(([path]) => ({ path, message: 'must not be in the future' })));
  }

  /**
   * The span of a report, and that of the one it is compared with. With `compareTo` alone, that is as many whole months
   * before it as the report has, if it is of whole months, and as many days otherwise.
   */
  async #spansOf(
    period: ReportPeriod,
  ): Promise<{ readonly span: Span; readonly compared: Span | undefined }> {
    const { asOf, compareFrom, compareTo } = period;
    const today = await this.#today({ asOf, to: period.to, compareTo });
    const to = period.to ?? asOf ?? today;
    const from = period.from ?? firstOfYear(to);
    if (from > to) throw validationFailed({ path: 'from', message: `must not be after ${to}` });
    const span = { from, to };
    if (compareTo === undefined) return { span, compared: undefined };
    return { span, compared: { from: compareFrom ?? beginningOf(span, compareTo), to: compareTo } };
  }
}

/** Where a span that ends on a date begins, if it is as long as another. */
function beginningOf({ from, to }: Span, end: IsoDate): IsoDate {
  const isOfMonths = from === firstOfMonth(from) && to === lastOfMonth(to) && end === lastOfMonth(end);
  if (isOfMonths) return firstOfMonth(monthsAfter(end, monthIndex(from) - monthIndex(to)));
  return addDays(end, -daysBetween(from, to));
}

function pair(own: readonly LineAmount[], compared: readonly LineAmount[]): LineAmounts[] {
  const lines = new Map<string, LineAmounts>();
  const put = (amounts: readonly LineAmount[], place: 0 | 1): void => {
    for (const { glCode, currency, amountMinor } of amounts) {
      const key = `${glCode} ${currency}`;
      const [first, second] = lines.get(key)?.amounts ?? [0n, 0n];
      const both: Amounts = place === 0 ? [amountMinor, second] : [first, amountMinor];
      lines.set(key, { glCode, currency, amounts: both });
    }
  };
  put(own, 0);
  put(compared, 1);
  return [...lines.values()];
}

function debitsOf(currency: Currency, lines: readonly LineAmounts[]): Amounts {
  return lines
    .filter((line) => line.currency === currency)
    .reduce<Amounts>(([own, other], { amounts }) => [own - amounts[0], other - amounts[1]], [0n, 0n]);
}

function cashOf({ cash }: Layout, chart: readonly GlAccount[]): (code: string) => boolean {
  const lines = new Map(chart.map((line) => [line.code, line]));
  const groupsOf = (code: string | undefined): string[] => {
    const parent = code === undefined ? undefined : lines.get(code)?.parent;
    return parent === undefined ? [] : [parent, ...groupsOf(parent)];
  };
  return (code) => isNamed(cash, code, groupsOf(code));
}
