import { type Static, Type } from 'typebox';
import { IssuingBankSchema } from '#features/books/contract.ts';
import { choice, currency, date, id, list, signedAmount, text, whole } from '#http/fields.ts';
import { closedObject, described, nullable, resource } from '#http/schemas.ts';
import { LOAN_EVENT_KINDS } from '../event.ts';
import { DayCount, Method, PeriodUnit } from '../products/terms-schemas.ts';
import { ArrearsBucket, LoanSchema, Parts, parts } from '../schemas.ts';

const STATEMENT_FORMATS = ['json', 'csv', 'pdf'] as const;

export const StatementQuery = closedObject({
  from: Type.Optional(date('The first date; from the beginning if not given.')),
  to: Type.Optional(date('The last date; to the latest if not given.')),
  format: Type.Optional(choice('StatementFormat', 'The format; `json` if not given.', STATEMENT_FORMATS)),
});

const StatementLineSchema = resource('LoanStatementLine', 'What was booked of a loan.', {
  number: nullable(whole('The number of the transaction; null for what was earned.', 3)),
  type: choice('LoanStatementLineType', 'What was booked.', [...LOAN_EVENT_KINDS, 'interest_accrued']),
  date: date('The date on which it was booked.'),
  valueDate: date('The date for which it counts.'),
  businessDate: date('The date on which it was booked.'),
  amount: signedAmount('How much was moved.'),
  ...parts,
  change: described(Parts, 'By how much it changes what is owed.'),
  outstanding: described(Parts, 'All that is owed after it.'),
  instalment: nullable(whole('The row of the schedule that fell due or was late.', 4)),
  reason: nullable(text('The reason, for staff; null for customers.', 'Income too low')),
  customerReason: nullable(text('What the borrower reads about it.', 'At your request')),
  undoes: nullable(whole('The number of the transaction that it took back.', 2)),
  transactionId: nullable(id('transaction', 'The transaction, where money moved.')),
});
export type LoanStatementLineView = Static<typeof StatementLineSchema>;

export const LoanStatementSchema = resource('LoanStatement', 'What happened to a loan in a period.', {
  loan: LoanSchema,
  bank: described(IssuingBankSchema, 'The bank.'),
  productName: text('The name of the product.', 'Car loan'),
  borrower: text('The name of the borrower.', 'Anna Sommer'),
  iban: nullable(text('The IBAN of the account; null in a country without IBANs.', 'DE88100100101000000001')),
  accountNumber: text('The number of the account.', '1000000001'),
  terms: resource('LoanTerms', 'The terms of a loan.', {
    amount: signedAmount('How much was lent.'),
    annualRatePercent: text('The annual rate, in percent.', '9.5'),
    instalments: whole('How many instalments were asked for.', 12),
    every: resource('LoanPeriod', 'The time from one instalment to the next.', {
      count: whole('How many units.', 1),
      unit: PeriodUnit,
    }),
    method: described(Method, 'How principal is spread.'),
    dayCount: described(DayCount, 'How days of interest are counted.'),
  }),
  from: nullable(date('The first date; null for the beginning.')),
  to: nullable(date('The last date; null for the latest.')),
  opening: described(Parts, 'All that the books had as owed before the period.'),
  closing: described(Parts, 'All that the books had as owed at its end.'),
  lines: list(
    'What was booked, by date; opening and the changes of the lines are closing.',
    StatementLineSchema,
  ),
});
export type LoanStatementView = Static<typeof LoanStatementSchema>;

export const PortfolioQuery = closedObject({
  asOf: Type.Optional(date('The end of this date; of the last closed one if not given.')),
});

const atRisk = (days: number) =>
  text(`Principal of loans more than ${days} days past due, in percent of all principal.`, '3.25');

const sums = {
  currency: currency('The currency of the amounts.'),
  loans: whole('How many loans.', 120),
  outstanding: described(Parts, 'All that is owed, due or not.'),
  arrears: signedAmount('What is overdue of it.'),
  buckets: list(
    'The same by days past due.',
    resource('PortfolioBucket', 'Loans of a bucket.', {
      bucket: ArrearsBucket,
      loans: whole('How many loans.', 3),
      outstanding: described(Parts, 'All that is owed, due or not.'),
      arrears: signedAmount('What is overdue of it.'),
    }),
  ),
  par30Percent: atRisk(30),
  par90Percent: atRisk(90),
  provisionHeld: signedAmount('What the books provide for losses.'),
  provisionRequired: signedAmount('What they should, by the products.'),
  nonAccrual: resource('PortfolioNonAccrual', 'Loans that earn no income, because they are past due.', {
    loans: whole('How many loans.', 2),
    memorandum: signedAmount('Interest and penalty interest that they owe and that is not in the books.'),
  }),
  security: resource('PortfolioSecurity', 'How loans are secured.', {
    collateral: signedAmount('The value of the collateral that is not released.'),
    secured: signedAmount('The principal that it covers, loan by loan.'),
    unsecured: signedAmount('The rest of the principal.'),
    coveragePercent: text('What is secured, in percent of all principal.', '64.20'),
    guaranteedLoans: whole('Loans with a guarantor.', 4),
    coBorrowerLoans: whole('Loans with a co-borrower.', 2),
  }),
};

const Totals = resource('PortfolioTotal', 'What is lent in a currency.', sums);

export const PortfolioSchema = resource('Portfolio', 'What is lent at the end of a date.', {
  asOf: date('The end of this date.'),
  products: list(
    'By product.',
    resource('PortfolioProduct', 'What is lent on a product.', {
      productId: id('loanProduct', 'The product.'),
      productName: text('The name of the product.', 'Car loan'),
      ...sums,
    }),
  ),
  totals: list('By currency.', Totals),
});
export type PortfolioView = Static<typeof PortfolioSchema>;
export type PortfolioTotalView = Static<typeof Totals>;
