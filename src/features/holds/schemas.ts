import { type Static, Type } from 'typebox';
import {
  amount,
  changedLabels,
  choice,
  currency,
  date,
  externalIdFilter,
  flag,
  givenLabels,
  givenText,
  id,
  instant,
  LENGTHS,
  labelsView,
  list,
  metadataFilter,
  shownLabels,
  signedAmount,
  text,
} from '#http/fields.ts';
import { idParams } from '#http/operations.ts';
import { pageQuery } from '#http/pagination.ts';
import { described, nullable, requestObject, resource } from '#http/schemas.ts';
import { type TransactionId, toTypeId } from '#lib/ids.ts';
import { formatAmount } from '#lib/money/money.ts';
import { orNull } from '#lib/text.ts';
import { toIsoInstant } from '#lib/time/clock.ts';
import { HOLD_STATUSES, type Hold } from './hold.ts';

const Status = choice('HoldStatus', 'Only an active hold reserves money.', HOLD_STATUSES);
const REFERENCE = 'Hotel, room 12';
const EXTERNAL_ID = 'auth-4711';

export const PlaceHoldRequest = requestObject('PlaceHoldRequest', 'Money to set aside.', {
  accountId: id('account', 'The account.'),
  amount: amount('How much to set aside.'),
  currency: currency('The currency of the account.'),
  expiresAt: Type.Optional(instant('When the hold ends on its own; never if not given.')),
  reference: Type.Optional(
    givenText('Kept on the hold and on what is captured.', REFERENCE, LENGTHS.payment),
  ),
  ...givenLabels(EXTERNAL_ID),
});

export const CaptureHoldRequest = requestObject('CaptureHoldRequest', 'What to take out of a hold.', {
  amount: Type.Optional(amount('How much to take; everything that remains if not given.')),
  toAccountId: Type.Optional(id('account', 'The account that is paid; money leaves the bank if not given.')),
  final: Type.Optional(flag('Release what remains; false if not given: the rest stays held.')),
  forceReason: Type.Optional(
    givenText(
      'Why a manager has it captured beyond the hold, or after it expired. No customer reads it.',
      'Late presentment, scheme case 12',
    ),
  ),
  ...givenLabels('cap-4711'),
});

export const ChangeHoldRequest = requestObject(
  'ChangeHoldRequest',
  'New terms and labels of a hold; what is not given stays as it is.',
  {
    amount: Type.Optional(amount('How much to set aside in all, above what was captured.')),
    expiresAt: Type.Optional(nullable(instant('When the hold ends on its own; null for never.'))),
    ...changedLabels(EXTERNAL_ID),
  },
  { minProperties: 1 },
);

const hold = {
  id: id('hold', 'The id.'),
  accountId: id('account', 'The account.'),
  status: Status,
  amount: signedAmount('How much is set aside in all.'),
  currency: currency('The currency of the amounts.'),
  capturedAmount: signedAmount('How much was captured; it can be more than the amount.'),
  remainingAmount: signedAmount('How much is still held.'),
  reference: nullable(text('The reference that it was placed with.', REFERENCE)),
  ...shownLabels(EXTERNAL_ID),
  placedBy: choice('HoldParty', 'Who may capture or release it: a holder cannot end a hold of the bank.', [
    'bank',
    'holder',
  ]),
  captures: list(
    'What was taken out of it, in order.',
    resource('Capture', 'A part of a hold that was taken.', {
      transactionId: id('transaction', 'The transaction that took it.'),
      amount: signedAmount('How much.'),
      forced: flag('Whether a manager had it taken, beyond the hold or after its time.'),
      reversals: list(
        'What took it back, in order.',
        resource('CaptureReversal', 'A transaction that takes a capture back.', {
          transactionId: id('transaction', 'The transaction.'),
          amount: signedAmount('How much.'),
        }),
      ),
      settlementId: nullable(
        id(
          'captureSettlement',
          'By what it was settled; null until then, and where it paid an account here.',
        ),
      ),
      createdAt: instant('When.'),
    }),
  ),
  businessDate: date('The date on which it was placed.'),
  expiresAt: nullable(instant('When it ends on its own; null for never.')),
  createdAt: instant('When it was created.'),
  updatedAt: instant('When it was changed, captured or ended last.'),
  endedAt: nullable(instant('When it ended; null while it is active.')),
};

export const HoldSchema = resource('Hold', 'Money set aside on an account.', hold);
export type HoldView = Static<typeof HoldSchema>;

export const CapturedHoldSchema = resource('CapturedHold', 'A hold as a capture left it.', {
  ...hold,
  transactionId: id('transaction', 'The transaction that the capture was.'),
});
export type CapturedView = Static<typeof CapturedHoldSchema>;

export function holdView(hold: Hold): HoldView {
  const { currency, ...state } = hold.state;
  return {
    id: toTypeId('hold', state.id),
    accountId: toTypeId('account', state.accountId),
    status: state.status,
    amount: formatAmount(state.amountMinor, currency),
    currency,
    capturedAmount: formatAmount(state.capturedMinor, currency),
    remainingAmount: formatAmount(hold.remainingMinor, currency),
    reference: state.reference ?? null,
    ...labelsView(state),
    placedBy: state.placedBy,
    captures: state.captures.map(
      ({ transactionId, amountMinor, isForced, reversals, settlementId, createdAtMs }) => ({
        transactionId: toTypeId('transaction', transactionId),
        amount: formatAmount(amountMinor, currency),
        forced: isForced,
        reversals: reversals.map((one) => ({
          transactionId: toTypeId('transaction', one.transactionId),
          amount: formatAmount(one.amountMinor, currency),
        })),
        settlementId: orNull(settlementId, (by) => toTypeId('captureSettlement', by)),
        createdAt: toIsoInstant(createdAtMs),
      }),
    ),
    businessDate: state.placedOn,
    expiresAt: orNull(state.expiresAtMs, toIsoInstant),
    createdAt: toIsoInstant(state.createdAtMs),
    updatedAt: toIsoInstant(state.updatedAtMs),
    endedAt: orNull(state.endedAtMs, toIsoInstant),
  };
}

export function capturedView(hold: Hold, transactionId: TransactionId): CapturedView {
  return { ...holdView(hold), transactionId: toTypeId('transaction', transactionId) };
}

export const ListHoldsQuery = pageQuery({
  accountId: Type.Optional(id('account', 'Those on the account.')),
  status: Type.Optional(described(Status, 'Those of this status.')),
  externalId: externalIdFilter(EXTERNAL_ID),
  metadata: metadataFilter,
});

export const HoldParams = idParams('hold');
