import { type Static, Type } from 'typebox';
import { FeesSchema } from '#features/fees/contract.ts';
import { DepositTermsSchema, InterestTermsSchema } from '#features/interest/contract.ts';
import { amount, choice, flag, list, text, whole } from '#http/fields.ts';
import { requestObject } from '#http/schemas.ts';
import { APPLIES_TO, HOLDER_TYPES } from './terms.ts';

/** A hundred years: longer is a typing error. */
const MAX_DAYS = 36_525;
/** More than hold any account. */
const MAX_HOLDERS = 100;

const age = (description: string, example: number) =>
  whole(description, example, { minimum: 0, maximum: 150 });

const Overdraft = requestObject('OverdraftTerms', 'Whether accounts may be overdrawn.', {
  allowed: flag('Whether an account may have an overdraft limit.'),
  maximumLimit: Type.Optional(amount('The highest limit of an account; no bound if not given.')),
  unarrangedTolerance: Type.Optional(
    amount(
      'How far beyond its limit an account may be taken by charges, and by nothing else; not at all if not given. Interest is booked whatever it comes to.',
    ),
  ),
});

const Eligibility = requestObject('ProductEligibility', 'Who may open an account.', {
  customerTypes: Type.Optional(
    list(
      'Customers of these types; of both if not given.',
      choice('HolderType', 'A type of customer.', HOLDER_TYPES),
      { minItems: 1, maxItems: HOLDER_TYPES.length },
    ),
  ),
  minimumAge: Type.Optional(age('Persons from this age on, in whole years.', 18)),
  maximumAge: Type.Optional(age('Persons up to this age, in whole years.', 27)),
  maximumHolders: Type.Optional(
    whole('How many customers may hold an account together; any number if not given.', 1, {
      minimum: 1,
      maximum: MAX_HOLDERS,
    }),
  ),
});

const days = (description: string, example: number, minimum = 0) =>
  whole(description, example, { minimum, maximum: MAX_DAYS });

const Balance = requestObject(
  'BalanceTerms',
  'What money an account begins with and keeps.',
  {
    openingDeposit: Type.Optional(
      amount('The least that is first paid in; a payment from another bank is taken whatever it comes to.'),
    ),
    minimum: Type.Optional(
      amount('What payments leave on the account: those that would leave less are refused, charges are not.'),
    ),
  },
  { minProperties: 1 },
);

const Dormancy = requestObject('DormancyTerms', 'When nobody uses an account any more.', {
  afterDays: days('After as many days without a payment of its holders it is dormant.', 730, 1),
});

const Closing = requestObject(
  'ClosingTerms',
  'When an account may be closed.',
  {
    minimumAgeDays: Type.Optional(days('Not before as many days since it was opened.', 30)),
    noticeDays: Type.Optional(days('Not before as many days since giveClosingNotice.', 90)),
  },
  { minProperties: 1 },
);

/** The terms that change by version, in requests and in answers. */
export const TermsFields = {
  overdraft: Type.Optional(Overdraft),
  eligibility: Type.Optional(Eligibility),
  balance: Type.Optional(Balance),
  dormancy: Type.Optional(Dormancy),
  closing: Type.Optional(Closing),
  interest: Type.Optional(InterestTermsSchema),
  deposit: Type.Optional(DepositTermsSchema),
  fees: Type.Optional(FeesSchema),
};

export const AppliesToSchema = choice(
  'TermsApplyTo',
  'Whether accounts that were opened before follow the terms, or keep what they have.',
  APPLIES_TO,
);

const line = (description: string, example: string) =>
  Type.Optional(text(description, example, { minLength: 1, maxLength: 20 }));

export const AccountingFields = {
  customerAccounts: line('The line that its customers’ accounts belong to, a liability.', '2100'),
  interestExpense: line('Interest that the bank pays, an expense.', '5000'),
  interestPayable: line(
    'Interest that accounts have earned and not got yet, a liability and control line.',
    '2600',
  ),
  overdraftInterestReceivable: line('Interest that overdrafts owe, an asset and control line.', '1300'),
  overdraftInterestIncome: line('Interest that overdrafts cost, an income.', '4020'),
  withholdingTaxPayable: line('Tax that was withheld from interest, a liability.', '2610'),
  feeIncome: line('Fees that accounts are charged, an income.', '4100'),
  feeTaxPayable: line('Tax on fees, a liability.', '2620'),
};
export type AccountingRequest = Static<ReturnType<typeof Type.Object<typeof AccountingFields>>>;
