import { CHART } from '#ledger/chart.ts';
import { productError } from './errors.ts';

type PostingLineRules = {
  readonly usual: string;
  readonly class: LineClass;
  /** Its balance is what accounts have accrued, by a law. */
  readonly isControl?: true;
};
type LineClass = 'asset' | 'liability' | 'equity' | 'income' | 'expense';

/** What a product posts to beside its customers’ accounts, and the class that each line of the chart must have. */
const POSTING_LINES = {
  interestExpense: { usual: CHART.interestExpense, class: 'expense' },
  interestPayable: { usual: CHART.depositInterestPayable, class: 'liability', isControl: true },
  overdraftInterestReceivable: {
    usual: CHART.overdraftInterestReceivable,
    class: 'asset',
    isControl: true,
  },
  overdraftInterestIncome: { usual: CHART.overdraftInterestIncome, class: 'income' },
  withholdingTaxPayable: { usual: CHART.withholdingTaxPayable, class: 'liability' },
  feeIncome: { usual: CHART.feeIncome, class: 'income' },
  feeTaxPayable: { usual: CHART.feeTaxPayable, class: 'liability' },
} as const satisfies Readonly<Record<string, PostingLineRules>>;

export type PostingLine = keyof typeof POSTING_LINES;
export const POSTING_LINE_NAMES = Object.keys(POSTING_LINES) as PostingLine[];

/** Codes of lines of the chart that stand in place of the usual ones. */
export type ProductAccounting = { readonly [Line in PostingLine]?: string | undefined };

/** The line of the chart that a product posts to. */
export function postingLineOf(accounting: ProductAccounting, line: PostingLine): string {
  return accounting[line] ?? POSTING_LINES[line].usual;
}

/** A line of the chart as a product sees it. */
export type ChartLine = {
  readonly glCode: string;
  readonly class: LineClass;
  /** Whether anything may be posted to it: it is not a group, and not retired. */
  readonly isOpen: boolean;
  /** Whether the bank has an account of its own of it, in the product's currency. */
  readonly isInternal: boolean;
  /** Whether accounts of customers stand behind it. */
  readonly isOfCustomers: boolean;
  /** Whether nobody posts to it by hand: other rows account for its balance. */
  readonly isControl: boolean;
};

/**
 * Throws 422 `gl_account_unsuitable`, with every field that names a line that the chart lacks, that is closed to postings,
 * of another class, or on the other side of the bank: customers’ accounts belong to a control line that is a liability.
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
  if (!line.isOpen) return 'must be a line that is posted to';
  if (name === 'customerAccounts') {
    if (line.class !== 'liability') return 'must be of the class liability';
    return line.isInternal || !line.isControl ? 'must be a control line of customers’ accounts' : undefined;
  }
  const wanted: PostingLineRules = POSTING_LINES[name as PostingLine];
  if (line.class !== wanted.class) return `must be of the class ${wanted.class}`;
  if (line.isOfCustomers) return 'must be a line of the bank’s own';
  if (line.isControl === (wanted.isControl ?? false)) return undefined;
  return wanted.isControl ? 'must be a control line' : 'must not be a control line';
}
