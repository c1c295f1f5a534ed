import type { Context } from '#db/context.ts';
import type { Tx } from '#db/database.ts';
import { asLabelError } from '#db/labels.ts';
import { isLookedThrough, lookBackFrom } from '#db/look-back.ts';
import { inTransaction } from '#db/transaction.ts';
import { accountFor, accountSeal } from '#features/accounts/contract.ts';
import { recordAudit } from '#features/audit/contract.ts';
import type { MoneyGate } from '#features/authority/contract.ts';
import { followCalendar, holdBusinessDate } from '#ledger/business-date.ts';
import { ledgerError } from '#ledger/errors.ts';
import { changeHeld } from '#ledger/holds.ts';
import { lockAccounts } from '#ledger/lock-accounts.ts';
import type { Caller } from '#lib/caller.ts';
import { checkAll } from '#lib/check-all.ts';
import { notFound } from '#lib/errors.ts';
import { type AccountId, type AttachmentId, newId, toTypeId } from '#lib/ids.ts';
import { cleanLabels, type Labels } from '#lib/labels.ts';
import type { Money } from '#lib/money/money.ts';
import type { Sought } from '#lib/sought.ts';
import { cleanText } from '#lib/text.ts';
import { Attachment, type AttachmentState } from './attachment.ts';
import {
  type AttachmentFilter,
  findAttachment,
  insertAttachment,
  listAttachments,
  lockAttachment,
  updateReleased,
} from './repository.ts';

export type AttachRequest = Money &
  Labels &
  Pick<AttachmentState, 'accountId' | 'protectedMinor' | 'reasonCode' | 'legalReference'> & {
    readonly caller: Caller;
  };

/**
 * Keeps money by the order of a court or an authority, and lets it go. Each call is one database transaction. Locks, in
 * this order: the attachment, the book (shared), the ledger account. No holder sees one: what it keeps is held.
 */
export class AttachmentService {
  readonly #context: Context;
  readonly #gate: MoneyGate;

  constructor(context: Context, gate: MoneyGate) {
    this.#context = context;
    this.#gate = gate;
  }

  /**
   * Keeps what the account has above the protected amount, up to the amount of the order; what comes in later is kept at
   * the end of each day. A frozen account is attached like another. Throws 400 `validation_failed`, 404 `not_found`, 409
   * `account_closed`, `external_id_exists`, 422 `currency_mismatch`.
   */
  async place(request: AttachRequest): Promise<Attachment> {
    const { db, bookId, clock, ids } = this.#context;
    const { caller, accountId, amountMinor, currency } = request;
    const { labels, legalReference } = checkAll({
      labels: () => cleanLabels(request),
      legalReference: () => cleanText(request.legalReference, 'legalReference', 140),
    });
    await accountFor(db, bookId, { caller, accountId }, 'see');
    await followCalendar(db, bookId, clock);
    return inTransaction(db, async (tx) => {
      const placedOn = await holdBusinessDate(tx, bookId);
      const account = (await lockAccounts(tx, bookId, [accountId])).states.get(accountId);
      if (account === undefined) throw notFound();
      if (account.status === 'closed') throw ledgerError('account_closed');
      if (account.currency !== currency)
        throw ledgerError('currency_mismatch', { currency: account.currency });
      await this.#gate.pass(tx, caller, 'placeAttachment', { amountMinor, currency });
      const attachment = new Attachment({
        id: newId(ids, 'attachment'),
        accountId,
        currency,
        amountMinor,
        protectedMinor: request.protectedMinor,
        heldMinor: 0n,
        status: 'active',
        reasonCode: request.reasonCode,
        legalReference,
        ...labels,
        placedOn,
        placedBy: caller.actor,
        createdAtMs: clock.nowMs(),
        releaseReason: undefined,
        releasedAtMs: undefined,
      });
      const takenMinor = attachment.keep(account);
      if (takenMinor > 0n) await changeHeld(tx, bookId, new Map([[accountId, takenMinor]]));
      await insertAttachment(tx, bookId, attachment);
      await this.#record(tx, caller, 'placeAttachment', attachment, { legalReference });
      return attachment;
    }).catch((error: unknown) => {
      throw asLabelError(error);
    });
  }

  /** Lets go of what is kept. Throws 404 `not_found`, 409 `attachment_not_active`, 400 `validation_failed`. */
  async release(caller: Caller, id: AttachmentId, given: string): Promise<Attachment> {
    const { db, bookId, clock } = this.#context;
    const reason = cleanText(given, 'reason', 500);
    return inTransaction(db, async (tx) => {
      const attachment = await lockAttachment(tx, bookId, id);
      if (attachment === undefined) throw notFound();
      const releasedMinor = attachment.release(reason, clock.nowMs());
      const { accountId } = attachment.state;
      await lockAccounts(tx, bookId, [accountId]);
      if (releasedMinor > 0n) await changeHeld(tx, bookId, new Map([[accountId, -releasedMinor]]));
      await updateReleased(tx, bookId, attachment);
      await this.#record(tx, caller, 'releaseAttachment', attachment, { reason });
      return attachment;
    });
  }

  /** Throws 404 `not_found`. */
  async get(id: AttachmentId): Promise<Attachment> {
    const attachment = await findAttachment(this.#context.db, this.#context.bookId, id);
    if (attachment === undefined) throw notFound();
    return attachment;
  }

  /** Newest first. */
  async page(
    caller: Caller,
    filter: Omit<AttachmentFilter, 'through'>,
  ): Promise<Sought<Attachment, AttachmentId>> {
    const { db, bookId } = this.#context;
    const through = isLookedThrough(caller, filter, [filter.accountId, filter.externalId])
      ? await lookBackFrom(db, bookId, 'attachments', filter.after)
      : undefined;
    return { rows: await listAttachments(db, bookId, { ...filter, through }), soughtThrough: through };
  }

  list(filter: Omit<AttachmentFilter, 'through' | 'metadata'>): Promise<Attachment[]> {
    return listAttachments(this.#context.db, this.#context.bookId, filter);
  }

  async #record(
    tx: Tx,
    caller: Caller,
    operation: string,
    { state }: Attachment,
    texts: Readonly<Record<string, string>>,
  ): Promise<void> {
    const { accountId, status, reasonCode } = state;
    await recordAudit(tx, this.#context, {
      caller,
      operation,
      resourceType: 'attachment',
      resourceId: toTypeId('attachment', state.id),
      after: { accountId: toTypeId('account', accountId), status, reasonCode, ...texts },
      seal: await accountSeal(tx, this.#context, accountId),
    });
  }
}

/** The accounts of attachments, each once. */
export function accountsOf(attachments: readonly Attachment[]): AccountId[] {
  return [...new Set(attachments.map(({ state }) => state.accountId))];
}
