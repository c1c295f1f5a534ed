import type { Context } from '#db/context.ts';
import type { Tx } from '#db/database.ts';
import { afterCommit, inTransaction } from '#db/transaction.ts';
import { recordAudit } from '#features/audit/contract.ts';
import { customerExists } from '#features/customers/contract.ts';
import { ledgerError } from '#ledger/errors.ts';
import { type Caller, ownCustomerOf } from '#lib/caller.ts';
import { commonError, notFound } from '#lib/errors.ts';
import { type AccountId, type CustomerId, type InvitationId, newId, toTypeId } from '#lib/ids.ts';
import { accountFor } from '../access.ts';
import { accountError } from '../errors.ts';
import { lockAccountRow } from '../repository.ts';
import type { AccountService } from '../service.ts';
import { assertOpen, INVITATION_LIFETIME_MS, type Invitation } from './invitation.ts';
import {
  endInvitation,
  findInvitation,
  findOpenInvitation,
  type InvitationFilter,
  insertInvitation,
  listInvitations,
} from './repository.ts';

/**
 * How customers come to hold an account together: the owner invites, the other accepts. Staff see all invitations;
 * a customer's user sees those to its own customer, and those to accounts that its customer owns.
 */
export class InvitationService {
  readonly #context: Context;
  readonly #accounts: AccountService;

  constructor(context: Context, accounts: AccountService) {
    this.#context = context;
    this.#accounts = accounts;
  }

  /**
   * Asks a customer to hold the account. Locks the account's row. Throws 404 `not_found` for the account or the
   * customer, 403 `forbidden` for a holder who is not an owner, 409 `account_closed`, `holder_exists` or
   * `invitation_exists`.
   */
  async invite(
    caller: Caller,
    accountId: AccountId,
    { customerId, role }: Pick<Invitation, 'customerId' | 'role'>,
  ): Promise<Invitation> {
    const { db, bookId, clock, ids } = this.#context;
    await accountFor(db, bookId, { caller, accountId }, 'appoint');
    const nowMs = clock.nowMs();
    const [createdAt, expiresAt] = [new Date(nowMs), new Date(nowMs + INVITATION_LIFETIME_MS)];
    const id = newId(ids, 'invitation');
    const invitation: Invitation = { id, accountId, customerId, role, status: 'open', createdAt, expiresAt };
    await inTransaction(db, async (tx) => {
      await this.#lock(tx, accountId);
      const account = await accountFor(tx, bookId, { caller, accountId }, 'appoint');
      if (account.funds.status === 'closed') throw ledgerError('account_closed');
      if (account.funds.isEstate) throw ledgerError('customer_deceased');
      if (!(await customerExists(tx, bookId, customerId))) throw notFound();
      if (account.holders.some((holder) => holder.customerId === customerId))
        throw accountError('holder_exists');
      const open = await findOpenInvitation(tx, bookId, accountId, customerId);
      if (open !== undefined) {
        if (open.expiresAt.getTime() > nowMs) throw accountError('invitation_exists');
        await endInvitation(tx, bookId, open.id, { status: 'withdrawn', now: createdAt });
      }
      await insertInvitation(tx, bookId, invitation);
      await this.#record(tx, caller, 'inviteHolder', invitation);
    });
    return invitation;
  }

  /**
   * Holds the account from now on. Only the customer who is asked accepts. Throws 404 `not_found`, 403 `forbidden` for
   * the owner who asked, 409 `invitation_not_open`, `account_closed`, `customer_closed` or `holder_exists`.
   */
  async accept(caller: Caller, id: InvitationId): Promise<Invitation> {
    const invitation = await this.get(caller, id);
    if (!isAsked(caller, invitation)) {
      throw commonError('forbidden', {
        why: 'Only the customer who is invited accepts; you may withdraw it.',
      });
    }
    const { accountId, customerId, role } = invitation;
    await this.#accounts.appoint(caller, accountId, { customerId, role }, async (tx) => {
      await this.#end(tx, caller, 'acceptHolderInvitation', invitation, 'accepted');
    });
    return afterCommit(() => this.get(caller, id));
  }

  /** Ends an invitation: the customer who is asked declines, the owner withdraws. Throws 404 `not_found`, 409 `invitation_not_open`. */
  async decline(caller: Caller, id: InvitationId): Promise<Invitation> {
    const invitation = await this.get(caller, id);
    const status = isAsked(caller, invitation) ? 'declined' : 'withdrawn';
    await inTransaction(this.#context.db, async (tx) => {
      await this.#lock(tx, invitation.accountId);
      await this.#end(tx, caller, 'declineHolderInvitation', invitation, status);
    });
    return afterCommit(() => this.get(caller, id));
  }

  /** Throws 404 `not_found`. */
  async get(caller: Caller, id: InvitationId): Promise<Invitation> {
    const { db, bookId } = this.#context;
    const invitation = await findInvitation(db, bookId, id);
    if (invitation === undefined) throw notFound();
    const own = ownCustomerOf(caller);
    if (own === undefined || own === invitation.customerId) return invitation;
    const { accountId } = invitation;
    const owner = (await accountFor(db, bookId, { caller, accountId }, 'see')).holders.some(
      (holder) => holder.customerId === own && holder.role === 'owner',
    );
    if (!owner) throw notFound();
    return invitation;
  }

  list(caller: Caller, filter: Omit<InvitationFilter, 'about'>): Promise<Invitation[]> {
    const { db, bookId } = this.#context;
    return listInvitations(db, bookId, { ...filter, about: ownCustomerOf(caller) });
  }

  /** Those that a customer was asked by, or asks for an account that it owns, newest first. */
  ofCustomer(customerId: CustomerId, page: Pick<InvitationFilter, 'after' | 'limit'>): Promise<Invitation[]> {
    return listInvitations(this.#context.db, this.#context.bookId, { ...page, about: customerId });
  }

  async #end(
    tx: Tx,
    caller: Caller,
    operation: string,
    { id }: Invitation,
    status: 'accepted' | 'declined' | 'withdrawn',
  ): Promise<void> {
    const { bookId, clock } = this.#context;
    const nowMs = clock.nowMs();
    const locked = await findInvitation(tx, bookId, id);
    if (locked === undefined) throw notFound();
    assertOpen(locked, nowMs);
    await endInvitation(tx, bookId, id, { status, now: new Date(nowMs) });
    await this.#record(tx, caller, operation, { ...locked, status });
  }

  async #lock(tx: Tx, accountId: AccountId): Promise<void> {
    if (!(await lockAccountRow(tx, this.#context.bookId, accountId))) throw notFound();
  }

  #record(tx: Tx, caller: Caller, operation: string, invitation: Invitation): Promise<void> {
    const { id, accountId, customerId, role, status } = invitation;
    return recordAudit(tx, this.#context, {
      caller,
      operation,
      resourceType: 'holder_invitation',
      resourceId: toTypeId('invitation', id),
      after: {
        accountId: toTypeId('account', accountId),
        customerId: toTypeId('customer', customerId),
        role,
        status,
      },
    });
  }
}

/** Staff answer for the customer who is asked: at the counter, on paper. */
function isAsked(caller: Caller, { customerId }: { readonly customerId: CustomerId }): boolean {
  const own = ownCustomerOf(caller);
  return own === undefined || own === customerId;
}
