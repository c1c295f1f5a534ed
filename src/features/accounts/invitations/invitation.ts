import type { AccountId, CustomerId, InvitationId } from '#lib/ids.ts';
import { accountError } from '../errors.ts';

export type InvitationStatus = 'open' | 'accepted' | 'declined' | 'withdrawn' | 'expired';

/** A customer who is asked to hold an account. */
export type Invitation = {
  readonly id: InvitationId;
  readonly accountId: AccountId;
  readonly customerId: CustomerId;
  readonly role: 'joint' | 'authorised';
  readonly status: InvitationStatus;
  readonly createdAt: Date;
  readonly expiresAt: Date;
};

/** Long enough to ask about it at the branch; then the owner asks again. */
export const INVITATION_LIFETIME_MS = 14 * 24 * 60 * 60_000;

/** The status as it is shown: an open one that was not answered in time is over. */
export function statusAt({ status, expiresAt }: Invitation, nowMs: number): InvitationStatus {
  return status === 'open' && expiresAt.getTime() <= nowMs ? 'expired' : status;
}

/** Throws 409 `invitation_not_open`. */
export function assertOpen(invitation: Invitation, nowMs: number): void {
  if (statusAt(invitation, nowMs) !== 'open') throw accountError('invitation_not_open');
}
