import { Type } from 'typebox';
import {
  amount,
  changedLabels,
  choice,
  currency,
  date,
  flag,
  givenLabels,
  givenText,
  id,
  list,
  reasons,
  whole,
} from '#http/fields.ts';
import { nullable, requestObject } from '#http/schemas.ts';
import { FEE_SOURCES, WAIVED_PARTS } from './event.ts';
import { EARLY_MONEY } from './products/product-conditions.ts';
import { RateChange } from './products/quote-schemas.ts';
import { percent } from './products/terms-schemas.ts';
import { MAX_CHANGES, MAX_INSTALMENTS } from './schedule/read-terms.ts';

const why = reasons('Income too low');
const count = (description: string, example: number, minimum = 1) =>
  Type.Optional(whole(description, example, { minimum, maximum: MAX_INSTALMENTS }));

export const ApplyForLoanRequest = requestObject(
  'ApplyForLoanRequest',
  'A loan to apply for. Give one of instalments and termMonths.',
  {
    customerId: id('customer', 'The borrower.'),
    accountId: id('account', 'The borrower’s account: the loan is paid out to it and collected from it.'),
    productId: id('loanProduct', 'The product, whose conditions hold.'),
    amount: amount('How much to borrow.'),
    currency: Type.Optional(currency('That of the product, which it is if not given.')),
    instalments: count('How many instalments.', 12),
    termMonths: Type.Optional(
      whole('How many months, in place of instalments, where these are monthly.', 12, {
        minimum: 1,
        maximum: 1200,
      }),
    ),
    annualRatePercent: Type.Optional(percent('A year’s interest; that of the product if not given.', '12')),
    disbursedOn: Type.Optional(date('When it is to be paid out; the business date if not given.')),
    firstDueOn: Type.Optional(date('When the first instalment is due; one period later if not given.')),
    gracePrincipal: count('How many first instalments are without principal.', 3, 0),
    graceInterest: count('How many first instalments are without interest.', 3, 0),
    rateChanges: Type.Optional(list('Later rates.', RateChange, { maxItems: MAX_CHANGES })),
    directDebit: Type.Optional(flag('Collect what falls due from the account; true if not given.')),
    officer: Type.Optional(givenText('Who looks after it at the bank.', 'usr-lena', 100)),
    ...givenLabels('los-4711'),
  },
);

export const ApproveLoanRequest = requestObject('ApproveLoanRequest', 'What to approve.', {
  amount: Type.Optional(amount('How much; all that was asked for if not given.')),
});

export const LoanReasonRequest = requestObject('LoanReasonRequest', 'Why something is done to a loan.', {
  ...why,
});

export const ChangeLoanRequest = requestObject('ChangeLoanRequest', 'What of a loan is changed.', {
  directDebit: Type.Optional(flag('Whether what falls due is collected from the account.')),
  officer: Type.Optional(
    nullable(givenText('Who looks after it at the bank; null for nobody.', 'usr-lena', 100)),
  ),
  ...changedLabels('los-4711'),
});

export const DisburseLoanRequest = requestObject('DisburseLoanRequest', 'How a loan is paid out.', {
  amount: Type.Optional(
    amount('A part of it, where the product has severalDisbursements; all that is left if not given.'),
  ),
  feesFrom: Type.Optional(
    choice(
      'FeeSource',
      '`amount`: the fee for making the loan is kept back from what is paid out. `account` (if not given): all is paid out, and the fee is due at once.',
      FEE_SOURCES,
    ),
  ),
  firstDueOn: Type.Optional(
    date('When the first instalment is due; as asked for if not given. Counts for the first payment out.'),
  ),
  rateChanges: Type.Optional(
    list('Later rates; those that were asked for if not given.', RateChange, { maxItems: MAX_CHANGES }),
  ),
  ...givenLabels('dsb-4711'),
});

const money = {
  amount: amount('How much is paid.'),
  currency: currency('The currency of the loan.'),
  from: Type.Optional(
    choice('RepaymentSource', '`account` (if not given): accountId, or the borrower’s. `cash`: the till.', [
      'account',
      'cash',
    ]),
  ),
  accountId: Type.Optional(id('account', 'The account that pays; the borrower’s if not given.')),
  ...givenLabels('rep-4711'),
};

export const RepayLoanRequest = requestObject('RepayLoanRequest', 'A repayment.', {
  ...money,
  valueDate: Type.Optional(
    date('The date from which it counts, as far back as the product allows; the business date if not given.'),
  ),
  strategy: Type.Optional(
    choice(
      'RepaymentStrategy',
      'What a payment of more than is due does; as the product says if not given. `lower_instalment` is `lower_instalments`.',
      [...EARLY_MONEY, 'lower_instalment'],
    ),
  ),
});
export const WaiveLoanRequest = requestObject('WaiveLoanRequest', 'What is given up of what is due.', {
  part: choice('WaivedPart', 'Which part of the debt.', WAIVED_PARTS),
  amount: Type.Optional(amount('How much; all of it that is due if not given.')),
  ...why,
});

export const ChargeLoanRequest = requestObject('ChargeLoanRequest', 'A fee that is due at once.', {
  amount: amount('How much.'),
  ...why,
});

export const RecoverLoanRequest = requestObject(
  'RecoverLoanRequest',
  'Money for a loan that was lost.',
  money,
);

export const QuotePayoffRequest = requestObject('QuotePayoffRequest', 'When a loan is to be repaid.', {
  on: Type.Optional(date('The date; the business date if not given.')),
});

export const RescheduleLoanRequest = requestObject(
  'RescheduleLoanRequest',
  'New terms for what is left; what is not given stays as it is.',
  {
    annualRatePercent: Type.Optional(percent('A year’s interest from the next day on.', '9.5')),
    instalments: count('How many instalments are left.', 24),
    holidayInstalments: count('How many instalments to skip; they come after the others.', 2),
    reAge: Type.Optional(flag('Make what is overdue a part of the new schedule; false if not given.')),
    override: Type.Optional(
      flag('Set the limits of the product aside, for the reason given; false if not given.'),
    ),
    reason: Type.Optional(why.reason),
    customerReason: why.customerReason,
  },
);
