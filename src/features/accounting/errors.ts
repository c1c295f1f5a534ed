import { type ErrorTable, errorsOf } from '#lib/errors.ts';

/** What the bank's own books may answer. */
export const ACCOUNTING_ERRORS = {
  gl_account_exists: {
    status: 409,
    message: 'The chart has a line with this code.',
    action: 'Take another code, or change the line that there is.',
  },
  unknown_gl_account: {
    status: 422,
    message: ({ code }: { readonly code: string }) => `The chart has no line ${code}.`,
    meaning: 'A code that the request names is not one of the chart of accounts.',
    action: 'Take one of `GET /v1/accounting/gl-accounts`, or make the line first.',
  },
  gl_account_in_use: {
    status: 409,
    message: ({ code, why }: { readonly code: string; readonly why: string }) => `The line ${code} ${why}.`,
    meaning:
      'The line is posted to, or the bank’s products use it. It cannot become a group, change its class or be retired.',
    action: 'Make a new line for the purpose.',
  },
  gl_class_differs: {
    status: 422,
    message: ({ parent }: { readonly parent: string }) => `The group ${parent} is of another class.`,
    meaning: 'A line and the group above it are of one class, so that a report may add them up.',
    action: 'Name a group of the same class.',
  },
  gl_control_line: {
    status: 422,
    message: ({ code }: { readonly code: string }) => `The line ${code} is a control line.`,
    meaning:
      'Its balance is that of other rows: customers’ accounts, loans, payments under way. Nobody posts to it by hand.',
    action: 'Post to another line, or do what changes those rows.',
  },
  gl_account_is_group: {
    status: 422,
    message: ({ code }: { readonly code: string }) => `${code} is a group.`,
    meaning: 'Nothing is posted to a group: what it comes to stands on the lines below it.',
    action: 'Ask for one of the lines whose `parent` it is.',
  },
  gl_lines_too_many: {
    status: 422,
    message: ({ max }: { readonly max: number }) => `The file would have more than ${max} lines.`,
    meaning: 'A file is made at once, and is that long at most.',
    action: 'Ask for a shorter span, or read the pages as JSON.',
  },
  gl_account_not_manual: {
    status: 422,
    message: ({ code, why }: { readonly code: string; readonly why: string }) => `The line ${code} ${why}.`,
    meaning: 'The line is a group, is retired, or is not open for journal entries by hand.',
    action:
      'Post to another line, or open it: `PATCH /v1/accounting/gl-accounts/{code}` with `manualPosting`.',
  },
  entry_not_balanced: {
    status: 422,
    message: ({ currency, debit, credit }: Record<'currency' | 'debit' | 'credit', string>) =>
      `The entry does not balance in ${currency}: debits ${debit}, credits ${credit}.`,
    meaning: 'In some currency the debits of the entry are not as much as its credits.',
    action: 'Correct the lines: each currency balances by itself.',
  },
  journal_entry_not_reversible: {
    status: 422,
    message: ({ what }: { readonly what: string }) => `The entry is ${what}.`,
    meaning: 'Only an entry that was booked by hand is reversed here, and a reversal is not.',
    action:
      'Reverse what the entry is of: a transaction, a loan, a payment. Reopen a year that was closed. Book a reversed entry again.',
  },
  period_not_over: {
    status: 409,
    message: ({ period, because }: { readonly period: string; readonly because: string }) =>
      `The period ${period} is not over: ${because}.`,
    meaning:
      'A period is closed once its last day is: the business date is later, and its ends of day are done.',
    action: 'Wait for the next period, or run the end of day up to the last day of this one.',
  },
  period_not_closed: {
    status: 409,
    message: ({ period }: { readonly period: string }) => `The period ${period} is not closed.`,
    meaning: 'Only what was closed is reopened: a month, or a year.',
    action: 'Nothing: it is open.',
  },
  later_period_closed: {
    status: 409,
    message: ({ period }: { readonly period: string }) => `The later period ${period} is closed.`,
    meaning:
      'What is booked in a period changes the balances of those after it, so the last one is reopened first.',
    action: 'Reopen the later periods first, from the last one back.',
  },
  year_closed: {
    status: 409,
    message: ({ year }: { readonly year: number }) => `The year ${year} is closed.`,
    meaning: 'The result of the year was carried over to retained earnings.',
    action: 'Reopen the year first (`POST /v1/accounting/years/{year}/reopen`).',
  },
  chart_full: {
    status: 422,
    message: ({ max }: { readonly max: number }) => `A chart has at most ${max} lines.`,
    meaning: 'The chart has as many lines as one may have; retired ones count.',
    action: 'Use the lines that there are.',
  },
} as const satisfies ErrorTable;

export const accountingError = errorsOf(ACCOUNTING_ERRORS);
