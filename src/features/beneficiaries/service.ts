import type { Context } from '#db/context.ts';
import type { Tx } from '#db/database.ts';
import { afterCommit, inTransaction } from '#db/transaction.ts';
import { findAccount } from '#features/accounts/contract.ts';
import { type AuditRecord, changedFields, recordAudit } from '#features/audit/contract.ts';
import { bookError, selectOwnAccounts } from '#features/books/contract.ts';
import { customerExists, lockCustomer, personalSeal } from '#features/customers/contract.ts';
import { assertReachesCustomer, type Caller } from '#lib/caller.ts';
import { notFound } from '#lib/errors.ts';
import { type AccountId, type BeneficiaryId, type CustomerId, newId, toTypeId } from '#lib/ids.ts';
import type { IfMatch } from '#lib/if-match.ts';
import type { Labels } from '#lib/labels.ts';
import type { Currency } from '#lib/money/currencies.ts';
import { parseAmount } from '#lib/money/money.ts';
import type { PayeeAccount } from '#lib/payee-account.ts';
import { Beneficiary, type BeneficiaryChanges, type BeneficiaryState, type DayLimit } from './beneficiary.ts';
import { beneficiaryError, currencyMissing, otherCurrency } from './errors.ts';
import type { OrdersToBeneficiary } from './orders.ts';
import { findOwnAccountId, ownAccountName } from './own-account.ts';
import {
  asBeneficiaryError,
  type BeneficiaryFilter,
  deleteBeneficiary,
  findBeneficiary,
  findFirstCurrency,
  insertBeneficiary,
  listBeneficiaries,
  lockBeneficiary,
  type StoredBeneficiary,
  selectCoolingOffMs,
  updateBeneficiary,
} from './repository.ts';
import { beneficiaryView } from './schemas.ts';

export type AddBeneficiary = Labels & {
  readonly name: string;
  readonly payee: PayeeAccount | { readonly accountId: AccountId };
  readonly nickname?: string | undefined;
  /** Of a limit, or in which alone the payee is to be paid. An account of this bank has its own. */
  readonly currency?: Currency | undefined;
  /** In major units; of which currency is decided here. */
  readonly limitPerDay?: string | undefined;
};

export type ChangeBeneficiary = Omit<BeneficiaryChanges, 'limitPerDay' | 'payeeCurrency'> & {
  readonly limitPerDay?: string | null | undefined;
};

/**
 * The use cases of beneficiaries; each is one database transaction. A customer's user reaches those of its own
 * customer: all others answer 404 `not_found`, as an absent customer does.
 */
export class BeneficiaryService {
  readonly #context: Context;
  readonly #orders: OrdersToBeneficiary;

  constructor(context: Context, orders: OrdersToBeneficiary) {
    this.#context = context;
    this.#orders = orders;
  }

  /**
   * Adds somebody to be paid by name. Throws 400 `validation_failed` or `invalid_amount`, 404 `not_found` for the
   * customer or the payee's account, 409 `customer_closed` or `beneficiary_exists`, 422 `unknown_payee` for an IBAN
   * of this bank that is nobody's.
   */
  async add(caller: Caller, customerId: CustomerId, request: AddBeneficiary): Promise<StoredBeneficiary> {
    const { bookId, clock, ids } = this.#context;
    assertReachesCustomer(caller, customerId);
    const payee = await this.#findPayee(request);
    const currency = payee.currency ?? request.currency;
    const id = newId(ids, 'beneficiary');
    await this.#inTransaction(
      async (tx) => {
        const customer = await lockCustomer(tx, this.#context, customerId);
        if (customer === undefined) throw notFound();
        customer.assertActive();
        const coolingOffMs = await selectCoolingOffMs(tx, bookId);
        const limitPerDay = await this.#dayLimit(tx, customerId, request.limitPerDay, currency);
        const { name, nickname, externalId, metadata } = request;
        const details = { name, nickname, externalId, metadata };
        const values = { id, customerId, account: payee.account, currency, limitPerDay, ...details };
        const beneficiary = Beneficiary.add(values, clock.nowMs(), coolingOffMs);
        await insertBeneficiary(tx, bookId, beneficiary);
        await this.#record(
          tx,
          caller,
          'createBeneficiary',
          { id, customerId },
          changedFields(undefined, audited(beneficiary)),
        );
      },
      'accountId' in request.payee ? 'accountId' : 'iban',
    );
    return afterCommit(() => this.get(caller, customerId, id));
  }

  /** Throws 404 `not_found`. */
  async get(caller: Caller, customerId: CustomerId, id: BeneficiaryId): Promise<StoredBeneficiary> {
    assertReachesCustomer(caller, customerId);
    const beneficiary = await findBeneficiary(this.#context.db, this.#context.bookId, customerId, id);
    if (beneficiary === undefined) throw notFound();
    return beneficiary;
  }

  /** Throws 404 `not_found` for the customer. */
  async list(
    caller: Caller,
    customerId: CustomerId,
    filter: BeneficiaryFilter,
  ): Promise<StoredBeneficiary[]> {
    const { db, bookId } = this.#context;
    assertReachesCustomer(caller, customerId);
    const beneficiaries = await listBeneficiaries(db, bookId, customerId, filter);
    if (beneficiaries.length === 0 && !(await customerExists(db, bookId, customerId))) throw notFound();
    return beneficiaries;
  }

  /**
   * Changes name, nickname or limit of the version the caller read; with the limit goes its currency. Throws 400 `validation_failed` or
   * `invalid_amount`, 404 `not_found`, 412 `version_conflict`.
   */
  async change(
    caller: Caller,
    customerId: CustomerId,
    id: BeneficiaryId,
    version: IfMatch,
    changes: ChangeBeneficiary,
  ): Promise<StoredBeneficiary> {
    const { db, bookId, clock } = this.#context;
    const { accountId } = await this.get(caller, customerId, id);
    const payeeCurrency = accountId && (await findAccount(db, bookId, accountId))?.currency;
    await this.#inTransaction(async (tx) => {
      const beneficiary = await lockBeneficiary(tx, bookId, { customerId, id });
      if (beneficiary === undefined) throw notFound();
      beneficiary.assertVersion(version);
      const before = audited(beneficiary);
      const text = changes.limitPerDay;
      const { currency } = beneficiary.state;
      const limitPerDay = text === null ? null : await this.#dayLimit(tx, customerId, text, currency);
      beneficiary.change({ ...changes, limitPerDay, payeeCurrency }, clock.nowMs());
      await updateBeneficiary(tx, bookId, beneficiary);
      await this.#record(
        tx,
        caller,
        'changeBeneficiary',
        { id, customerId },
        changedFields(before, audited(beneficiary)),
      );
    });
    return afterCommit(() => this.get(caller, customerId, id));
  }

  /**
   * What was paid stays as it is. With `cancelOrders`, the standing orders that pay it are cancelled, and kept: they
   * name its IBAN from then on, as those do that have ended. Throws 404 `not_found`, 409 `beneficiary_in_use`, 403
   * `forbidden` for a holder who may not cancel one of them. Locks the orders, then the beneficiary.
   */
  async delete(
    caller: Caller,
    customerId: CustomerId,
    id: BeneficiaryId,
    { cancelOrders = false }: { readonly cancelOrders?: boolean } = {},
  ): Promise<void> {
    const { bookId } = this.#context;
    await this.get(caller, customerId, id);
    await this.#inTransaction(async (tx) => {
      const { total, live } = await this.#orders.lock(tx, id);
      const beneficiary = await lockBeneficiary(tx, bookId, { customerId, id }, { toDelete: true });
      if (beneficiary === undefined) throw notFound();
      // One that was given in between is not locked: a repeated request reports it.
      const isNew = (await this.#orders.count(tx, id)) !== total;
      if (isNew || (live > 0 && !cancelOrders)) throw beneficiaryError('beneficiary_in_use');
      await this.#orders.cancel(tx, caller, beneficiary.state);
      await deleteBeneficiary(tx, bookId, id);
      await this.#record(
        tx,
        caller,
        'deleteBeneficiary',
        { id, customerId },
        { before: audited(beneficiary) },
      );
    });
  }

  /** The payee's account, and its currency where that is here. */
  async #findPayee({
    payee,
    currency,
  }: AddBeneficiary): Promise<{ account: PayeeAccount; currency?: Currency }> {
    const { db, bookId } = this.#context;
    const isId = 'accountId' in payee;
    const isOwn = isId ? () => true : await selectOwnAccounts(this.#context);
    const id = isId ? payee.accountId : await findOwnAccountId(db, bookId, payee, isOwn);
    const account = id === undefined ? undefined : await findAccount(db, bookId, id);
    if (account !== undefined) {
      if (currency !== undefined && currency !== account.currency) throw otherCurrency(account.currency);
      const named = await ownAccountName(this.#context, account);
      if (named === undefined) throw bookError('account_without_iban');
      return { account: named, currency: account.currency };
    }
    if (isId) throw notFound();
    if (isOwn(payee)) throw bookError('unknown_payee');
    return { account: payee };
  }

  async #dayLimit(
    tx: Tx,
    customerId: CustomerId,
    text: string | undefined,
    known: Currency | undefined,
  ): Promise<DayLimit | undefined> {
    if (text === undefined) return undefined;
    const currency = known ?? (await findFirstCurrency(tx, this.#context.bookId, customerId));
    if (currency === undefined) throw currencyMissing();
    return { amountMinor: parseAmount(text, currency, 'limitPerDay'), currency };
  }

  async #record(
    tx: Tx,
    caller: Caller,
    operation: string,
    { id, customerId }: { readonly id: BeneficiaryId; readonly customerId: CustomerId },
    change: Pick<AuditRecord, 'before' | 'after'>,
  ): Promise<void> {
    const seal = await personalSeal(tx, this.#context, customerId);
    const resource = { resourceType: 'beneficiary', resourceId: toTypeId('beneficiary', id) } as const;
    await recordAudit(tx, this.#context, { caller, operation, ...resource, ...change, seal });
  }

  async #inTransaction<Result>(
    work: (tx: Tx) => Promise<Result>,
    path: 'iban' | 'accountId' = 'iban',
  ): Promise<Result> {
    try {
      return await inTransaction(this.#context.db, work);
    } catch (error) {
      throw asBeneficiaryError(error, path);
    }
  }
}

/** As the audit trail records it: by its name there, without the instants of the row. */
function audited({ state }: { readonly state: BeneficiaryState }): Record<string, unknown> {
  const { customerId, name, nickname, iban, account, currency, limitPerDay, usableFrom } = beneficiaryView(
    { ...state, accountId: undefined },
    state.createdAtMs,
  );
  return {
    customerId,
    name,
    nickname,
    iban,
    ...(iban === null ? { account } : {}),
    currency,
    limitPerDay,
    usableFrom,
    version: state.version,
  };
}
