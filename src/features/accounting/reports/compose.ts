import type { AccountClass } from '#ledger/trial-balance.ts';
import type { Currency } from '#lib/money/currencies.ts';
import type { GlAccount } from '../chart/gl-account.ts';
import { type Layout, REPORT_CLASSES, RESULT, type Report, type RowSide, type SectionRow } from './layout.ts';

/** What a report says of a line of the chart in a currency: an amount for it, and one to compare with. Credits count up. */
export type LineAmounts = {
  readonly glCode: string;
  readonly currency: Currency;
  readonly amounts: Amounts;
};

/** In minor units, of the report and of the one that it is compared with. */
export type Amounts = readonly [own: bigint, compared: bigint];

/** A row of a report. `level` is how deep it stands in groups. */
export type ReportRow = {
  readonly kind: 'heading' | 'group' | 'line' | 'total' | 'subtotal';
  readonly key: string | undefined;
  readonly code: string | undefined;
  readonly title: string;
  readonly level: number;
  /** None of a heading. Positive on the side of its section. */
  readonly amounts: Amounts | undefined;
};

export type CurrencyReport = {
  readonly currency: Currency;
  readonly rows: readonly ReportRow[];
  /** By class, credits less debits; and the result. */
  readonly byClass: ReadonlyMap<AccountClass | typeof RESULT, Amounts>;
};

const NOTHING: Amounts = [0n, 0n];
const CLASSES: ReadonlySet<string> = new Set(['asset', 'liability', 'equity', 'income', 'expense', RESULT]);
const CLASS_SIDES: Readonly<Record<AccountClass, RowSide>> = {
  asset: 'debit',
  liability: 'credit',
  equity: 'credit',
  income: 'credit',
  expense: 'debit',
};

type Item = { readonly line: GlAccount; readonly amounts: Amounts };

/**
 * Lays a report out, in one currency after the other. What the layout does not name stands at its end, so that nothing
 * is left out and the sums are those of the books.
 */
export function composeReport(
  report: Report,
  layout: Layout,
  chart: readonly GlAccount[],
  figures: readonly LineAmounts[],
): CurrencyReport[] {
  const currencies = [...new Set(figures.map(({ currency }) => currency))].toSorted();
  const plan = new Plan(report, layout, chart);
  return currencies.map((currency) =>
    plan.compose(
      currency,
      figures.filter((one) => one.currency === currency),
    ),
  );
}

/** Which section each line of the chart stands in. */
class Plan {
  readonly #report: Report;
  readonly #layout: Layout;
  readonly #lines: ReadonlyMap<string, GlAccount>;
  /** The key of the section of each line, and of the result. */
  readonly #sections = new Map<string, string>();
  readonly #rest: SectionRow[] = [];

  constructor(report: Report, layout: Layout, chart: readonly GlAccount[]) {
    this.#report = report;
    this.#layout = layout;
    this.#lines = new Map(chart.map((line) => [line.code, line]));
    for (const line of chart) this.#place(line);
    this.#placeResult();
  }

  compose(currency: Currency, figures: readonly LineAmounts[]): CurrencyReport {
    const byClass = new Map<AccountClass | typeof RESULT, Amounts>();
    const items = new Map<string, Item[]>();
    for (const { glCode, amounts } of figures) {
      const line = this.#lines.get(glCode);
      if (line === undefined) continue;
      byClass.set(line.class, add(byClass.get(line.class), amounts));
      const key = this.#sections.get(glCode);
      if (key !== undefined && !isNothing(amounts)) {
        items.set(key, [...(items.get(key) ?? []), { line, amounts }]);
      }
    }
    byClass.set(RESULT, add(byClass.get('income'), byClass.get('expense')));
    const rows: ReportRow[] = [];
    const sums = new Map<string, Amounts>();
    for (const row of [...this.#layout.rows, ...this.#rest]) {
      if (row.kind === 'subtotal') {
        const sum = row.of.reduce((all, key) => add(all, sums.get(key)), NOTHING);
        sums.set(row.key, sum);
        rows.push(this.#sum('subtotal', row.key, row.title, signed(row.side, sum)));
        continue;
      }
      const result = this.#sections.get(RESULT) === row.key ? byClass.get(RESULT) : undefined;
      const lines = this.#sectionRows(row, items.get(row.key) ?? [], result);
      const sum = add(totalOf(items.get(row.key) ?? []), result);
      sums.set(row.key, sum);
      if (lines.length === 0 && this.#rest.includes(row)) continue;
      rows.push({
        kind: 'heading',
        key: row.key,
        code: undefined,
        title: row.title,
        level: 0,
        amounts: undefined,
      });
      rows.push(...lines, this.#sum('total', row.key, `Total ${lowered(row.title)}`, signed(row.side, sum)));
    }
    return { currency, rows, byClass };
  }

  get #isFlow(): boolean {
    return this.#report === 'cash-flow';
  }

  #sum(kind: 'total' | 'subtotal', key: string, title: string, amounts: Amounts): ReportRow {
    return { kind, key, code: undefined, title, level: 0, amounts };
  }

  /** The lines of a section in the order of the chart, below the groups that they stand in. */
  #sectionRows({ side }: SectionRow, items: readonly Item[], result: Amounts | undefined): ReportRow[] {
    const rows: ReportRow[] = [];
    const own =
      result === undefined || isNothing(result)
        ? []
        : [
            this.#line(
              undefined,
              this.#isFlow ? 'Result' : 'Result not carried over',
              1,
              signed(side, result),
              'line',
            ),
          ];
    const sorted = items
      .map((item) => ({ ...item, path: this.#pathOf(item.line) }))
      .toSorted((one, other) => (placeOf(one) < placeOf(other) ? -1 : 1));
    let open: readonly string[] = [];
    for (const { line, amounts, path } of sorted) {
      for (const [depth, code] of path.entries()) {
        if (open[depth] === code) continue;
        const within = sorted.filter((other) => other.path[depth] === code);
        const title = this.#lines.get(code)?.name ?? code;
        rows.push(this.#line(code, title, depth + 1, signed(side, totalOf(within)), 'group'));
        open = path.slice(0, depth + 1);
      }
      open = path;
      rows.push(this.#line(line.code, line.name, path.length + 1, signed(side, amounts), 'line'));
    }
    return this.#isFlow ? [...own, ...rows] : [...rows, ...own];
  }

  #line(
    code: string | undefined,
    title: string,
    level: number,
    amounts: Amounts,
    kind: 'line' | 'group',
  ): ReportRow {
    return { kind, key: undefined, code, title, level, amounts };
  }

  /** The codes of the groups above a line, from the outermost. */
  #pathOf({ parent }: GlAccount): string[] {
    const above = parent === undefined ? undefined : this.#lines.get(parent);
    return above === undefined ? [] : [...this.#pathOf(above), above.code];
  }

  /** A line stands in the first section that names it, its range or its group, and else in that of its class. */
  #place(line: GlAccount): void {
    if (!REPORT_CLASSES[this.#report].includes(line.class)) return;
    if (isNamed(this.#layout.cash, line.code, this.#pathOf(line))) return;
    const sections = this.#layout.rows.filter((row) => row.kind === 'section');
    const path = this.#pathOf(line);
    const section =
      sections.find(({ accounts }) => isNamed(accounts, line.code, path)) ??
      sections.find(({ accounts }) => accounts.includes(line.class)) ??
      this.#restOf(line.class);
    this.#sections.set(line.code, section.key);
  }

  #placeResult(): void {
    if (this.#report === 'profit-and-loss') return;
    const section = this.#layout.rows.find((row) => row.kind === 'section' && row.accounts.includes(RESULT));
    this.#sections.set(RESULT, section?.key ?? this.#restOf('equity').key);
  }

  #restOf(accountClass: AccountClass): SectionRow {
    const key = `other_${accountClass}`;
    const known = this.#rest.find((row) => row.key === key);
    if (known !== undefined) return known;
    const side = this.#isFlow ? 'credit' : CLASS_SIDES[accountClass];
    const title = `Not in the layout: ${accountClass}`;
    const row: SectionRow = { kind: 'section', key, title, side, accounts: [] };
    this.#rest.push(row);
    return row;
  }
}

/** Whether selectors name a line by its code, a range, or a group above it. */
export function isNamed(selectors: readonly string[], code: string, groups: readonly string[]): boolean {
  return selectors.some((selector) => {
    if (CLASSES.has(selector)) return false;
    const [first = '', last = first] = selector.split('-');
    if (selector === first) return [code, ...groups].includes(first);
    // Codes are compared as text, so that 11001 lies between 1100 and 1199.
    return [code, ...groups].some((one) => one >= first && (one <= last || one.startsWith(last)));
  });
}

/** Where a line stands in the order of the chart, below its groups. */
const placeOf = ({ path, line }: { readonly path: readonly string[]; readonly line: GlAccount }): string =>
  [...path, line.code].join('/');

function totalOf(items: readonly Item[]): Amounts {
  return items.reduce<Amounts>((sum, { amounts }) => add(sum, amounts), NOTHING);
}

function add(one: Amounts = NOTHING, other: Amounts = NOTHING): Amounts {
  return [one[0] + other[0], one[1] + other[1]];
}

const isNothing = ([own, compared]: Amounts): boolean => own === 0n && compared === 0n;

/** Amounts as they are shown: positive on the side of their section. */
export function signed(side: RowSide, [own, compared]: Amounts): Amounts {
  return side === 'credit' ? [own, compared] : [-own, -compared];
}

const lowered = (title: string): string => title.charAt(0).toLowerCase() + title.slice(1);
