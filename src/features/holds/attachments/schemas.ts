import { type Static, Type } from 'typebox';
import {
  amount,
  choice,
  currency,
  date,
  externalIdFilter,
  givenLabels,
  givenText,
  id,
  instant,
  labelsView,
  metadataFilter,
  shownLabels,
  signedAmount,
  text,
} from '#http/fields.ts';
import { idParams } from '#http/operations.ts';
import { pageQuery } from '#http/pagination.ts';
import { described, nullable, requestObject, resource } from '#http/schemas.ts';
import { toTypeId } from '#lib/ids.ts';
import { formatAmount } from '#lib/money/money.ts';
import { orNull } from '#lib/text.ts';
import { toIsoInstant } from '#lib/time/clock.ts';
import { ATTACHMENT_REASONS, ATTACHMENT_STATUSES, type Attachment } from './attachment.ts';

const LEGAL_REFERENCE = 'AG Mitte 12 M 384/26';
const Status = choice('AttachmentStatus', 'Only an active one keeps money.', ATTACHMENT_STATUSES);
const Reason = choice('AttachmentReason', 'On what ground money is kept.', ATTACHMENT_REASONS);
const accountId = id('account', 'The account.');

export const PlaceAttachmentRequest = requestObject(
  'PlaceAttachmentRequest',
  'The order of a court or an authority to keep money of a customer.',
  {
    accountId,
    amount: amount('How much is to be kept, also more than there is now.'),
    currency: currency('The currency of the account.'),
    protectedAmount: Type.Optional(
      amount('What stays available to the customer whenever something is taken; zero if not given.'),
    ),
    reasonCode: Reason,
    legalReference: givenText('The file of the court or authority.', LEGAL_REFERENCE, 140),
    ...givenLabels('att-4711'),
  },
);

export const ReleaseAttachmentRequest = requestObject('ReleaseAttachmentRequest', 'Why it is released.', {
  reason: givenText('Why, for staff: no customer reads it.', 'Creditor was paid on 3 March'),
});

export const AttachmentSchema = resource(
  'Attachment',
  'Money that is kept on an account by an order, until staff release it.',
  {
    id: id('attachment', 'The id.'),
    accountId,
    status: Status,
    amount: signedAmount('How much is to be kept.'),
    currency: currency('The currency of the amounts.'),
    heldAmount: signedAmount('How much is kept by now: it grows at the end of each day.'),
    protectedAmount: signedAmount('What stays available whenever something is taken.'),
    reasonCode: Reason,
    legalReference: text('The file of the court or authority.', LEGAL_REFERENCE),
    ...shownLabels('att-4711'),
    placedBy: text('Who placed it: the id of a user, or the name of a program.', 'cli'),
    businessDate: date('The date on which it was placed.'),
    createdAt: instant('When it was created.'),
    releaseReason: nullable(text('Why it was released; null while it is active.', 'Creditor was paid')),
    releasedAt: nullable(instant('When; null while it is active.')),
  },
);
export type AttachmentView = Static<typeof AttachmentSchema>;

export function attachmentView({ state }: Attachment): AttachmentView {
  const { currency: of } = state;
  return {
    id: toTypeId('attachment', state.id),
    accountId: toTypeId('account', state.accountId),
    status: state.status,
    amount: formatAmount(state.amountMinor, of),
    currency: of,
    heldAmount: formatAmount(state.heldMinor, of),
    protectedAmount: formatAmount(state.protectedMinor, of),
    reasonCode: state.reasonCode,
    legalReference: state.legalReference,
    ...labelsView(state),
    placedBy: state.placedBy,
    businessDate: state.placedOn,
    createdAt: toIsoInstant(state.createdAtMs),
    releaseReason: state.releaseReason ?? null,
    releasedAt: orNull(state.releasedAtMs, toIsoInstant),
  };
}

export const ListAttachmentsQuery = pageQuery({
  accountId: Type.Optional(id('account', 'Those on the account.')),
  status: Type.Optional(described(Status, 'Those of this status.')),
  externalId: externalIdFilter('att-4711'),
  metadata: metadataFilter,
});
export const AttachmentParams = idParams('attachment');
