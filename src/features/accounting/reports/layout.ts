import { CHART } from '#ledger/chart.ts';
import type { AccountClass } from '#ledger/trial-balance.ts';
import { checkEach } from '#lib/check-all.ts';
import { type FieldError, validationFailed } from '#lib/errors.ts';
import { cleanText } from '#lib/text.ts';

export const REPORTS = ['balance-sheet', 'profit-and-loss', 'cash-flow'] as const;
export type Report = (typeof REPORTS)[number];

/** The side on which the amounts of a row are positive. */
export type RowSide = 'debit' | 'credit';

/** Lines of the chart that a report lists and adds up. */
export type SectionRow = {
  readonly kind: 'section';
  readonly key: string;
  readonly title: string;
  readonly side: RowSide;
  /**
   * `1000`: a line, or all lines below a group. `1000-1199`: a range. `asset`, `liability`, …: what no other section
   * names of a class. `result`: income less expenses.
   */
  readonly accounts: readonly string[];
};

/** A sum of sections and subtotals that stand above it. */
export type SubtotalRow = {
  readonly kind: 'subtotal';
  readonly key: string;
  readonly title: string;
  readonly side: RowSide;
  readonly of: readonly string[];
};

export type LayoutRow = SectionRow | SubtotalRow;

/** How a report is laid out. `cash`: of a cash flow, the lines that are money. */
export type Layout = { readonly rows: readonly LayoutRow[]; readonly cash: readonly string[] };

export const RESULT = 'result';

/** What each report lists: the classes whose lines must stand somewhere, and whether the result is a line of its own. */
export const REPORT_CLASSES: Readonly<Record<Report, readonly AccountClass[]>> = {
  'balance-sheet': ['asset', 'liability', 'equity'],
  'profit-and-loss': ['income', 'expense'],
  'cash-flow': ['asset', 'liability', 'equity'],
};

const section = (key: string, title: string, side: RowSide, accounts: readonly string[]): SectionRow => ({
  kind: 'section',
  key,
  title,
  side,
  accounts,
});
const subtotal = (key: string, title: string, side: RowSide, of: readonly string[]): SubtotalRow => ({
  kind: 'subtotal',
  key,
  title,
  side,
  of,
});

/** The layouts of a bank that defined none: by class, and by the groups of the chart. */
export const BUILT_IN_LAYOUTS: Readonly<Record<Report, Layout>> = {
  'balance-sheet': {
    cash: [],
    rows: [
      section('assets', 'Assets', 'debit', ['asset']),
      section('liabilities', 'Liabilities', 'credit', ['liability']),
      section('equity', 'Equity', 'credit', ['equity', RESULT]),
      subtotal('liabilitiesAndEquity', 'Liabilities and equity', 'credit', ['liabilities', 'equity']),
    ],
  },
  'profit-and-loss': {
    cash: [],
    rows: [
      section('income', 'Income', 'credit', ['income']),
      section('expenses', 'Expenses', 'debit', ['expense']),
      subtotal('result', 'Result', 'credit', ['income', 'expenses']),
    ],
  },
  'cash-flow': {
    cash: [CHART.cash, CHART.clearing],
    rows: [
      section('operating', 'Operating activities', 'credit', [RESULT, 'asset', 'liability']),
      section('financing', 'Financing activities', 'credit', ['equity']),
      subtotal('change', 'Change in cash', 'credit', ['operating', 'financing']),
    ],
  },
};

const SELECTOR = /^(?:[0-9]{1,10}(?:-[0-9]{1,10})?|asset|liability|equity|income|expense|result)$/;
const KEY = /^[a-zA-Z][a-zA-Z0-9]{0,39}$/;
const RANGE = /^[0-9]{1,10}(?:-[0-9]{1,10})?$/;

/**
 * The layout with its titles cleaned. Throws 400 `validation_failed` for keys that are not names or stand twice, and for
 * selectors that select nothing. So it does for sums of rows that do not stand above them, and a cash flow without cash.
 */
export function cleanLayout(report: Report, { rows, cash }: Layout): Layout {
  const isCashFlow = report === 'cash-flow';
  const wrong: FieldError[] = cash.flatMap((text, at) =>
    RANGE.test(text) ? [] : [{ path: `cash[${at}]`, message: 'must be a code or a range of codes' }],
  );
  if (isCashFlow !== cash.length > 0) {
    wrong.push({ path: 'cash', message: isCashFlow ? 'is required' : 'belongs to a cash flow' });
  }
  const above = new Set<string>();
  for (const [index, row] of rows.entries()) {
    wrong.push(...faultsOf(row, `rows[${index}]`, above));
    above.add(row.key);
  }
  if (wrong.length > 0) throw validationFailed(...wrong);
  const cleaned = checkEach(rows, (row, index) => ({
    ...row,
    title: cleanText(row.title, `rows[${index}].title`, 100),
  }));
  return { rows: cleaned, cash };
}

function faultsOf(row: LayoutRow, path: string, above: ReadonlySet<string>): FieldError[] {
  const faults: FieldError[] = [];
  if (!KEY.test(row.key)) faults.push({ path: `${path}.key`, message: 'must be letters and digits' });
  if (above.has(row.key)) faults.push({ path: `${path}.key`, message: 'must not stand twice' });
  if (row.kind === 'section') {
    row.accounts.forEach((text, at) => {
      if (SELECTOR.test(text)) return;
      const message = 'must be a code, a range of codes, a class or `result`';
      faults.push({ path: `${path}.accounts[${at}]`, message });
    });
    return faults;
  }
  row.of.forEach((key, at) => {
    if (above.has(key)) return;
    faults.push({ path: `${path}.of[${at}]`, message: 'must be the key of a row above it' });
  });
  return faults;
}
