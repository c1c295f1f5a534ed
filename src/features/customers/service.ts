import type { Context } from '#db/context.ts';
import type { Tx } from '#db/database.ts';
import { sessionOf } from '#db/session.ts';
import { inTransaction } from '#db/transaction.ts';
import type { AuditRecord } from '#features/audit/contract.ts';
import { recordAudit } from '#features/audit/contract.ts';
import { followCalendar } from '#ledger/business-date.ts';
import type { Caller } from '#lib/caller.ts';
import { ownCustomerOf } from '#lib/caller.ts';
import type { IsoDate } from '#lib/dates.ts';
import type { FlorinError } from '#lib/errors.ts';
import { notFound } from '#lib/errors.ts';
import type { CustomerId } from '#lib/ids.ts';
import { newId, toTypeId } from '#lib/ids.ts';
import { auditedChange } from './audited-change.ts';
import type { CustomerChanges, CustomerDetails, Organisation, Person } from './customer.ts';
import { Customer } from './customer.ts';
import { asCustomerError } from './errors.ts';
import type { CustomerFilter, StoredCustomer } from './repository.ts';
import {
  deleteCustomer,
  findCustomer,
  insertCustomers,
  listCustomers,
  lockCustomer,
  updateCustomer,
} from './repository.ts';

/** What customers own elsewhere, as far as it decides whether they may leave. */
export type Holdings = {
  /** Accounts that the customer holds in any role and that are not closed. */
  countOpenAccounts(tx: Tx, customerId: CustomerId): Promise<number>;
  /** Why the customer may not be deleted, if there is a reason. Locks what the answer rests on. */
  findReasonToKeep(tx: Tx, customerId: CustomerId): Promise<FlorinError | undefined>;
  /** Sees to it that no money comes to what outlives the customer. Called once nothing is against leaving. */
  release(tx: Tx, customerId: CustomerId): Promise<void>;
};

/**
 * The use cases of customers; each is one database transaction. A customer's user reaches its own customer: all
 * others answer 404 `not_found`.
 */
export class CustomerService {
  readonly #context: Context;
  readonly #holdings: Holdings;

  constructor(context: Context, holdings: Holdings) {
    this.#context = context;
    this.#holdings = holdings;
  }

  /** Throws 400 `validation_failed`, 409 `customer_exists`. */
  async create(
    caller: Caller,
    identity: Person | Organisation,
    details: CustomerDetails,
  ): Promise<StoredCustomer> {
    const { ids } = this.#context;
    const today = await this.#today();
    const customer = Customer.open(newId(ids, 'customer'), identity, details, today);
    const { state } = customer;
    await this.#inTransaction(async (tx) => {
      await insertCustomers(this.#context, tx, [customer]);
      await this.#record(tx, caller, 'createCustomer', state.id, auditedChange(undefined, state));
    });
    return this.get(caller, state.id);
  }

  /** Throws 404 `not_found`. */
  async get(caller: Caller, id: CustomerId): Promise<StoredCustomer> {
    assertReaches(caller, id);
    const customer = await findCustomer(this.#context, this.#context.db, id);
    if (customer === undefined) throw notFound();
    return customer;
  }

  /** A customer's user is shown its own customer. */
  async list(caller: Caller, filter: Omit<CustomerFilter, 'only'>): Promise<StoredCustomer[]> {
    const only = ownCustomerOf(caller);
    return listCustomers(this.#context, this.#context.db, { ...filter, only });
  }

  /**
   * Changes details of the version the caller read. Throws 400 `validation_failed`, 404 `not_found`,
   * 409 `customer_closed` or `customer_exists`, 412 `version_conflict`.
   */
  async change(
    caller: Caller,
    id: CustomerId,
    version: number | '*',
    changes: CustomerChanges,
  ): Promise<StoredCustomer> {
    const today = await this.#today();
    await this.#inTransaction(async (tx) => {
      const customer = await this.#lock(tx, caller, id);
      customer.assertVersion(version);
      const before = customer.state;
      customer.change(changes, today);
      await updateCustomer(this.#context, tx, customer);
      await this.#record(tx, caller, 'changeCustomer', id, auditedChange(before, customer.state));
    });
    return this.get(caller, id);
  }

  /** Throws 404 `not_found`, 409 `customer_closed` or `customer_has_open_accounts`. */
  async close(caller: Caller, id: CustomerId): Promise<StoredCustomer> {
    await this.#inTransaction(async (tx) => {
      const customer = await this.#lock(tx, caller, id);
      const before = customer.state;
      customer.close(await this.#holdings.countOpenAccounts(tx, id));
      await updateCustomer(this.#context, tx, customer);
      await this.#record(tx, caller, 'closeCustomer', id, auditedChange(before, customer.state));
    });
    return this.get(caller, id);
  }

  /**
   * Deletes the customer with all that is about the person; journal entries and postings stay. Throws 404
   * `not_found`, 409 `customer_has_balances`, `customer_has_joint_accounts` or `retention_period`.
   */
  async delete(caller: Caller, id: CustomerId): Promise<void> {
    // Retention is counted up to today, and perhaps nothing was posted yet that moved the book's date on.
    await this.#today();
    await this.#inTransaction(async (tx) => {
      const { state } = await this.#lock(tx, caller, id);
      const reason = await this.#holdings.findReasonToKeep(tx, id);
      if (reason !== undefined) throw reason;
      await this.#holdings.release(tx, id);
      await deleteCustomer(tx, this.#context.bookId, id);
      // Nothing about the person: that is what goes.
      const before = { type: state.identity.type, status: state.status, version: state.version };
      await this.#record(tx, caller, 'deleteCustomer', id, { before });
    });
  }

  #record(
    tx: Tx,
    caller: Caller,
    operation: string,
    id: CustomerId,
    change: Pick<AuditRecord, 'before' | 'after'>,
  ): Promise<void> {
    const resource = { resourceType: 'customer', resourceId: toTypeId('customer', id) } as const;
    return recordAudit(sessionOf(tx), this.#context, { caller, operation, ...resource, ...change });
  }

  #today(): Promise<IsoDate> {
    return followCalendar(this.#context.db, this.#context.bookId, this.#context.clock);
  }

  async #lock(tx: Tx, caller: Caller, id: CustomerId): Promise<Customer> {
    assertReaches(caller, id);
    const customer = await lockCustomer(this.#context, tx, id);
    if (customer === undefined) throw notFound();
    return customer;
  }

  async #inTransaction<Result>(work: (tx: Tx) => Promise<Result>): Promise<Result> {
    try {
      return await inTransaction(this.#context.db, work);
    } catch (error) {
      throw asCustomerError(error);
    }
  }
}

/** Throws 404 `not_found` for a customer's user and another customer. */
function assertReaches(caller: Caller, id: CustomerId): void {
  const own = ownCustomerOf(caller);
  if (own !== undefined && own !== id) throw notFound();
}
