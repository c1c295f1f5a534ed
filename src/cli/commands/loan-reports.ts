import { writeFile } from 'node:fs/promises';
import { type Command, Option } from 'commander';
import {
  LOAN_STATUSES,
  type LoanScheduleView,
  type LoanStatementView,
  type LoanStatus,
  type LoanView,
  loanScheduleView,
  loanStatementCsv,
  loanStatementView,
  loanView,
  type PortfolioView,
  partsView,
  portfolioView,
  printStatement,
  SHEET_TITLES,
  type SheetLine,
  statementSheet,
} from '#features/loans/contract.ts';
import type { LoanId } from '#lib/ids.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import { CommandFailedError, UsageError } from '../failures.ts';
import { findReferredAccount } from '../find-account.ts';
import { type OutputOptions, show, write } from '../output.ts';
import { addPageOptions, nextPageHint, type PageOptions, pageOf } from '../pages.ts';
import { addPeriodOptions, checkPeriod, type PeriodOptions } from '../period.ts';
import { CLI_CALLER, withBank } from '../run.ts';
import { type Column, renderFields, renderList, renderTable } from '../table.ts';
import { type AccountReference, parseAccountReference, parseDateValue, parseLoanId } from '../values.ts';
import { onLoan } from './loan-life.ts';

/** `loan list|show|payoff|statement|portfolio`. */
export function addLoanReportCommands(loan: Command): void {
  addPageOptions(
    loan
      .command('list')
      .description('list loans, newest first')
      .option('--account <account>', 'of this account: id, IBAN or number', parseAccountReference)
      .addOption(new Option('--status <status>', 'only these').choices(LOAN_STATUSES))
      .option('--external-id <id>', 'with this id in another system')
      .option('--json', 'print JSON'),
    parseLoanId,
  ).action(listLoans);
  onLoan(loan, 'show', 'show a loan: what is owed, what is due, and what comes next')
    .option('--json', 'print JSON')
    .action(async (id: LoanId, options: OutputOptions) => {
      const view = loanView(await withBank(({ services }) => services.loans.get(CLI_CALLER, id)));
      await show(options, view, () => renderFields(view));
    });
  onLoan(loan, 'payoff', 'what would repay a loan on a date')
    .option('--on <date>', 'today if not given', parseDateValue)
    .option('--json', 'print JSON')
    .action(showPayoff);
  addStatement(loan);
  loan
    .command('portfolio')
    .description('what is lent: by product, arrears, at risk, provisions')
    .option('--as-of <date>', 'at the end of this date; today if not given', parseDateValue)
    .option('--json', 'print JSON')
    .action(async (options: OutputOptions & { readonly asOf?: IsoDate }) => {
      const view = portfolioView(
        await withBank(({ services }) => services.loanReports.portfolio(options.asOf)),
      );
      await show(options, view, () => renderPortfolio(view));
    });
}

type ListOptions = OutputOptions &
  PageOptions<LoanId> & {
    readonly account?: AccountReference;
    readonly status?: LoanStatus;
    readonly externalId?: string;
  };

async function listLoans({
  account,
  status,
  externalId,
  limit,
  cursor,
  ...options
}: ListOptions): Promise<void> {
  const loans = await withBank(async ({ services }) => {
    const accountId = account === undefined ? undefined : (await findReferredAccount(services, account)).id;
    const filter = { accountId, status, externalId, after: cursor, limit: limit + 1 };
    return services.loans.list(CLI_CALLER, filter);
  });
  const page = pageOf(loans, limit, loanView);
  await show(options, page, () => renderList(LOAN_COLUMNS, page.data, 'No loans.') + nextPageHint(page));
}

async function showPayoff(id: LoanId, options: OutputOptions & { readonly on?: IsoDate }): Promise<void> {
  const { loan, on, payoff } = await withBank(({ services }) =>
    services.loans.quotePayoff(CLI_CALLER, id, options.on),
  );
  const view = { on, currency: loan.currency, ...partsView(payoff, loan.currency) };
  await show(options, view, () => renderFields(view));
}

/** The schedule that a loan goes by. */
export async function showLoanSchedule(id: LoanId, options: OutputOptions): Promise<void> {
  const view = loanScheduleView(await withBank(({ services }) => services.loans.schedule(CLI_CALLER, id)));
  await show(options, view, () => {
    const total = { ...view.totals, number: '', dueDate: 'Total', outstanding: '', status: '' };
    const rows = view.schedule.map((row) => ({ ...row, number: `${row.number}` }));
    return renderTable(SCHEDULE_COLUMNS, [...rows, total]);
  });
}

const FORMATS = ['table', 'csv', 'json', 'pdf'] as const;
type StatementOptions = PeriodOptions & {
  readonly format: (typeof FORMATS)[number];
  readonly output?: string;
};

function addStatement(loan: Command): void {
  addPeriodOptions(
    onLoan(loan, 'statement', 'what happened to a loan, and what is owed')
      .addOption(new Option('--format <format>', 'how it is written').choices(FORMATS).default('table'))
      .option('--output <file>', 'write it there; a PDF needs it'),
  ).action(async (id: LoanId, options: StatementOptions) => {
    checkPeriod(options);
    const { from, to, format, output } = options;
    if (format === 'pdf' && output === undefined) throw new UsageError('--format pdf needs --output FILE');
    const statement = await withBank(({ services }) =>
      services.loanReports.statement(CLI_CALLER, id, { from, to }),
    );
    const view = loanStatementView(statement);
    const content =
      format === 'pdf'
        ? await printStatement(statementSheet(view), statement.createdAtMs)
        : textOf(view, format);
    if (output === undefined) await write(content.toString());
    else await writeOutput(output, content);
  });
}

function textOf(view: LoanStatementView, format: 'table' | 'csv' | 'json'): string {
  switch (format) {
    case 'csv':
      return loanStatementCsv(view);
    case 'json':
      return `${JSON.stringify(view, null, 2)}\n`;
    case 'table': {
      const { title, period, facts, lines } = statementSheet(view);
      return `${title}, ${period}\n\n${renderFields(facts)}\n\n${renderTable(SHEET_COLUMNS, lines)}\n`;
    }
  }
}

async function writeOutput(path: string, content: string | Buffer): Promise<void> {
  try {
    await writeFile(path, content);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CommandFailedError('output_failed', `cannot write ${path}: ${reason}`, error);
  }
}

/** A table of the products, and for each currency a table of how late its loans are. */
function renderPortfolio({ asOf, products, totals }: PortfolioView): string {
  if (products.length === 0) return `Nothing is lent on ${asOf}.`;
  const tables = totals.map((total) => {
    const buckets = renderTable(BUCKET_COLUMNS, total.buckets);
    return `${total.currency}, PAR30 ${total.par30Percent} %, PAR90 ${total.par90Percent} %\n\n${buckets}`;
  });
  const rows = [...products, ...totals.map((total) => ({ ...total, productName: 'All' }))];
  return [`Loans at the end of ${asOf}`, renderTable(PRODUCT_COLUMNS, rows), ...tables].join('\n\n');
}

const LOAN_COLUMNS: readonly Column<LoanView>[] = [
  { title: 'Id', value: ({ id }) => id },
  { title: 'Account', value: ({ accountId }) => accountId },
  {
    title: 'Lent',
    value: ({ approvedAmount, requestedAmount }) => approvedAmount ?? requestedAmount,
    right: true,
  },
  { title: 'Owed', value: ({ outstanding }) => outstanding.total, right: true },
  { title: 'Due', value: ({ due }) => due.total, right: true },
  { title: 'Currency', value: ({ currency }) => currency },
  { title: 'Next', value: ({ nextDueDate }) => nextDueDate },
  { title: 'Days late', value: ({ daysPastDue }) => `${daysPastDue}`, right: true },
  { title: 'Status', value: ({ status }) => status },
];

type ScheduleLine = Omit<LoanScheduleView['schedule'][number], 'number' | 'status'> & {
  readonly number: string;
  readonly status: string;
};

const SCHEDULE_COLUMNS: readonly Column<ScheduleLine>[] = [
  { title: 'No.', value: ({ number }) => number, right: true },
  { title: 'Due', value: ({ dueDate }) => dueDate },
  { title: 'Principal', value: ({ principal }) => principal, right: true },
  { title: 'Interest', value: ({ interest }) => interest, right: true },
  { title: 'Fees', value: ({ fees }) => fees, right: true },
  { title: 'To pay', value: ({ total }) => total, right: true },
  { title: 'Outstanding', value: ({ outstanding }) => outstanding, right: true },
  { title: 'Status', value: ({ status }) => status },
];

const sheetColumn = (name: keyof SheetLine): Column<SheetLine> => ({
  title: SHEET_TITLES[name],
  value: (line) => line[name],
  right: name !== 'date' && name !== 'text',
});

const SHEET_COLUMNS: readonly Column<SheetLine>[] = [
  sheetColumn('date'),
  sheetColumn('text'),
  sheetColumn('amount'),
  sheetColumn('principal'),
  sheetColumn('interest'),
  sheetColumn('fees'),
  sheetColumn('penalties'),
  sheetColumn('owed'),
];

type ProductLine = PortfolioView['totals'][number] & { readonly productName: string };

const PRODUCT_COLUMNS: readonly Column<ProductLine>[] = [
  { title: 'Product', value: ({ productName }) => productName },
  { title: 'Currency', value: ({ currency }) => currency },
  { title: 'Loans', value: ({ loans }) => `${loans}`, right: true },
  { title: 'Principal', value: ({ outstanding }) => outstanding.principal, right: true },
  { title: 'Interest', value: ({ outstanding }) => outstanding.interest, right: true },
  { title: 'Fees', value: ({ outstanding }) => outstanding.fees, right: true },
  { title: 'Penalties', value: ({ outstanding }) => outstanding.penalties, right: true },
  { title: 'Arrears', value: ({ arrears }) => arrears, right: true },
  { title: 'PAR30 %', value: ({ par30Percent }) => par30Percent, right: true },
  { title: 'Provision', value: ({ provisionHeld }) => provisionHeld, right: true },
  { title: 'Required', value: ({ provisionRequired }) => provisionRequired, right: true },
];

const BUCKET_NAMES = {
  current: 'current',
  days1To30: '1–30',
  days31To60: '31–60',
  days61To90: '61–90',
  over90: '90+',
} as const;

const BUCKET_COLUMNS: readonly Column<PortfolioView['totals'][number]['buckets'][number]>[] = [
  { title: 'Days late', value: ({ bucket }) => BUCKET_NAMES[bucket] },
  { title: 'Loans', value: ({ loans }) => `${loans}`, right: true },
  { title: 'Principal', value: ({ outstanding }) => outstanding.principal, right: true },
  { title: 'Arrears', value: ({ arrears }) => arrears, right: true },
];
