import type { Command } from 'commander';
import {
  computeQuote,
  formatPercent,
  formatRate,
  type LoanQuote,
  type LoanTerms,
  quoteView,
  readTerms,
  type ScheduleRowView,
} from '#features/loans/contract.ts';
import type { LoanId, LoanProductId } from '#lib/ids.ts';
import { addLoanOptions, type LoanOptions, productRequestOf, termsInputOf } from '../loan-options.ts';
import { type OutputOptions, show } from '../output.ts';
import { withBank } from '../run.ts';
import { type Column, renderFields, renderTable } from '../table.ts';
import { asUsage, parseLoanId, parseLoanProductId } from '../values.ts';
import { addLoanLifeCommands } from './loan-life.ts';
import { addLoanReportCommands, showLoanSchedule } from './loan-reports.ts';

/** `loan quote|schedule`: without a product and a loan they compute, and need no database. */
export function addLoanCommands(program: Command): void {
  const loan = program.command('loan').description('loans: what they cost, and what becomes of them');
  addLoanOptions(loan.command('quote').description('an offer: what a loan costs, and its whole schedule'))
    .option('--product <product>', 'on the terms of this product, lnp_…', parseLoanProductId)
    .option('--json', 'print JSON')
    .action(async (options: QuoteOptions, command: Command) => {
      const terms = await termsOf(options, command);
      await showQuote(options, terms, (quote) => renderOffer(quote, options));
    });
  addLoanOptions(loan.command('schedule').description('the schedule of a loan: one that runs, or would'))
    .argument('[loan]', 'the id of a loan, loan_…', parseLoanId)
    .option('--json', 'print JSON')
    .action(async (id: LoanId | undefined, options: Options) => {
      if (id !== undefined) return showLoanSchedule(id, options);
      return showQuote(
        options,
        asUsage(() => readTerms(termsInputOf(options))),
        renderSchedule,
      );
    });
  addLoanLifeCommands(loan);
  addLoanReportCommands(loan);
}

type Options = LoanOptions & OutputOptions;
type QuoteOptions = Options & { readonly product?: LoanProductId };

async function termsOf(options: QuoteOptions, command: Command): Promise<LoanTerms> {
  const { product: id } = options;
  if (id === undefined) return asUsage(() => readTerms(termsInputOf(options)));
  return withBank(async ({ services }) => {
    const product = await services.loanProducts.get(id);
    const { businessDate } = await services.calendar.today();
    const { currency } = product.state;
    return asUsage(() => product.termsOf(productRequestOf(command, options, { currency, businessDate })));
  });
}

async function showQuote(
  options: Options,
  terms: LoanTerms,
  render: (quote: LoanQuote) => string,
): Promise<void> {
  const quote = computeQuote(terms, options.apr);
  await show(options, quoteView(quote), () => render(quote));
}

const APR_NAMES = { eu: 'APRC (EU)', us: 'APR (US)', uk: 'APR (UK)' } as const;

/** What a borrower compares offers by, and then every payment. */
function renderOffer(quote: LoanQuote, { apr }: Options): string {
  const { schedule, totals } = quoteView(quote);
  const { currency, annualRate, instalments, every } = quote.terms;
  const period = every.count === 1 ? every.unit : `${every.count} ${every.unit}s`;
  const offer = {
    loan: `${totals.principal} ${currency}`,
    instalments: `${instalments}, one every ${period}, the last on ${schedule.at(-1)?.dueDate}`,
    instalment: instalmentText(quote, currency),
    'interest rate': `${formatRate(annualRate)} % a year, nominal`,
    [APR_NAMES[apr]]: `${formatPercent(quote.apr, 2)} %`,
    'effective rate': `${formatPercent(quote.effectiveAnnualRate, 2)} % a year, without fees`,
    'total interest': `${totals.interest} ${currency}`,
    'total fees': `${totals.fees} ${currency}`,
    'total to repay': `${totals.total} ${currency}`,
  };
  return `${renderFields(offer)}\n\n${renderSchedule(quote)}`;
}

/** One amount where all instalments but the last are the same. */
function instalmentText(quote: LoanQuote, currency: string): string {
  const rows = quote.schedule.rows.slice(-quote.terms.instalments);
  const views = quoteView(quote).schedule.slice(-quote.terms.instalments);
  const [first, last] = [views[0]?.total, views.at(-1)?.total];
  const others = new Set(rows.slice(0, -1).map(({ totalMinor }) => totalMinor));
  if (others.size > 1) return `as in the schedule, the first ${first} ${currency}`;
  return first === last ? `${first} ${currency}` : `${first} ${currency}, the last ${last} ${currency}`;
}

type Line = Omit<ScheduleRowView, 'number'> & { readonly number: string };

const COLUMNS: readonly Column<Line>[] = [
  { title: 'No.', value: ({ number }) => number, right: true },
  { title: 'Due', value: ({ dueDate }) => dueDate },
  { title: 'Principal', value: ({ principal }) => principal, right: true },
  { title: 'Interest', value: ({ interest }) => interest, right: true },
  { title: 'Fees', value: ({ fees }) => fees, right: true },
  { title: 'To pay', value: ({ total }) => total, right: true },
  { title: 'Outstanding', value: ({ outstanding }) => outstanding, right: true },
];

function renderSchedule(quote: LoanQuote): string {
  const { schedule, totals } = quoteView(quote);
  const lines = schedule.map((row): Line => ({ ...row, number: row.number.toString() }));
  return renderTable(COLUMNS, [...lines, { ...totals, number: '', dueDate: 'Total', outstanding: '' }]);
}
