import type { Context } from '#db/context.ts';
import type { Tx } from '#db/database.ts';
import { afterCommit, inTransaction } from '#db/transaction.ts';
import { accountFor } from '#features/accounts/contract.ts';
import { recordAudit } from '#features/audit/contract.ts';
import { findProduct, productError } from '#features/products/contract.ts';
import { followCalendar, markLimited } from '#ledger/business-date.ts';
import { ledgerError } from '#ledger/errors.ts';
import type { Caller } from '#lib/caller.ts';
import { type AccountId, toTypeId } from '#lib/ids.ts';
import type { AccountLimits } from './account-limits.ts';
import type { Limits } from './limit.ts';
import { loadAllowances } from './load-allowances.ts';
import {
  type DefaultLimits,
  type DefaultScope,
  findAccountLimits,
  findDefaultLimits,
  findLayers,
  listDefaultLimits,
  storeAccountLimits,
  storeDefaultLimits,
} from './repository.ts';
import { limitTexts } from './schemas.ts';

/**
 * Sets what accounts may pay. To set replaces all three limits of an account, a product or the bank; the last word
 * counts. It holds from the next payment on, also for what was paid earlier on the day.
 */
export class LimitService {
  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
  }

  /** Throws 404 `not_found`. */
  async get(caller: Caller, accountId: AccountId): Promise<AccountLimits> {
    const { db, bookId, clock } = this.#context;
    const account = await accountFor(db, bookId, { caller, accountId }, 'see');
    const { currency } = account;
    const businessDate = await followCalendar(db, bookId, clock);
    const layers = await findLayers(db, bookId, accountId, account);
    const allowances = await inTransaction(db, (tx) => loadAllowances(tx, bookId, [accountId], businessDate));
    return { accountId, currency, businessDate, layers, allowance: allowances.get(accountId) };
  }

  /** Limits in minor units of the account's currency. Throws 404 `not_found`, 409 `account_closed`. */
  async setForAccount(caller: Caller, accountId: AccountId, limits: Limits): Promise<AccountLimits> {
    const { db, bookId, clock } = this.#context;
    const account = await accountFor(db, bookId, { caller, accountId }, 'manage');
    if (account.funds.status === 'closed') throw ledgerError('account_closed');
    const { currency } = account;
    await inTransaction(db, async (tx) => {
      const before = await findAccountLimits(tx, bookId, accountId);
      await storeAccountLimits(tx, bookId, accountId, limits, clock.nowMs());
      await markLimited(tx, bookId);
      await this.#record(tx, caller, 'setAccountLimits', toTypeId('account', accountId), {
        before: limitTexts(before, currency),
        after: limitTexts(limits, currency),
      });
    });
    return afterCommit(() => this.get(caller, accountId));
  }

  /** By currency, the bank's before those of its products. */
  listDefaults(): Promise<DefaultLimits[]> {
    return listDefaultLimits(this.#context.db, this.#context.bookId);
  }

  getDefault(scope: DefaultScope): Promise<Limits> {
    return findDefaultLimits(this.#context.db, this.#context.bookId, scope);
  }

  /** Limits in minor units. Throws 422 `unknown_product`. */
  async setDefault(caller: Caller, wanted: DefaultLimits): Promise<DefaultLimits> {
    const { db, bookId, clock } = this.#context;
    const { currency, product, limits, ownTransfersCount } = wanted;
    if (product !== undefined && (await findProduct(db, bookId, { code: product, currency })) === undefined) {
      throw productError('unknown_product');
    }
    await inTransaction(db, async (tx) => {
      const before = await findDefaultLimits(tx, bookId, wanted);
      await storeDefaultLimits(tx, bookId, wanted, clock.nowMs());
      await markLimited(tx, bookId);
      const scope = product === undefined ? { currency } : { currency, product };
      await this.#record(tx, caller, 'setDefaultLimits', undefined, {
        before: { ...scope, ...limitTexts(before, currency) },
        after: { ...scope, ...limitTexts(limits, currency), ownTransfersCount },
      });
    });
    return wanted;
  }

  #record(
    tx: Tx,
    caller: Caller,
    operation: string,
    resourceId: string | undefined,
    change: { readonly before: Record<string, unknown>; readonly after: Record<string, unknown> },
  ): Promise<void> {
    const record = { caller, operation, resourceType: 'limits', resourceId, ...change } as const;
    return recordAudit(tx, this.#context, record);
  }
}
