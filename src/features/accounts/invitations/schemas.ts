import { type Static, Type } from 'typebox';
import { choice, id, instant } from '#http/fields.ts';
import { idParams } from '#http/operations.ts';
import { pageQuery } from '#http/pagination.ts';
import { requestObject, resource } from '#http/schemas.ts';
import { toTypeId } from '#lib/ids.ts';
import { type Invitation, statusAt } from './invitation.ts';

const Role = choice('InvitedRole', 'What the customer may do once it holds the account.', [
  'joint',
  'authorised',
]);

export const InviteHolderRequest = requestObject('InviteHolderRequest', 'A customer to be asked.', {
  customerId: id('customer', 'Who is asked.'),
  role: Role,
});

export const InvitationSchema = resource('HolderInvitation', 'A customer who is asked to hold an account.', {
  id: id('invitation', 'The id.'),
  accountId: id('account', 'The account.'),
  customerId: id('customer', 'Who is asked.'),
  role: Role,
  status: choice('HolderInvitationStatus', 'Open until it is answered or its time is over.', [
    'open',
    'accepted',
    'declined',
    'withdrawn',
    'expired',
  ]),
  createdAt: instant('When the owner asked.'),
  expiresAt: instant('Until when it can be answered.'),
});
export type InvitationView = Static<typeof InvitationSchema>;

export function invitationView(invitation: Invitation, nowMs: number): InvitationView {
  const { id: invitationId, accountId, customerId, role, createdAt, expiresAt } = invitation;
  return {
    id: toTypeId('invitation', invitationId),
    accountId: toTypeId('account', accountId),
    customerId: toTypeId('customer', customerId),
    role,
    status: statusAt(invitation, nowMs),
    createdAt: createdAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
  };
}

export const InvitationParams = idParams('invitation');
export const ListInvitationsQuery = pageQuery({
  accountId: Type.Optional(id('account', 'Those to hold this account.')),
});
