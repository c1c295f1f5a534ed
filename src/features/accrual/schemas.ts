import { type Static, Type } from 'typebox';
import {
  accruedParts,
  ExactInterest,
  exactView,
  SegmentSchema,
  segmentView,
  TaxSchema,
} from '#features/interest/contract.ts';
import { currency, date, flag, id, list, signedAmount } from '#http/fields.ts';
import { idParams } from '#http/operations.ts';
import { closedObject, nullable, resource } from '#http/schemas.ts';
import { toTypeId } from '#lib/ids.ts';
import { formatAmount } from '#lib/money/money.ts';
import { debitMinor, taxMinor } from './replay.ts';
import type { StoredPosting } from './repository.ts';
import type { InterestExplanation } from './service.ts';

const sums = {
  creditInterest: signedAmount('Interest on balances above zero; below zero where the rate is.'),
  debitInterest: signedAmount('Interest on the overdraft, which is charged by itself.'),
};

const PostingSchema = resource('AccountInterestPosting', 'Interest that was posted on an account.', {
  from: date('The first day of its period.'),
  to: date('The last day of its period. It earns from the next day on.'),
  isCorrection: flag('Whether it is a difference to what was posted of the period before.'),
  ...sums,
  arrangedInterest: signedAmount('Of the debit interest, what the arranged overdraft costs.'),
  unarrangedInterest: signedAmount('Of the debit interest, what is beyond it.'),
  tax: signedAmount('The tax that was withheld.'),
  taxes: list('The tax by its parts.', TaxSchema),
  transactionIds: list('The transactions that did it.', id('transaction', 'A transaction.')),
});

export const AccountInterestSchema = resource('AccountInterest', 'The interest of an account, and why.', {
  accountId: id('account', 'The account.'),
  currency: currency('The currency of the amounts.'),
  from: date('The first day that is explained.'),
  to: date('The last day that is explained.'),
  accruedThrough: nullable(date('The last day whose balance was counted; null for none yet.')),
  segments: list('Where the interest comes from, by date. Their days are by value date.', SegmentSchema),
  posted: list('What was posted of periods that end in these days.', PostingSchema),
  tax: list('The taxes of these postings, by their parts.', TaxSchema),
  accrued: resource('AccruedAccountInterest', 'What has accrued since the last posting, and is not posted.', {
    ...sums,
    ...ExactInterest,
  }),
});
export type AccountInterestView = Static<typeof AccountInterestSchema>;

export function accountInterestView(explained: InterestExplanation): AccountInterestView {
  const { accountId, currency: code, segments, postings, state } = explained;
  const parts = state === undefined ? { credit: 0n, arranged: 0n, unarranged: 0n } : accruedParts(state);
  return {
    accountId: toTypeId('account', accountId),
    currency: code,
    from: explained.from,
    to: explained.to,
    accruedThrough: explained.accruedThrough ?? null,
    segments: segments.map((segment) => segmentView(segment, code)),
    posted: postings.map((posting) => postingView(posting, code)),
    tax: taxView(
      postings.flatMap(({ tax }) => tax),
      code,
    ),
    accrued: {
      creditInterest: formatAmount(explained.creditMinor, code),
      debitInterest: formatAmount(explained.debitMinor, code),
      ...exactView(parts, code),
    },
  };
}

function postingView(
  posting: StoredPosting,
  code: InterestExplanation['currency'],
): AccountInterestView['posted'][number] {
  const { creditEntryId, debitEntryId, taxEntryId } = posting;
  const entries = [creditEntryId, debitEntryId, taxEntryId].filter((one) => one !== undefined);
  return {
    from: posting.from,
    to: posting.to,
    isCorrection: posting.isCorrection,
    creditInterest: formatAmount(posting.creditMinor, code),
    debitInterest: formatAmount(debitMinor(posting), code),
    arrangedInterest: formatAmount(posting.arrangedMinor, code),
    unarrangedInterest: formatAmount(posting.unarrangedMinor, code),
    tax: formatAmount(taxMinor(posting), code),
    taxes: taxView(posting.tax, code),
    transactionIds: entries.map((entry) => toTypeId('transaction', entry)),
  };
}

function taxView(
  parts: StoredPosting['tax'],
  code: InterestExplanation['currency'],
): AccountInterestView['tax'] {
  const byName = Map.groupBy(parts, ({ name }) => name);
  return [...byName].map(([name, all]) => ({
    name,
    amount: formatAmount(
      all.reduce((sum, { amountMinor }) => sum + amountMinor, 0n),
      code,
    ),
  }));
}

export const AccountInterestQuery = closedObject({
  from: Type.Optional(date('The first day; the first since the last posting if not given.')),
  to: Type.Optional(
    date('The last day, at most 400 days from the first; the last that was counted if not given.'),
  ),
});

export const InterestParams = idParams('account');
