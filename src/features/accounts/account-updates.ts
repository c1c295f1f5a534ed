import type { Context } from '#db/context.ts';
import type { Tx } from '#db/database.ts';
import { afterCommit, inTransaction } from '#db/transaction.ts';
import { type AuditRecord, recordAudit } from '#features/audit/contract.ts';
import { followCalendar, holdBusinessDate } from '#ledger/business-date.ts';
import { updateLedgerAccount } from '#ledger/customer-accounts.ts';
import { lockAccounts } from '#ledger/lock-accounts.ts';
import type { Caller } from '#lib/caller.ts';
import { notFound } from '#lib/errors.ts';
import { type AccountId, toTypeId } from '#lib/ids.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import { accountFor, assertAccess } from './access.ts';
import { Account } from './account.ts';
import { auditedChange } from './audited.ts';
import { isEstate } from './estates.ts';
import type { HolderRight } from './holder-rights.ts';
import { accountSeal } from './personal-seal.ts';
import {
  asAccountError,
  findAccount,
  lockAccountRow,
  type StoredAccount,
  updateAccount,
} from './repository.ts';

/** A command on an account: its caller, and the right that a holder needs for it. */
export type AccountCommand = {
  readonly caller: Caller;
  readonly id: AccountId;
  readonly operation: string;
  readonly right: HolderRight;
  /** Whose rights count, where they are not the caller's. */
  readonly judged?: Caller;
  /** What it does is recorded by the command itself. */
  readonly isAboutHolders?: boolean;
  /** Another account that it moves money to. */
  readonly payee?: AccountId | undefined;
};

/** Changes of accounts: each is one database transaction. */
export class AccountUpdates {
  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
  }

  /**
   * Locks the account, lets it decide, stores what it became, and records it. Lock order: what `lockFirst` locks (a
   * customer), account row, book, ledger account.
   */
  async run(
    command: AccountCommand,
    decide: (account: Account, tx: Tx, today: IsoDate) => void | Promise<void>,
    lockFirst: (tx: Tx) => Promise<unknown> = async () => undefined,
  ): Promise<StoredAccount> {
    const { db, bookId, clock } = this.#context;
    const { caller, id, right, judged = caller, payee } = command;
    // Asked before anything is locked or said about it; what counts is asked again under the lock.
    await assertAccess(db, bookId, [{ caller: judged, accountId: id }], right);
    await followCalendar(db, bookId, clock);
    await inAccountTransaction(this.#context, async (tx) => {
      await lockFirst(tx);
      if (!(await lockAccountRow(tx, bookId, id))) throw notFound();
      const today = await holdBusinessDate(tx, bookId);
      await lockAccounts(tx, bookId, payee === undefined ? [id] : [id, payee]);
      const stored = await accountFor(tx, bookId, { caller: judged, accountId: id }, right);
      const account = new Account(stored);
      await decide(account, tx, today);
      await updateAccount(tx, bookId, account);
      const { status, frozen, overdraftLimitMinor } = account.state.funds;
      await updateLedgerAccount(tx, bookId, id, {
        status,
        frozen: frozen ?? null,
        floorMinor: -overdraftLimitMinor,
        isEstate: await isEstate(tx, bookId, id),
      });
      // Changes of holders are recorded as such.
      if (right !== 'appoint' && command.isAboutHolders !== true) {
        await this.record(tx, caller, command.operation, id, auditedChange(stored, account.state));
      }
    });
    return afterCommit(async () => {
      const account = await findAccount(db, bookId, id);
      if (account === undefined) throw notFound();
      return account;
    });
  }

  /** Records what a command did to an account. */
  async record(
    tx: Tx,
    caller: Caller,
    operation: string,
    id: AccountId,
    change: Pick<AuditRecord, 'before' | 'after'>,
  ): Promise<void> {
    const resource = { resourceType: 'account', resourceId: toTypeId('account', id) } as const;
    const seal = await accountSeal(tx, this.#context, id);
    await recordAudit(tx, this.#context, { caller, operation, ...resource, ...change, seal });
  }
}

/** Runs work in a transaction; what the database refuses of accounts becomes an error of theirs. */
export async function inAccountTransaction<Result>(
  { db }: Pick<Context, 'db'>,
  work: (tx: Tx) => Promise<Result>,
): Promise<Result> {
  try {
    return await inTransaction(db, work);
  } catch (error) {
    throw asAccountError(error);
  }
}
