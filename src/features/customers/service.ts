import type { Context } from '#db/context.ts';
import type { Tx } from '#db/database.ts';
import { isLookedThrough } from '#db/look-back.ts';
import { afterCommit, inTransaction } from '#db/transaction.ts';
import { type AuditRecord, changedFields, recordAudit } from '#features/audit/contract.ts';
import { selectBank } from '#features/books/contract.ts';
import { followCalendar } from '#ledger/business-date.ts';
import { lookBackCreated, type Through } from '#ledger/created.ts';
import { assertReachesCustomer, type Caller, ownCustomerOf } from '#lib/caller.ts';
import { type FlorinError, notFound } from '#lib/errors.ts';
import { type CustomerId, newId, toTypeId } from '#lib/ids.ts';
import type { IfMatch } from '#lib/if-match.ts';
import type { Sought } from '#lib/sought.ts';
import { cleanText } from '#lib/text.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import {
  Customer,
  type CustomerChanges,
  type CustomerDetails,
  type CustomerState,
  type Here,
  type Organisation,
  type Person,
} from './customer.ts';
import { customerError } from './errors.ts';
import { personalSeal } from './personal-fields.ts';
import {
  asCustomerError,
  type CustomerFilter,
  deleteCustomer,
  findCustomer,
  insertCustomers,
  type ListedCustomer,
  listCustomers,
  lockCustomer,
  type StoredCustomer,
  updateCustomer,
} from './repository.ts';

const MAX_REASON_LENGTH = 500;

/** What customers own elsewhere, as far as it decides whether they may leave. */
export type Holdings = {
  /** Accounts that the customer holds in any role and that are not closed. */
  countOpenAccounts(tx: Tx, customerId: CustomerId): Promise<number>;
  /** Why the customer may not be closed beyond that, if there is a reason. */
  findReasonToStay?(tx: Tx, customerId: CustomerId): Promise<FlorinError | undefined>;
  /** Why the customer may not be deleted, if there is a reason; the last one is retention. Locks what the answer rests on. */
  findReasonToKeep(
    tx: Tx,
    customerId: CustomerId,
    options: { readonly overrideRetention: boolean },
  ): Promise<FlorinError | undefined>;
  /**
   * Sees to what outlives the customer: that no money comes to it, and that nothing of others goes with the
   * customer. Called once nothing is against leaving.
   */
  release(tx: Tx, customerId: CustomerId, caller: Caller): Promise<void>;
};

/** What follows on accounts, orders and logins from the death of a customer, and from its report being withdrawn. */
export type Estates = {
  /** In the transaction of the report, with the customer locked and its new state stored. */
  follow(tx: Tx, caller: Caller, customerId: CustomerId): Promise<void>;
};

/**
 * The use cases of customers; each is one database transaction. A customer's user reaches its own customer: all
 * others answer 404 `not_found`.
 */
export class CustomerService {
  readonly #context: Context;
  readonly #holdings: readonly Holdings[];
  readonly #estates: Estates;

  /** What keeps a customer is asked of the holdings in this order. */
  constructor(context: Context, holdings: readonly Holdings[], estates: Estates) {
    this.#context = context;
    this.#holdings = holdings;
    this.#estates = estates;
  }

  /** Throws 400 `validation_failed`, 409 `customer_exists`. */
  async create(
    caller: Caller,
    identity: Person | Organisation,
    details: CustomerDetails,
  ): Promise<StoredCustomer> {
    const { ids } = this.#context;
    const here = await this.#here();
    const customer = Customer.open(newId(ids, 'customer'), identity, details, here);
    const { state } = customer;
    await this.#inTransaction(async (tx) => {
      await insertCustomers(tx, this.#context, [customer]);
      await this.#record(tx, caller, 'createCustomer', state.id, auditedChange(undefined, state));
    });
    return afterCommit(() => this.get(caller, state.id));
  }

  /** Throws 404 `not_found`. */
  async get(caller: Caller, id: CustomerId): Promise<StoredCustomer> {
    assertReachesCustomer(caller, id);
    const customer = await findCustomer(this.#context.db, this.#context, id);
    if (customer === undefined) throw notFound();
    return customer;
  }

  /** A customer's user is shown its own customer. */
  async page(
    caller: Caller,
    filter: Omit<CustomerFilter, 'only' | 'through'>,
  ): Promise<Sought<ListedCustomer, Through<CustomerId>>> {
    const { db, bookId } = this.#context;
    const order = filter.search === undefined ? filter : { after: filter.after };
    const through = isLookedThrough(caller, filter, [filter.email, filter.externalId])
      ? await lookBackCreated(db, bookId, 'customers', order)
      : undefined;
    const only = ownCustomerOf(caller);
    const rows = await listCustomers(db, this.#context, { ...filter, only, through });
    return { rows, soughtThrough: through };
  }

  /** The rows of a page alone: without `metadata` no page is short. */
  async list(
    caller: Caller,
    filter: Omit<CustomerFilter, 'only' | 'through' | 'metadata'>,
  ): Promise<ListedCustomer[]> {
    return [...(await this.page(caller, filter)).rows];
  }

  /**
   * Changes details of the version the caller read. Throws 400 `validation_failed`, 404 `not_found`,
   * 409 `customer_closed` or `customer_exists`, 412 `version_conflict`.
   */
  async change(
    caller: Caller,
    id: CustomerId,
    version: IfMatch,
    changes: CustomerChanges,
  ): Promise<StoredCustomer> {
    const here = await this.#here();
    await this.#inTransaction(async (tx) => {
      const customer = await this.#lock(tx, caller, id);
      customer.assertVersion(version);
      const before = customer.state;
      customer.change(changes, here);
      await updateCustomer(tx, this.#context, customer);
      await this.#record(tx, caller, 'changeCustomer', id, auditedChange(before, customer.state));
    });
    return afterCommit(() => this.get(caller, id));
  }

  /** Throws 404 `not_found`, 409 `customer_closed` or `customer_has_open_accounts`. */
  async close(caller: Caller, id: CustomerId): Promise<StoredCustomer> {
    await this.#inTransaction(async (tx) => {
      const customer = await this.#lock(tx, caller, id);
      const before = customer.state;
      let openAccounts = 0;
      for (const holdings of this.#holdings) openAccounts += await holdings.countOpenAccounts(tx, id);
      customer.close(openAccounts);
      for (const holdings of this.#holdings) {
        const reason = await holdings.findReasonToStay?.(tx, id);
        if (reason !== undefined) throw reason;
      }
      await updateCustomer(tx, this.#context, customer);
      await this.#record(tx, caller, 'closeCustomer', id, auditedChange(before, customer.state));
    });
    return afterCommit(() => this.get(caller, id));
  }

  /**
   * Takes note that a customer has died: from now on nothing is paid from the accounts that nobody alive owns, orders stop
   * and logins end. Throws 400 `validation_failed`, 404 `not_found`, 409 `customer_closed` or `customer_deceased`, 422
   * `customer_not_a_person`.
   */
  async reportDeath(
    caller: Caller,
    id: CustomerId,
    { deceasedOn, reason }: { readonly deceasedOn: IsoDate; readonly reason: string },
  ): Promise<StoredCustomer> {
    return this.#turn(caller, 'reportDeath', id, reason, (customer, today) =>
      customer.reportDeath(deceasedOn, today),
    );
  }

  /**
   * The report was a mistake: accounts, orders and logins are again as they were. Throws 400 `validation_failed`, 404
   * `not_found`, 409 `customer_closed` or `customer_not_deceased`.
   */
  async withdrawDeathReport(caller: Caller, id: CustomerId, reason: string): Promise<StoredCustomer> {
    return this.#turn(caller, 'withdrawDeathReport', id, reason, (customer) =>
      customer.withdrawDeathReport(),
    );
  }

  async #turn(
    caller: Caller,
    operation: string,
    id: CustomerId,
    givenReason: string,
    decide: (customer: Customer, today: IsoDate) => void,
  ): Promise<StoredCustomer> {
    const reason = cleanText(givenReason, 'reason', MAX_REASON_LENGTH);
    const today = await this.#today();
    await this.#inTransaction(async (tx) => {
      const customer = await this.#lock(tx, caller, id);
      const before = customer.state;
      decide(customer, today);
      await updateCustomer(tx, this.#context, customer);
      await this.#estates.follow(tx, caller, id);
      const { before: was, after: is } = auditedChange(before, customer.state);
      await this.#record(tx, caller, operation, id, { before: was, after: { ...is, deathReason: reason } });
    });
    return afterCommit(() => this.get(caller, id));
  }

  /**
   * Deletes the customer with all that is about the person; journal entries and postings stay. Throws 404
   * `not_found`, 409 `customer_has_balances`, `customer_has_joint_accounts` or `retention_period`.
   */
  async delete(caller: Caller, id: CustomerId): Promise<void> {
    await this.#remove(caller, 'deleteCustomer', id, { overrideRetention: false });
  }

  /**
   * Erases a closed customer: removes what `delete` does, says why, and may do so inside the retention period where
   * another law asks for it. Throws 404 `not_found`, 409 `customer_not_closed`, `customer_has_balances`,
   * `customer_has_joint_accounts` or, unless it is overridden, `retention_period`.
   */
  async erase(
    caller: Caller,
    id: CustomerId,
    { reason, overrideRetention }: { readonly reason: string; readonly overrideRetention: boolean },
  ): Promise<void> {
    const after = { reason: cleanText(reason, 'reason', MAX_REASON_LENGTH), overrideRetention };
    await this.#remove(caller, 'eraseCustomer', id, { overrideRetention, after, check: assertClosed });
  }

  async #remove(
    caller: Caller,
    operation: string,
    id: CustomerId,
    options: {
      readonly overrideRetention: boolean;
      readonly after?: AuditRecord['after'];
      readonly check?: (customer: Customer) => void;
    },
  ): Promise<void> {
    // Retention is counted up to today, and perhaps nothing was posted yet that moved the book's date on.
    await this.#today();
    await this.#inTransaction(async (tx) => {
      const customer = await this.#lock(tx, caller, id);
      options.check?.(customer);
      for (const holdings of this.#holdings) {
        const reason = await holdings.findReasonToKeep(tx, id, options);
        if (reason !== undefined) throw reason;
      }
      for (const holdings of this.#holdings) await holdings.release(tx, id, caller);
      await deleteCustomer(tx, this.#context.bookId, id);
      // Nothing about the person: that is what goes.
      const { identity, status, version } = customer.state;
      const before = { type: identity.type, status, version };
      await this.#record(tx, caller, operation, id, { before, after: options.after });
    });
  }

  async #record(
    tx: Tx,
    caller: Caller,
    operation: string,
    id: CustomerId,
    change: Pick<AuditRecord, 'before' | 'after'>,
  ): Promise<void> {
    const seal = await personalSeal(tx, this.#context, id);
    const resource = { resourceType: 'customer', resourceId: toTypeId('customer', id) } as const;
    await recordAudit(tx, this.#context, { caller, operation, ...resource, ...change, seal });
  }

  async #here(): Promise<Here> {
    const { country } = await selectBank(this.#context.db, this.#context.bookId);
    return { today: await this.#today(), home: country };
  }

  #today(): Promise<IsoDate> {
    return followCalendar(this.#context.db, this.#context.bookId, this.#context.clock);
  }

  async #lock(tx: Tx, caller: Caller, id: CustomerId): Promise<Customer> {
    assertReachesCustomer(caller, id);
    const customer = await lockCustomer(tx, this.#context, id);
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

/** Throws 409 `customer_not_closed`: who still banks here is closed first. */
function assertClosed({ state }: Customer): void {
  if (state.status === 'closed') return;
  throw customerError('customer_not_closed');
}

/** A change as the audit trail records it; the trail decides which of the fields are kept. */
function auditedChange(
  before: CustomerState | undefined,
  after: CustomerState,
): Pick<AuditRecord, 'before' | 'after'> {
  return changedFields(before && auditedFields(before), auditedFields(after));
}

function auditedFields({ identity, ...details }: CustomerState): Record<string, unknown> {
  return { ...identity, ...details };
}
