import { type ErrorTable, errorsOf } from '#lib/errors.ts';

/** What statements may answer. */
export const STATEMENT_ERRORS = {
  statement_date_open: {
    status: 409,
    message: ({
      date,
      closedThrough,
    }: {
      readonly date?: string | undefined;
      readonly closedThrough?: string | undefined;
    }) =>
      `A statement ends with a date that is closed: ${date ?? 'the first'} is not${
        closedThrough === undefined ? '' : `, the last is ${closedThrough}`
      }.`,
    meaning: 'Something may still be booked on the date, or no date was closed yet.',
    action: 'Choose a date that is closed, or wait for the end of the day.',
  },
  statement_exists: {
    status: 409,
    message: 'There is a statement to that date or a later one already.',
    action: 'Read that one: statements are not made twice.',
  },
  account_statement_empty: {
    status: 409,
    message: 'Nothing was booked since the last statement, and the balance is zero.',
    action: 'Nothing: there is nothing to state.',
  },
  account_statement_too_long: {
    status: 422,
    message: 'The statement has too many lines for this.',
    meaning: 'A PDF shows up to 5,000 lines; a statement on request has up to 50,000.',
    action: 'Ask for a shorter period, or read it as CSV or JSON.',
  },
} as const satisfies ErrorTable;

export const statementError = errorsOf(STATEMENT_ERRORS);
