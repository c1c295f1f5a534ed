import { type Static, Type } from 'typebox';
import { ENTRY_SIDES } from '#features/accounting/journal/journal-entry.ts';
import { BalanceSchema } from '#features/accounts/schemas.ts';
import { FeeSchema } from '#features/charges/schemas.ts';
import { amount, choice, currency, date, id, list, signedAmount, text, whole } from '#http/fields.ts';
import { nullable, resource } from '#http/schemas.ts';

/** More is not looked at by a person; a batch says the outcome of each item in its result. */
export const MAX_SHOWN = 500;

const LIMITS = ['perDay', 'newBeneficiaryPerDay'] as const;
const LIMIT_OWNERS = ['account', 'beneficiary', 'teller'] as const;
export const WARNINGS = [
  'uses_overdraft',
  'unarranged_overdraft',
  'fee_stays_due',
  'limit_used_up',
  'items_refused',
] as const;

const DryRunLine = resource('DryRunLine', 'A line of an entry that a dry run would have posted.', {
  side: choice('EntrySide', 'The side of the line.', ENTRY_SIDES),
  accountId: nullable(id('account', 'The account of a customer; null for one of the bank itself.')),
  glAccount: nullable(
    text('The line of the chart; null for a customer’s account, and for callers who may not see it.', '1000'),
  ),
  amount: amount('The amount.'),
  currency: currency('The currency of the amounts.'),
  balanceBefore: nullable(
    signedAmount(
      'The balance before it; null for an account of the bank, and where the caller may not see it.',
    ),
  ),
  balanceAfter: nullable(signedAmount('The balance after it; null as `balanceBefore` is.')),
});

const DryRunEntry = resource('DryRunEntry', 'A journal entry that a dry run would have posted.', {
  kind: text('What it is of.', 'transfer'),
  businessDate: date('The business date on which it would be booked.'),
  valueDate: date('From when it would count.'),
  lines: list('Its lines: what moves the money first, what that costs behind it.', DryRunLine),
});

const DryRunBalance = resource('DryRunBalance', 'An account before and after a dry run.', {
  accountId: id('account', 'The account.'),
  currency: currency('The currency of the amounts.'),
  before: BalanceSchema,
  after: BalanceSchema,
});

const DryRunLimit = resource('DryRunLimit', 'A limit of a day, and what of it would be used.', {
  of: choice('DryRunLimitOwner', 'Whose limit it is.', LIMIT_OWNERS),
  accountId: nullable(id('account', 'The account that pays; null for the limit of another.')),
  beneficiaryId: nullable(id('beneficiary', 'The beneficiary that is paid; null for the limit of another.')),
  name: choice('DryRunLimitName', 'Which limit it is.', LIMITS),
  amount: signedAmount('The limit.'),
  used: signedAmount('What is used of it on the day, with this.'),
  left: signedAmount('What is left of it.'),
  currency: currency('The currency of the amounts.'),
});

const DryRunWarning = resource(
  'DryRunWarning',
  'What does not keep it from being done, and is worth a look.',
  {
    code: choice('DryRunWarningCode', 'What it is, for programs.', WARNINGS),
    message: text('What it is, for a person.', 'The account goes into its overdraft.'),
    accountId: nullable(id('account', 'The account that it is about, if it is about one.')),
  },
);

/** What each preview has beside its result. */
export const DRY_RUN_FIELDS = {
  entries: list(`What would be posted: the first ${MAX_SHOWN} entries, in order.`, DryRunEntry),
  entryCount: whole('How many entries would be posted.', 1),
  balances: list(
    `The accounts of customers that would change, as far as the caller may see them: the first ${MAX_SHOWN}.`,
    DryRunBalance,
  ),
  fees: list(
    `What it would cost, and give back of what was charged: the first ${MAX_SHOWN} fees.`,
    FeeSchema,
  ),
  limits: list('Limits of the day that it would use up a part of.', DryRunLimit),
  warnings: list('What is worth a look.', DryRunWarning),
};
const Fields = Type.Object(DRY_RUN_FIELDS);
export type DryRunView = Static<typeof Fields>;
