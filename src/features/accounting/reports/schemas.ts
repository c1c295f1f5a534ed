import { type Static, Type } from 'typebox';
import { choice, currency, date, flag, givenText, list, signedAmount, text, whole } from '#http/fields.ts';
import { jsonOrFile } from '#http/file-answers.ts';
import { closedObject, nullable, requestObject, resource } from '#http/schemas.ts';
import { taggedChoice } from '#http/tagged-choice.ts';
import type { Currency } from '#lib/money/currencies.ts';
import { formatAmount } from '#lib/money/money.ts';
import { orNull } from '#lib/text.ts';
import { type Amounts, type CurrencyReport, signed } from './compose.ts';
import { type Layout, RESULT } from './layout.ts';
import type { FinancialReport } from './service.ts';

/** For `response` of a route: a report in one of three media types. */
export const reportAnswer = <Schema>(schema: Schema) =>
  jsonOrFile(schema, 'The report.', {
    csv: 'UTF-8, one row for each of the report.',
    pdf: 'One or more pages.',
  });

const format = Type.Optional(
  choice('ReportFormat', 'The format; `json` if not given.', ['json', 'csv', 'pdf']),
);
const inCurrency = Type.Optional(currency('In this currency alone; in each if not given.'));

const inBaseCurrency = Type.Optional(
  flag('All currencies in that of the bank, at the middle rates of the last date; each apart if not given.'),
);

export const BalanceSheetQuery = closedObject({
  asOf: Type.Optional(date('At the end of this date; now if not given.')),
  compareTo: Type.Optional(date('Compared with the end of this date.')),
  currency: inCurrency,
  inBaseCurrency,
  format,
});

const ofSpan = {
  asOf: Type.Optional(date('Of the year up to this date, without from and to.')),
  from: Type.Optional(date('From this date on; from the beginning of the year if not given.')),
  to: Type.Optional(date('Up to the end of this date; up to now if not given.')),
  compareFrom: Type.Optional(
    date(
      'The first date of what it is compared with. As long before as the report has days or months if not given.',
    ),
  ),
  compareTo: Type.Optional(date('The last date of what it is compared with.')),
  currency: inCurrency,
  format,
};

/** Of a cash flow: what it begins with is not at the rates that it ends with. */
export const SpanQuery = closedObject(ofSpan);

export const ProfitAndLossQuery = closedObject({ ...ofSpan, inBaseCurrency });

const compare = nullable(signedAmount('The amount that it is compared with; null without one.'));
const Row = resource('ReportRow', 'A row of a report.', {
  kind: choice('ReportRowKind', 'What the row is.', ['heading', 'group', 'line', 'total', 'subtotal']),
  level: whole('How deep it stands in groups.', 1),
  code: nullable(text('The code of the line or group of the chart.', '1000')),
  title: text('What it says.', 'Cash'),
  amount: nullable(signedAmount('The amount, positive on the side of its section; null of a heading.')),
  compareAmount: compare,
});

const amounts = {
  amount: signedAmount('The amount.'),
  compareAmount: compare,
};
const Total = (name: string, description: string) => resource(name, description, amounts);

const ownLayout = flag('Whether the bank laid it out, or it is as built in.');
const headOfDate = {
  asOf: date('It is of the end of this date.'),
  compareTo: nullable(date('The date that it is compared with.')),
  ownLayout,
};
const headOfSpan = {
  from: date('Its first date.'),
  to: date('Its last date.'),
  compareFrom: nullable(date('The first date of what it is compared with.')),
  compareTo: nullable(date('The last date of what it is compared with.')),
  ownLayout,
};
const Amount = Total('ReportAmount', 'An amount, and what it is compared with.');

const inCurrencies = <Totals extends Record<string, typeof Amount>>(name: string, totals: Totals) => ({
  currencies: list(
    'The report in each currency.',
    resource(`${name}Currency`, 'The report in a currency.', {
      currency: currency('The currency.'),
      rows: list('The rows, in the order of the layout.', Row),
      totals: resource(`${name}Totals`, 'The sums of the books, whatever the layout.', totals),
    }),
  ),
});

export const BalanceSheetSchema = resource(
  'BalanceSheet',
  'Assets, liabilities and equity at the end of a date.',
  {
    ...headOfDate,
    ...inCurrencies('BalanceSheet', { assets: Amount, liabilities: Amount, equity: Amount, result: Amount }),
  },
);
export const ProfitAndLossSchema = resource('ProfitAndLoss', 'Income and expenses of a span.', {
  ...headOfSpan,
  ...inCurrencies('ProfitAndLoss', { income: Amount, expenses: Amount, result: Amount }),
});
export const CashFlowSchema = resource('CashFlow', 'Where cash came from and went in a span.', {
  ...headOfSpan,
  ...inCurrencies('CashFlow', { opening: Amount, change: Amount, closing: Amount }),
});

type AmountView = Static<typeof Amount>;
export type ReportRowView = Static<typeof Row>;
export type ReportCurrencyView = {
  readonly currency: Currency | string;
  readonly rows: readonly ReportRowView[];
  readonly totals: object | CashTotals;
};
/** What a cash flow leads from and to. */
export type CashTotals = { readonly opening: AmountView; readonly closing: AmountView };

const headOf = ({ compared, isOwnLayout }: FinancialReport) => ({
  compareTo: orNull(compared, ({ to }) => to),
  ownLayout: isOwnLayout,
});
const spanOf = ({ span, compared }: FinancialReport) => ({
  ...span,
  compareFrom: orNull(compared, ({ from }) => from),
});

/** The view of a report, with what it sums up in each currency. */
function reportView<Totals>(
  report: FinancialReport,
  totalsOf: (view: (amounts: Amounts | undefined) => AmountView, one: CurrencyReport) => Totals,
) {
  const isCompared = report.compared !== undefined;
  return {
    ...headOf(report),
    currencies: report.currencies.map((one) => {
      const { currency: code, rows } = one;
      const view = (given: Amounts | undefined): AmountView => {
        const [own, other] = given ?? [0n, 0n];
        return {
          amount: formatAmount(own, code),
          compareAmount: isCompared ? formatAmount(other, code) : null,
        };
      };
      return {
        currency: code,
        rows: rows.map(({ kind, level, code: line, title, amounts: given }) => ({
          kind,
          level,
          code: line ?? null,
          title,
          amount: given === undefined ? null : view(given).amount,
          compareAmount: given === undefined ? null : view(given).compareAmount,
        })),
        totals: totalsOf(view, one),
      };
    }),
  };
}

const sum = (one: Amounts = [0n, 0n], other: Amounts = [0n, 0n]): Amounts => [
  one[0] + other[0],
  one[1] + other[1],
];

/** `equity` includes the result that is not carried over. */
export const balanceSheetView = (report: FinancialReport): Static<typeof BalanceSheetSchema> => ({
  asOf: report.span.to,
  ...reportView(report, (view, { byClass }) => ({
    assets: view(signed('debit', byClass.get('asset') ?? [0n, 0n])),
    liabilities: view(byClass.get('liability')),
    equity: view(sum(byClass.get('equity'), byClass.get(RESULT))),
    result: view(byClass.get(RESULT)),
  })),
});

export const profitAndLossView = (report: FinancialReport): Static<typeof ProfitAndLossSchema> => ({
  ...spanOf(report),
  ...reportView(report, (view, { byClass }) => ({
    income: view(byClass.get('income')),
    expenses: view(signed('debit', byClass.get('expense') ?? [0n, 0n])),
    result: view(byClass.get(RESULT)),
  })),
});

export const cashFlowView = (report: FinancialReport): Static<typeof CashFlowSchema> => ({
  ...spanOf(report),
  ...reportView(report, (view, { currency: code }) => {
    const { opening, closing } = report.cash.get(code) ?? {};
    const before: Amounts = opening ?? [0n, 0n];
    const after: Amounts = closing ?? [0n, 0n];
    return {
      opening: view(before),
      change: view([after[0] - before[0], after[1] - before[1]]),
      closing: view(after),
    };
  }),
});

const Side = choice('ReportSide', 'The side on which its amounts are positive.', ['debit', 'credit']);
const rowFields = {
  key: givenText('Its name, for sums below it.', 'assets', 40),
  title: givenText('What it says.', 'Assets', 100),
  side: Side,
};
const kindOf = <const Kind extends string>(kind: Kind, description: string) =>
  Type.Unsafe<Kind>({ const: kind, description });

const LayoutRowSchema = taggedChoice('LayoutRow', 'A section of lines, or a sum of rows above.', 'kind', [
  requestObject('LayoutSection', 'Lines of the chart that are listed and added up.', {
    kind: kindOf('section', 'A section.'),
    ...rowFields,
    accounts: list(
      'Codes, groups, ranges such as `1000-1199`, classes for what no other section names, and `result`.',
      givenText('A code, a group, a range, a class or `result`.', '1000-1199', 21),
      { maxItems: 100 },
    ),
  }),
  requestObject('LayoutSubtotal', 'A sum of rows that stand above it.', {
    kind: kindOf('subtotal', 'A sum.'),
    ...rowFields,
    of: list('The keys of the rows.', givenText('A key.', 'assets', 40), { minItems: 1, maxItems: 100 }),
  }),
]);

const cash = list(
  'Of a cash flow: the lines that are cash, by code, group or range.',
  givenText('A code, a group or a range.', '1000-1199', 21),
  { maxItems: 100 },
);

export const SetLayoutRequest = requestObject('SetReportLayoutRequest', 'How a report is laid out.', {
  rows: list('The rows. What none of them names stands at the end.', LayoutRowSchema, {
    minItems: 1,
    maxItems: 200,
  }),
  cash: Type.Optional(cash),
});

export const LayoutSchema = resource('ReportLayout', 'How a report is laid out.', {
  report: text('The report.', 'balance-sheet'),
  own: flag('Whether the bank laid it out, or it is as built in.'),
  rows: list('The rows.', LayoutRowSchema),
  cash,
});

export const LayoutParams = closedObject({
  report: text('The report: balance-sheet, profit-and-loss or cash-flow.', 'balance-sheet'),
});

export function layoutView(
  report: string,
  { rows, cash: lines }: Layout,
  own: boolean,
): Static<typeof LayoutSchema> {
  return {
    report,
    own,
    cash: [...lines],
    rows: rows.map((row) =>
      row.kind === 'section' ? { ...row, accounts: [...row.accounts] } : { ...row, of: [...row.of] },
    ),
  };
}
