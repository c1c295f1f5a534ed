import { type Static, Type } from 'typebox';
import {
  amount,
  choice,
  currency,
  externalIdFilter,
  flag,
  givenLabels,
  givenText,
  id,
  instant,
  labelsView,
  list,
  shownLabels,
  text,
  whole,
} from '#http/fields.ts';
import { idParams } from '#http/operations.ts';
import { pageQuery } from '#http/pagination.ts';
import { requestObject, resource } from '#http/schemas.ts';
import { toTypeId } from '#lib/ids.ts';
import { toIsoInstant } from '#lib/time/clock.ts';
import { MAX_FEES, MAX_INSTALMENTS } from '../schedule/read-terms.ts';
import { DUE_DATE_RULES, INTEREST_ENDS } from '../schedule/terms.ts';
import { type LoanProduct, MAX_NAME_LENGTH } from './loan-product.ts';
import {
  ALLOCATIONS,
  ARREARS_BASES,
  EARLY_MONEY,
  LATE_FEE_RULES,
  MAX_RATE_TABLE,
  OVERPAYMENTS,
  PRODUCT_FEE_KINDS,
  PROVISION_BASES,
  REPAYMENT_PARTS,
} from './product-conditions.ts';
import { FixedTermsFields, feeFields, percent } from './terms-schemas.ts';

const count = (description: string, minimum: number) =>
  whole(description, 12, { minimum, maximum: MAX_INSTALMENTS });

const Grace = requestObject(
  'GraceRange',
  'How many first instalments a loan may be granted without something.',
  {
    max: count('The most.', 0),
    default: Type.Optional(count('Where the loan does not say another number; none if not given.', 0)),
  },
);

const Fee = requestObject('ProductFee', 'A fee of each loan: one of amount and percent.', {
  kind: choice(
    'ProductFeeKind',
    '`origination`, `instalment`, or `late`: charged when an instalment is overdue, on what is overdue of it.',
    PRODUCT_FEE_KINDS,
  ),
  ...feeFields,
});

const part = (description: string) => percent(`Percent of what is outstanding ${description}.`, '25');

const CONDITIONS = {
  amount: requestObject('AmountRange', 'How much is lent.', {
    min: amount('The least.'),
    max: amount('The most.'),
  }),
  instalments: requestObject('InstalmentRange', 'In how many instalments.', {
    min: count('The fewest.', 1),
    max: count('The most.', 1),
  }),
  annualRatePercent: requestObject('RateRange', 'At which annual rate, in percent.', {
    min: percent('The lowest.', '5'),
    max: percent('The highest.', '15'),
    default: percent('Where neither the loan nor the table says another.', '12'),
  }),
  rateTable: Type.Optional(
    list(
      'Rates by the amount lent: the row with the highest amountFrom that is not above it.',
      requestObject('RateRow', 'The rate from an amount on.', {
        amountFrom: amount('From this amount on.'),
        annualRatePercent: percent('The annual rate.', '9.5'),
      }),
      { maxItems: MAX_RATE_TABLE },
    ),
  ),
  ...FixedTermsFields,
  gracePrincipal: Type.Optional(Grace),
  graceInterest: Type.Optional(Grace),
  fees: Type.Optional(list('The fees of each loan.', Fee, { maxItems: MAX_FEES })),
  severalDisbursements: Type.Optional(
    flag('Whether a loan may be paid out in several payments; at once if not given.'),
  ),
  prepaymentFee: Type.Optional(
    requestObject(
      'PrepaymentFee',
      'A fee on principal that is repaid before it is due: one of amount and percent. None if not given.',
      {
        amount: Type.Optional(amount('A fixed amount for each prepayment. Give this or percent.')),
        percent: Type.Optional(percent('A percentage of the principal that is repaid early.', '1')),
        withinMonths: Type.Optional(
          whole('For this number of months after the loan is paid out; always if not given.', 12, {
            minimum: 1,
            maximum: 600,
          }),
        ),
      },
    ),
  ),
  penaltyRatePercent: Type.Optional(
    percent('A year’s interest on what is overdue; none if not given.', '18'),
  ),
  repaymentOrder: Type.Optional(
    Type.Array(choice('RepaymentPart', 'A part of what is owed.', REPAYMENT_PARTS), {
      description: 'What a repayment pays first; penalty, fee, interest, principal if not given.',
      examples: [[...REPAYMENT_PARTS]],
      minItems: REPAYMENT_PARTS.length,
      maxItems: REPAYMENT_PARTS.length,
    }),
  ),
  allocation: Type.Optional(
    choice(
      'RepaymentAllocation',
      '`by_part` (if not given): each part of all rows, the oldest first. `oldest_row_first`: all parts of a row before the next.',
      ALLOCATIONS,
    ),
  ),
  dueDates: Type.Optional(
    choice(
      'DueDateRule',
      'A due date on a day off: stays the `same` (if not given), or moves to the `following` or `preceding` one; `modified_following` stays in its month.',
      DUE_DATE_RULES,
    ),
  ),
  interestTo: Type.Optional(
    choice(
      'InterestEnd',
      'Where a due date moves, interest runs to the `nominal` date (if not given), or to the `moved` one.',
      INTEREST_ENDS,
    ),
  ),
  earlyMoney: Type.Optional(
    choice(
      'EarlyMoney',
      'What money beyond what is due does, unless the payer says it: it is kept for the next instalments, ends the loan sooner, or lowers the instalments. `shorten_term` if not given, or with oldest_row_first `next_instalment`.',
      EARLY_MONEY,
    ),
  ),
  lateFeeRule: Type.Optional(
    choice(
      'LateFeeRule',
      '`unless_paid_in_grace` (if not given): no late fee for an instalment that was paid whole within its grace, whatever the money was allocated to. `any_unpaid`: for what is left of it.',
      LATE_FEE_RULES,
    ),
  ),
  arrearsOf: Type.Optional(
    choice(
      'ArrearsBasis',
      'What counts as arrears: principal and interest (if not given), or fees too.',
      ARREARS_BASES,
    ),
  ),
  overpayment: Type.Optional(
    choice(
      'Overpayment',
      'More than is owed is refused (if not given), or the rest is credited to the account.',
      OVERPAYMENTS,
    ),
  ),
  arrearsTolerance: Type.Optional(amount('Arrears up to this do not count; 0 if not given.')),
  arrearsAfterDays: Type.Optional(
    whole('Days after a due date until a loan is in arrears; 0 if not given.', 3, {
      minimum: 0,
      maximum: 90,
    }),
  ),
  valueDateDays: Type.Optional(
    whole('How many days back a repayment may be dated; 31 if not given.', 31, { minimum: 0, maximum: 366 }),
  ),
  nonAccrualAfterDays: Type.Optional(
    whole(
      'Days past due from which a loan earns no income: its interest leaves the books, and is income once it is paid. Never if not given.',
      90,
      { minimum: 1, maximum: 3_650 },
    ),
  ),
  provisionsOf: Type.Optional(
    choice(
      'ProvisionBasis',
      'What provisioningPercent is of: principal and the interest in the books (if not given), or principal alone.',
      PROVISION_BASES,
    ),
  ),
  provisioningPercent: Type.Optional(
    requestObject('Provisioning', 'What is provided for, by days past due.', {
      current: part('while nothing is overdue'),
      days1To30: part('1 to 30 days past due'),
      days31To60: part('31 to 60 days past due'),
      days61To90: part('61 to 90 days past due'),
      over90: part('more than 90 days past due'),
    }),
  ),
};

const NAME = 'Car loan';

export const CreateLoanProductRequest = requestObject('CreateLoanProductRequest', 'Terms to lend on.', {
  name: givenText('The name, unique in the book.', NAME, MAX_NAME_LENGTH),
  currency: currency('The currency of its loans.'),
  ...CONDITIONS,
  ...givenLabels('lpr-4711'),
});

export const LoanProductSchema = resource(
  'LoanProduct',
  'Terms on which the bank lends, as they were given.',
  {
    id: id('loanProduct', 'The id.'),
    name: text('The name.', NAME),
    currency: currency('The currency of its loans.'),
    ...CONDITIONS,
    ...shownLabels('lpr-4711'),
    createdAt: instant('When it was created.'),
  },
);
export type LoanProductView = Static<typeof LoanProductSchema>;

export function loanProductView({ state }: LoanProduct): LoanProductView {
  const { id, name, currency, conditions, createdAtMs } = state;
  return {
    id: toTypeId('loanProduct', id),
    name,
    currency,
    ...conditions,
    ...labelsView(state),
    createdAt: toIsoInstant(createdAtMs),
  };
}

export const ListLoanProductsQuery = pageQuery({ externalId: externalIdFilter('lpr-4711') });
export const LoanProductParams = idParams('loanProduct');
