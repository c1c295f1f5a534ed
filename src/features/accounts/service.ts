import type { Context } from '#db/context.ts';
import type { Tx } from '#db/database.ts';
import { sessionOf } from '#db/session.ts';
import { inTransaction } from '#db/transaction.ts';
import { lockCustomer } from '#features/customers/contract.ts';
import { findProduct } from '#features/products/contract.ts';
import type { AsOf } from '#ledger/balances.ts';
import { selectBalanceAt, selectSeqAsOf } from '#ledger/balances.ts';
import { followCalendar, holdBusinessDate } from '#ledger/business-date.ts';
import { lockLedgerAccount, openLedgerAccounts, updateLedgerAccount } from '#ledger/customer-accounts.ts';
import { assert } from '#lib/assert.ts';
import type { Currency } from '#lib/currencies.ts';
import type { IsoDate } from '#lib/dates.ts';
import { notFound } from '#lib/errors.ts';
import type { AccountId, CustomerId } from '#lib/ids.ts';
import { newId } from '#lib/ids.ts';
import type { AccountChanges, Holder } from './account.ts';
import { Account, newAccount } from './account.ts';
import { takeAccountNumbers } from './account-numbers.ts';
import { asAccountError, unknownProduct } from './errors.ts';
import type { AccountFilter, StoredAccount } from './repository.ts';
import {
  deleteHolder,
  findAccount,
  insertAccounts,
  insertHolders,
  listAccounts,
  lockAccountRow,
  updateAccount,
} from './repository.ts';

export type OpenAccount = {
  readonly customerId: CustomerId;
  readonly product: string;
  readonly currency: Currency;
  /** Minor units; zero for none. */
  readonly overdraftLimitMinor: bigint;
  readonly externalId?: string | undefined;
  readonly metadata?: Readonly<Record<string, string>> | undefined;
};

/** The use cases of accounts; each is one database transaction. */
export class AccountService {
  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
  }

  /**
   * Opens an account with its ledger account, number and IBAN. Throws 404 `not_found` for the customer, 409
   * `customer_closed` or `account_exists`, 422 `unknown_product`, `product_retired` or `overdraft_not_allowed`.
   */
  async open(request: OpenAccount): Promise<StoredAccount> {
    const { db, bookId, clock, ids } = this.#context;
    const id = newId(ids, 'account');
    const openedOn = await followCalendar(db, bookId, clock);
    await this.#inTransaction(async (tx) => {
      await this.#lockActiveCustomer(tx, request.customerId);
      const product = await findProduct(tx, bookId, request.product, request.currency);
      if (product === undefined) throw unknownProduct();
      product.assertOffered();
      product.assertOverdraft(request.overdraftLimitMinor);
      const [number] = await takeAccountNumbers(tx, bookId, 1);
      assert(number !== undefined, 'a number was taken');
      const account = newAccount({
        id,
        ...request,
        ...number,
        openedOn,
      });
      const { glCode } = product.state;
      const floorMinor = -request.overdraftLimitMinor;
      await openLedgerAccounts(tx, bookId, [{ id, glCode, currency: request.currency, floorMinor }]);
      await insertAccounts(tx, bookId, [account]);
    });
    return this.get(id);
  }

  /** Throws 404 `not_found`. */
  async get(id: AccountId): Promise<StoredAccount> {
    const account = await findAccount(this.#context.db, this.#context.bookId, id);
    if (account === undefined) throw notFound();
    return account;
  }

  list(filter: AccountFilter): Promise<StoredAccount[]> {
    return listAccounts(this.#context.db, this.#context.bookId, filter);
  }

  /** The balance at the end of a business date or at an instant, in minor units. Throws 404 `not_found`. */
  async balanceAsOf(id: AccountId, asOf: AsOf): Promise<{ account: StoredAccount; balanceMinor: bigint }> {
    const { db, bookId } = this.#context;
    const account = await this.get(id);
    const seq = await selectSeqAsOf(db, bookId, id, asOf);
    return { account, balanceMinor: await selectBalanceAt(db, bookId, id, seq) };
  }

  /**
   * Changes terms of the version the caller read. Throws 404 `not_found`, 409 `account_closed` or
   * `account_exists`, 412 `version_conflict`, 422 `overdraft_in_use` or `overdraft_not_allowed`.
   */
  change(id: AccountId, version: number | '*', changes: AccountChanges): Promise<StoredAccount> {
    return this.#update(id, async (account, tx) => {
      account.assertVersion(version);
      account.change(changes);
      const { product, currency } = account.state;
      const terms = await findProduct(tx, this.#context.bookId, product, currency);
      assert(terms !== undefined, 'an account has a product');
      terms.assertOverdraft(changes.overdraftLimitMinor ?? 0n);
    });
  }

  /** Throws 404 `not_found`, 409 `account_closed` or `account_frozen`. */
  freeze(id: AccountId, reason: string): Promise<StoredAccount> {
    return this.#update(id, (account) => account.freeze(reason));
  }

  /** Throws 404 `not_found`, 409 `account_closed` or `account_not_frozen`. */
  unfreeze(id: AccountId, reason: string): Promise<StoredAccount> {
    return this.#update(id, (account) => account.unfreeze(reason));
  }

  /** Throws 404 `not_found`, 409 `account_closed`, `account_frozen` or `account_not_empty`. */
  close(id: AccountId, reason: string): Promise<StoredAccount> {
    return this.#update(id, (account, _, today) => account.close(reason, today));
  }

  /** Throws 404 `not_found`, 409 `account_closed`, `customer_closed` or `holder_exists`. */
  addHolder(id: AccountId, holder: Holder): Promise<StoredAccount> {
    const { bookId } = this.#context;
    const addHolder = async (account: Account, tx: Tx): Promise<void> => {
      account.addHolder(holder);
      await insertHolders(tx, bookId, [{ accountId: id, ...holder }]);
    };
    return this.#update(id, addHolder, (tx) => this.#lockActiveCustomer(tx, holder.customerId));
  }

  /** Throws 404 `not_found`, 409 `account_closed`, 422 `owner_stays`. */
  removeHolder(id: AccountId, customerId: CustomerId): Promise<StoredAccount> {
    return this.#update(id, async (account, tx) => {
      if (!account.removeHolder(customerId)) throw notFound();
      await deleteHolder(tx, this.#context.bookId, id, customerId);
    });
  }

  async #lockActiveCustomer(tx: Tx, id: CustomerId): Promise<void> {
    const customer = await lockCustomer(this.#context, tx, id);
    if (customer === undefined) throw notFound();
    customer.assertActive();
  }

  /**
   * Locks the account, lets it decide, and stores what it became. Lock order: what `lockFirst` locks (a
   * customer), account row, book, ledger account.
   */
  async #update(
    id: AccountId,
    decide: (account: Account, tx: Tx, today: IsoDate) => void | Promise<void>,
    lockFirst: (tx: Tx) => Promise<void> = async () => undefined,
  ): Promise<StoredAccount> {
    const { db, bookId, clock } = this.#context;
    await followCalendar(db, bookId, clock);
    await this.#inTransaction(async (tx) => {
      await lockFirst(tx);
      if (!(await lockAccountRow(tx, bookId, id))) throw notFound();
      const today = await holdBusinessDate(sessionOf(tx), bookId);
      await lockLedgerAccount(tx, bookId, id);
      const stored = await findAccount(tx, bookId, id);
      if (stored === undefined) throw notFound();
      const account = new Account(stored);
      await decide(account, tx, today);
      await updateAccount(tx, bookId, account);
      const { status, overdraftLimitMinor } = account.state.funds;
      await updateLedgerAccount(tx, bookId, id, { status, floorMinor: -overdraftLimitMinor });
    });
    return this.get(id);
  }

  async #inTransaction<Result>(work: (tx: Tx) => Promise<Result>): Promise<Result> {
    try {
      return await inTransaction(this.#context.db, work);
    } catch (error) {
      throw asAccountError(error);
    }
  }
}
