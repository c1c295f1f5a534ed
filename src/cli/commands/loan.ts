import type { Command } from 'commander';
import type { LoanQuote, ScheduleRowView } from '#features/loans/contract.ts';
import { computeQuote, formatPercent, quoteView, readTerms } from '#features/loans/contract.ts';
import type { LoanOptions } from '../loan-options.ts';
import { addLoanOptions, termsInputOf } from '../loan-options.ts';
import type { OutputOptions } from '../output.ts';
import { show } from '../output.ts';
import type { Column } from '../table.ts';
import { renderFields, renderTable } from '../table.ts';
import { asUsage } from '../values.ts';

/** `loan quote|schedule`: both compute and store nothing, and need no database. */
export function addLoanCommands(program: Command): void {
  const loan = program.command('loan').description('what loans cost');
  addLoanOptions(loan.command('quote').description('an offer: what a loan costs, and its whole schedule'))
    .option('--json', 'print JSON')
    .action((options: Options) => showQuote(options, (quote) => renderOffer(quote, options)));
  addLoanOptions(loan.command('schedule').description('the schedule of a loan alone'))
    .option('--json', 'print JSON')
    .action((options: Options) => showQuote(options, renderSchedule));
}

type Options = LoanOptions & OutputOptions;

async function showQuote(options: Options, render: (quote: LoanQuote) => string): Promise<void> {
  const terms = asUsage(() => readTerms(termsInputOf(options)));
  const quote = computeQuote(terms, options.apr);
  await show(options, quoteView(quote), () => render(quote));
}

const APR_NAMES = { eu: 'APRC (EU)', us: 'APR (US)', uk: 'APR (UK)' } as const;

/** What a borrower compares offers by, and then every payment. */
function renderOffer(quote: LoanQuote, { currency, rate, instalments, every, apr }: Options): string {
  const { schedule, totals } = quoteView(quote);
  const period = every.count === 1 ? every.unit : `${every.count} ${every.unit}s`;
  const offer = {
    loan: `${totals.principal} ${currency}`,
    instalments: `${instalments}, one every ${period}, the last on ${schedule.at(-1)?.dueDate}`,
    instalment: instalmentText(quote, currency),
    'interest rate': `${rate} % a year, nominal`,
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
