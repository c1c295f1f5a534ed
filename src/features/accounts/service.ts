import type { Context } from '#db/context.ts';
import type { Tx } from '#db/database.ts';
import { isLookedThrough } from '#db/look-back.ts';
import { afterCommit } from '#db/transaction.ts';
import { type AuditRecord, recordAudit } from '#features/audit/contract.ts';
import type { MoneyGate } from '#features/authority/contract.ts';
import { type Customer, lockCustomer } from '#features/customers/contract.ts';
import { findProduct, type Product, productError } from '#features/products/contract.ts';
import { type AsOf, selectBalanceAt, selectSeqAsOf } from '#ledger/balances.ts';
import { followCalendar, requireCome } from '#ledger/business-date.ts';
import { lookBackCreated, type Through } from '#ledger/created.ts';
import { openLedgerAccounts } from '#ledger/customer-accounts.ts';
import { assert } from '#lib/assert.ts';
import { type Caller, ownCustomerOf } from '#lib/caller.ts';
import { notFound } from '#lib/errors.ts';
import { type AccountId, type CustomerId, newId, toTypeId } from '#lib/ids.ts';
import type { IfMatch } from '#lib/if-match.ts';
import type { Currency } from '#lib/money/currencies.ts';
import type { Reasons } from '#lib/reasons.ts';
import type { Sought } from '#lib/sought.ts';
import { cleanText } from '#lib/text.ts';
import { accountFor } from './access.ts';
import { type Account, type AccountChanges, type Freeze, type Holder, newAccount } from './account.ts';
import { takeAccountNumbers } from './account-numbers.ts';
import { type AccountCommand, AccountUpdates, inAccountTransaction } from './account-updates.ts';
import { auditedChange, heldAs } from './audited.ts';
import { type AccountBalance, balanceFor } from './balance.ts';
import { accountError } from './errors.ts';
import {
  type AccountFilter,
  deleteHolder,
  findAccount,
  insertAccounts,
  insertHolders,
  type ListedAccount,
  listAccounts,
  type StoredAccount,
  setOwner,
} from './repository.ts';

const MAX_REASON_LENGTH = 500;

export type OpenAccount = {
  readonly customerId: CustomerId;
  readonly product: string;
  readonly currency: Currency;
  /** Minor units; zero for none. */
  readonly overdraftLimitMinor: bigint;
  readonly externalId?: string | undefined;
  readonly metadata?: Readonly<Record<string, string>> | undefined;
};

/** What is frozen, all if not given, and why. */
export type FreezeRequest = Reasons & { readonly what?: Freeze | undefined };

/** Why, and to which account of the owner what is left goes. */
export type CloseRequest = Reasons & { readonly payoutTo?: AccountId | undefined };

/** What is left on an account that is closed. */
export type ClosingPayout = {
  readonly caller: Caller;
  readonly from: AccountId;
  readonly to: AccountId;
  readonly currency: Currency;
};

/** What else still needs an account, or a holder of it. */
export type AccountNeeds = {
  /** A loan that runs. */
  readonly isOfLoan: (tx: Tx, id: AccountId, holder?: CustomerId) => Promise<boolean>;
  /** A deposit that is paid out to it or collects from it. */
  readonly isOfDeposit: (tx: Tx, id: AccountId) => Promise<boolean>;
  /** An order of a court or an authority, which takes what comes in later. Asked under the lock of the ledger account. */
  readonly isAttached: (tx: Tx, id: AccountId) => Promise<boolean>;
  /** Whether a fee waits for money on it. */
  readonly owesFees: (tx: Tx, id: AccountId) => Promise<boolean>;
  /** Whether it has earned or owes interest that is not posted; what rounds to nothing is dropped. */
  readonly endsWithInterest: (tx: Tx, id: AccountId) => Promise<boolean>;
  /** Posts its interest and moves its balance; returns what is left, in minor units. The ledger accounts of both are locked. */
  readonly payOut: (tx: Tx, payout: ClosingPayout) => Promise<bigint>;
};

type AccountSearch = Omit<AccountFilter, 'heldBy' | 'through'>;

/**
 * The use cases of accounts; each is one database transaction. A customer's user reaches the accounts that its
 * customer holds: all others answer 404 `not_found`, and 403 `forbidden` is for a holder whose role is not enough.
 */
export class AccountService {
  readonly #context: Context;
  readonly #gate: MoneyGate;
  readonly #needs: AccountNeeds;
  readonly #updates: AccountUpdates;

  constructor(context: Context, gate: MoneyGate, needs: AccountNeeds) {
    this.#context = context;
    this.#gate = gate;
    this.#needs = needs;
    this.#updates = new AccountUpdates(context);
  }

  /**
   * Opens an account with its ledger account, number and IBAN. Throws 404 `not_found` for the customer, 409
   * `customer_closed`, `customer_deceased` or `account_exists`, 422 `unknown_product`, `product_retired`, `customer_details_missing`,
   * `customer_not_eligible`, `product_needs_contract`, `product_not_offered_yet`, `overdraft_above_maximum` or `overdraft_not_allowed`.
   */
  async open(caller: Caller, request: OpenAccount): Promise<StoredAccount> {
    const { db, bookId, clock, ids } = this.#context;
    const id = newId(ids, 'account');
    const openedOn = await followCalendar(db, bookId, clock);
    await inAccountTransaction(this.#context, async (tx) => {
      const customer = await this.#lockActiveCustomer(tx, request.customerId);
      const product = await findProduct(tx, bookId, { code: request.product, currency: request.currency });
      if (product === undefined) throw productError('unknown_product');
      product.assertOpensAccounts();
      product.assertOffered();
      product.assertEligible(customer.state);
      product.assertDetails(customer.state);
      product.assertOverdraft(request.overdraftLimitMinor);
      const [number] = await takeAccountNumbers(tx, bookId, 1);
      assert(number !== undefined, 'a number was taken');
      const account = newAccount({
        id,
        ...request,
        ...number,
        openedOn,
        minimumMinor: product.balances.minimumMinor,
      });
      const { glCode } = product.state;
      const floorMinor = -request.overdraftLimitMinor;
      const ledgerAccount = { id, glCode, currency: request.currency, floorMinor, ...product.balances };
      await openLedgerAccounts(tx, bookId, [ledgerAccount]);
      await insertAccounts(tx, bookId, [account]);
      const { overdraftLimitMinor: amountMinor, currency } = request;
      await this.#gate.pass(tx, caller, 'openAccount', { amountMinor, currency });
      await this.#updates.record(tx, caller, 'openAccount', id, auditedChange(undefined, account.state));
    });
    return afterCommit(() => this.#find(id));
  }

  /** Throws 404 `not_found`. */
  get(caller: Caller, id: AccountId): Promise<StoredAccount> {
    return accountFor(this.#context.db, this.#context.bookId, { caller, accountId: id }, 'see');
  }

  /** The balance now. Throws 404 `not_found`. */
  balance(caller: Caller, id: AccountId): Promise<AccountBalance> {
    return balanceFor(this.#context.db, this.#context.bookId, { caller, accountId: id });
  }

  /** A customer's user is shown what its customer holds. */
  async page(caller: Caller, filter: AccountSearch): Promise<Sought<ListedAccount, Through<AccountId>>> {
    const { db, bookId } = this.#context;
    const { customerId, iban, number, externalId } = filter;
    const through = isLookedThrough(caller, filter, [customerId, iban, number, externalId])
      ? await lookBackCreated(db, bookId, 'accounts', filter)
      : undefined;
    const rows = await listAccounts(db, bookId, { ...filter, through, heldBy: ownCustomerOf(caller) });
    return { rows, soughtThrough: through };
  }

  /** The rows of a page alone: without `metadata` no page is short. */
  async list(caller: Caller, filter: Omit<AccountSearch, 'metadata'>): Promise<ListedAccount[]> {
    return [...(await this.page(caller, filter)).rows];
  }

  /**
   * The balance at the end of a business date or at an instant, in minor units. Throws 404 `not_found`, 400
   * `validation_failed` for the future.
   */
  async balanceAsOf(
    caller: Caller,
    id: AccountId,
    asOf: AsOf,
  ): Promise<{ account: StoredAccount; balanceMinor: bigint }> {
    const { db, bookId } = this.#context;
    const account = await this.get(caller, id);
    await requireCome(db, this.#context, asOf);
    const seq = await selectSeqAsOf(db, bookId, id, asOf);
    return { account, balanceMinor: await selectBalanceAt(db, bookId, id, seq) };
  }

  /**
   * Changes terms of the version the caller read. Throws 404 `not_found`, 409 `account_closed` or
   * `account_exists`, 412 `version_conflict`, 422 `overdraft_in_use`, `overdraft_above_maximum`
   * or `overdraft_not_allowed`.
   */
  change(caller: Caller, id: AccountId, version: IfMatch, changes: AccountChanges): Promise<StoredAccount> {
    return this.#updates.run(
      { caller, id, operation: 'changeAccount', right: 'manage' },
      async (account, tx) => {
        account.assertVersion(version);
        account.change(changes);
        const { overdraftLimitMinor: amountMinor = 0n } = changes;
        (await this.#productOf(tx, account)).assertOverdraft(amountMinor);
        const { currency } = account.state;
        await this.#gate.pass(tx, caller, 'changeAccount', { amountMinor, currency });
      },
    );
  }

  /**
   * Stops money out, or out and in. One that is frozen can be frozen in the other way. Throws 404 `not_found`, 409
   * `account_closed` or `account_frozen`.
   */
  freeze(caller: Caller, id: AccountId, { what, ...reasons }: FreezeRequest): Promise<StoredAccount> {
    const command = { caller, id, operation: 'freezeAccount', right: 'manage' } as const;
    return this.#updates.run(command, (account) => account.freeze(reasons, what));
  }

  /** Throws 404 `not_found`, 409 `account_closed` or `account_not_frozen`. */
  unfreeze(caller: Caller, id: AccountId, reasons: Reasons): Promise<StoredAccount> {
    const command = { caller, id, operation: 'unfreezeAccount', right: 'manage' } as const;
    return this.#updates.run(command, (account) => account.unfreeze(reasons));
  }

  /** Throws 404 `not_found`, 409 `account_closed` or `account_not_dormant`. */
  reactivate(caller: Caller, id: AccountId, reasons: Reasons): Promise<StoredAccount> {
    const command = { caller, id, operation: 'reactivateAccount', right: 'manage' } as const;
    return this.#updates.run(command, (account, _tx, today) => account.reactivate(reasons, today));
  }

  /** Throws 404 `not_found`, 409 `account_closed` or `closing_notice_given`. */
  giveClosingNotice(caller: Caller, id: AccountId): Promise<StoredAccount> {
    const command = { caller, id, operation: 'giveClosingNotice', right: 'close' } as const;
    return this.#updates.run(command, (account, _tx, today) => account.giveClosingNotice(today));
  }

  /**
   * Closes an account: an empty one, or one whose interest and balance go to another account of its owner. A holder's own
   * reason is for the holders too; a holder does not learn of an attachment. Terms of closing do not hold an estate. Throws
   * 404 `not_found`, 409 `account_closed`, `account_frozen`, `account_not_empty`, `account_not_closable_yet` or
   * `closing_notice_missing`, 422 `payout_not_to_owner`, and what a transfer to that account throws.
   */
  close(caller: Caller, id: AccountId, { payoutTo, ...given }: CloseRequest): Promise<StoredAccount> {
    const reasons = ownCustomerOf(caller) === undefined ? given : { ...given, customerReason: given.reason };
    const command = { caller, id, operation: 'closeAccount', right: 'close', payee: payoutTo } as const;
    return this.#updates.run(command, async (account, tx, today) => {
      // What is paid out is judged once it is known, with the interest.
      await this.#gate.judgeWithin(tx, caller, 'closeAccount');
      if (payoutTo !== undefined) await this.#assertOwnPayee(tx, caller, account, payoutTo);
      account.assertMayClose();
      const { funds, openedOn, closingNoticeOn: noticeOn } = account.state;
      if (!funds.isEstate) (await this.#productOf(tx, account)).assertClosable({ openedOn, noticeOn });
      await this.#assertNotNeeded(tx, caller, id);
      if (payoutTo !== undefined) await this.#payOut(tx, caller, account, payoutTo);
      account.close(reasons, today);
      if (await this.#needs.endsWithInterest(tx, id))
        throw accountError('account_not_empty', { what: 'sum of interest that is not posted' });
    });
  }

  async #assertNotNeeded(tx: Tx, caller: Caller, id: AccountId): Promise<void> {
    if (await this.#needs.isAttached(tx, id)) {
      throw accountError('account_not_empty', {
        what: ownCustomerOf(caller) === undefined ? 'attachment in force' : 'balance or a hold',
      });
    }
    if (await this.#needs.owesFees(tx, id))
      throw accountError('account_not_empty', { what: 'fee that is due' });
    if (await this.#needs.isOfLoan(tx, id))
      throw accountError('account_not_empty', { what: 'loan that is paid out to it or repaid from it' });
    if (await this.#needs.isOfDeposit(tx, id))
      throw accountError('account_not_empty', { what: 'deposit that is paid out to it or collects from it' });
  }

  /** Throws 404 `not_found` and 422 `payout_not_to_owner`. */
  async #assertOwnPayee(tx: Tx, caller: Caller, { state }: Account, accountId: AccountId): Promise<void> {
    const { id, customerId, currency } = state;
    const payee = await accountFor(tx, this.#context.bookId, { caller, accountId }, 'see');
    const isOwn = payee.customerId === customerId && payee.currency === currency && accountId !== id;
    if (!isOwn) throw accountError('payout_not_to_owner');
  }

  /** Pays interest and balance out to another account of the owner. Both ledger accounts are locked. */
  async #payOut(tx: Tx, caller: Caller, account: Account, payoutTo: AccountId): Promise<void> {
    const { id, currency, funds } = account.state;
    if (funds.heldMinor !== 0n) throw accountError('account_not_empty', { what: 'balance or a hold' });
    account.notePaidOut(await this.#needs.payOut(tx, { caller, from: id, to: payoutTo, currency }));
  }

  /** The terms of an account, as they are in force for it. */
  async #productOf(tx: Tx, { state: { product: code, currency, openedOn } }: Account): Promise<Product> {
    const product = await findProduct(tx, this.#context.bookId, { code, currency }, openedOn);
    assert(product !== undefined, 'an account has a product');
    return product;
  }

  /**
   * Throws 404 `not_found`, 409 `account_closed`, `customer_closed`, `customer_deceased` or
   * `holder_exists`, 422 `too_many_holders`. Whoever knows the id of a
   * customer may name it here: an owner learns whether it is one, and no more.
   */
  addHolder(caller: Caller, id: AccountId, holder: Holder): Promise<StoredAccount> {
    const command = { caller, id, operation: 'addHolder', right: 'appoint' } as const;
    return this.#addHolder(command, holder);
  }

  /**
   * Adds a holder who was invited and accepts: `consent` says so in the same transaction, under the lock of the account.
   * Whether the owner asked is judged there, and not by the rights of the caller. Throws as `addHolder` and `consent`.
   */
  appoint(
    caller: Caller,
    id: AccountId,
    holder: Holder,
    consent: (tx: Tx) => Promise<void>,
  ): Promise<StoredAccount> {
    const judged: Caller = { actor: caller.actor, role: 'operator' };
    const command = { caller, judged, id, operation: 'addHolder', right: 'appoint' } as const;
    return this.#addHolder(command, holder, consent);
  }

  #addHolder(
    command: AccountCommand,
    holder: Holder,
    consent?: (tx: Tx) => Promise<void>,
  ): Promise<StoredAccount> {
    const { bookId } = this.#context;
    const { id } = command;
    const addHolder = async (account: Account, tx: Tx): Promise<void> => {
      await consent?.(tx);
      account.addHolder(holder);
      (await this.#productOf(tx, account)).assertHolders(account.state.holders.length);
      await insertHolders(tx, bookId, [{ accountId: id, ...holder }]);
      // A consent is recorded as such.
      if (consent === undefined) await this.#recordHolder(tx, command, { after: heldAs(id, holder) });
    };
    return this.#updates.run(command, addHolder, (tx) => this.#lockActiveCustomer(tx, holder.customerId));
  }

  /**
   * Takes a holder off the account; a holder may leave. Throws 404 `not_found`, 409 `account_closed` or `holder_borrows`,
   * 422 `owner_stays`. Payments of the holder that are under way are posted before this, or refused.
   */
  removeHolder(caller: Caller, id: AccountId, customerId: CustomerId): Promise<StoredAccount> {
    const right = ownCustomerOf(caller) === customerId ? 'see' : 'appoint';
    const command = { caller, id, operation: 'removeHolder', right, isAboutHolders: true } as const;
    return this.#updates.run(command, async (account, tx) => {
      const holder = account.state.holders.find((one) => one.customerId === customerId);
      if (holder === undefined || !account.removeHolder(customerId)) throw notFound();
      if (await this.#needs.isOfLoan(tx, id, customerId)) throw accountError('holder_borrows');
      await deleteHolder(tx, this.#context.bookId, id, customerId);
      await this.#recordHolder(tx, command, { before: heldAs(id, holder) });
    });
  }

  /**
   * Makes another holder the owner that the account is of, and takes the one until now off it: when an owner has died.
   * Throws 400 `validation_failed`, 404 `not_found`, 409 `account_closed`, `customer_closed`, `customer_deceased`, `holder_borrows`, or
   * `not_a_holder` unless the customer holds the account beside the owner.
   */
  changeOwner(
    caller: Caller,
    id: AccountId,
    { customerId, reason: text }: { readonly customerId: CustomerId; readonly reason: string },
  ): Promise<StoredAccount> {
    const { bookId } = this.#context;
    const reason = cleanText(text, 'reason', MAX_REASON_LENGTH);
    const command = { caller, id, operation: 'changeOwner', right: 'manage', isAboutHolders: true } as const;
    const change = async (account: Account, tx: Tx): Promise<void> => {
      const before = account.state.customerId;
      if (!account.changeOwner(customerId)) throw accountError('not_a_holder');
      if (await this.#needs.isOfLoan(tx, id, before)) throw accountError('holder_borrows');
      await setOwner(tx, bookId, id, customerId);
      await deleteHolder(tx, bookId, id, before);
      await this.#updates.record(tx, caller, command.operation, id, {
        before: { customerId: toTypeId('customer', before) },
        after: { customerId: toTypeId('customer', customerId), reason },
      });
    };
    return this.#updates.run(command, change, (tx) => this.#lockActiveCustomer(tx, customerId));
  }

  async #find(id: AccountId): Promise<StoredAccount> {
    const account = await findAccount(this.#context.db, this.#context.bookId, id);
    if (account === undefined) throw notFound();
    return account;
  }

  async #lockActiveCustomer(tx: Tx, id: CustomerId): Promise<Customer> {
    const customer = await lockCustomer(tx, this.#context, id);
    if (customer === undefined) throw notFound();
    customer.assertActive();
    return customer;
  }

  #recordHolder(
    tx: Tx,
    { caller, id, operation }: AccountCommand,
    change: Pick<AuditRecord, 'before' | 'after'>,
  ): Promise<void> {
    const resource = { resourceType: 'account_holder', resourceId: toTypeId('account', id) } as const;
    return recordAudit(tx, this.#context, { caller, operation, ...resource, ...change });
  }
}
