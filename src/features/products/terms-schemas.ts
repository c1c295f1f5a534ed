import { type Static, Type } from 'typebox';
import { InterestTermsSchema } from '#features/interest/contract.ts';
import { amount, choice, flag, list, text, whole } from '#http/fields.ts';
import { requestObject } from '#http/schemas.ts';
import { APPLIES_TO, HOLDER_TYPES } from './terms.ts';

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
});

/** The terms that change by version, in requests and in answers. */
export const TermsFields = {
  overdraft: Type.Optional(Overdraft),
  eligibility: Type.Optional(Eligibility),
  interest: Type.Optional(InterestTermsSchema),
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
};
export type AccountingRequest = Static<ReturnType<typeof Type.Object<typeof AccountingFields>>>;
