import { CHART } from '#ledger/chart.ts';
import type { AccountClass } from '#ledger/trial-balance.ts';
import { productError } from './errors.ts';

/** What a product posts to beside its customers' accounts, and the class that each line of the chart must have. */
export const POSTING_LINES = {
  interestExpense: { usual: CHART.interestExpense, class: 'expense' },
} as const satisfies Readonly<Record<string, { readonly usual: string; readonly class: AccountClass }>>;

export type PostingLine = keyof typeof POSTING_LINES;
export const POSTING_LINE_NAMES = Object.keys(POSTING_LINES) as PostingLine[];

/** Codes of lines of the chart that stand in place of the usual ones. */
export type ProductAccounting = { readonly [Line in PostingLine]?: string | undefined };

/** The line of the chart that a product posts to. */
export function postingLineOf(accounting: ProductAccounting, line: PostingLine): string {
  return accounting[line] ?? POSTING_LINES[line].usual;
}

/** A line of the chart. The bank has an account of its own of a line in some currencies, or customers' stand behind it. */
export type ChartLine = {
  readonly glCode: string;
  readonly class: AccountClass;
  readonly isInternal: boolean;
};

/**
 * Throws 422 `gl_account_unsuitable`, with every field that names a line that the chart lacks, of another class, or on the
 * other side of the bank: customers' accounts belong to a liability without an account of the bank's own.
 */
export function assertLines(wanted: Readonly<Record<string, string>>, lines: readonly ChartLine[]): void {
  const fields = Object.entries(wanted).flatMap(([name, glCode]) => {
    const line = lines.find((one) => one.glCode === glCode);
    const message = faultOf(name, line);
    return message === undefined ? [] : [{ path: `accounting.${name}`, message }];
  });
  if (fields.length > 0) throw productError('gl_account_unsuitable', { fields });
}

function faultOf(name: string, line: ChartLine | undefined): string | undefined {
  if (line === undefined) return 'is not a line of the chart';
  const isOfCustomers = name === 'customerAccounts';
  const wanted = isOfCustomers ? 'liability' : POSTING_LINES[name as PostingLine].class;
  if (line.class !== wanted) return `must be of the class ${wanted}`;
  if (line.isInternal === isOfCustomers) {
    return isOfCustomers
      ? 'must be a line of customers’ accounts'
      : 'must be a line of the bank’s own in this currency';
  }
  return undefined;
}
