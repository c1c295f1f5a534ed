import type { Context } from '#db/context.ts';
import type { Tx } from '#db/database.ts';
import { inTransaction } from '#db/transaction.ts';
import { accountFor, lockAccountRow } from '#features/accounts/contract.ts';
import { recordAudit } from '#features/audit/contract.ts';
import { issuingBankView, selectBank } from '#features/books/contract.ts';
import { chargeEvents } from '#features/charges/contract.ts';
import { selectProgress } from '#features/end-of-day/contract.ts';
import { lineView, openStatement, type StatementPeriod } from '#features/transactions/contract.ts';
import { followCalendar, selectBusinessDate } from '#ledger/business-date.ts';
import { assert } from '#lib/assert.ts';
import type { Caller } from '#lib/caller.ts';
import { notFound } from '#lib/errors.ts';
import { type AccountId, type StatementId, toTypeId } from '#lib/ids.ts';
import { formatAmount } from '#lib/money/money.ts';
import { toIsoInstant } from '#lib/time/clock.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import { type StatementDocument, storedHead } from './document.ts';
import { findDueStatements } from './due.ts';
import { statementError } from './errors.ts';
import { selectHead } from './head.ts';
import { statementInterest } from './interest.ts';
import { storePages, storeStatements } from './make.ts';
import { listStatements, readPages } from './repository.ts';
import { type DueStatement, keptLine, pagesAfter, type StoredStatement } from './statement.ts';

/** Of a statement on request: a month's end has no such bound. */
const MAX_LINES_ON_REQUEST = 50_000n;

/** Statements of accounts: of any period, and those that are numbered and kept. */
export class StatementService {
  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
  }

  /** The lines of any period as they read now. Throws 404 `not_found`. */
  async ofPeriod(caller: Caller, accountId: AccountId, period: StatementPeriod): Promise<StatementDocument> {
    const { db, bookId, clock } = this.#context;
    const statement = await openStatement(this.#context, caller, accountId, period);
    const { account, from, to, openingMinor, closingMinor, lineCount, seqBefore, lastSeq } = statement;
    const { number: accountNumber, ...head } = await selectHead(db, bookId, accountId);
    const { currency } = account;
    const { country } = statement.bank;
    const today = await followCalendar(db, bookId, clock);
    // What lies ahead may still change.
    const through = to !== undefined && to < today ? to : today;
    const stated = { accountId, currency, country, from, to: through };
    return {
      interest: await statementInterest(this.#context, { ...stated, seqBefore, lastSeq, closingMinor }),
      head: {
        id: null,
        number: null,
        accountId: toTypeId('account', accountId),
        accountNumber,
        iban: head.iban,
        currency,
        product: head.product,
        bank: head.bank,
        holders: [...head.holders],
        address: [...head.address],
        from: from ?? null,
        to: to ?? null,
        openingBalance: formatAmount(openingMinor, currency),
        closingBalance: formatAmount(closingMinor, currency),
        madeAt: toIsoInstant(clock.nowMs()),
      },
      lineCount,
      seqBefore,
      netMinor: closingMinor - openingMinor,
      through,
      pages: async function* pages() {
        for await (const lines of statement.pages()) yield lines.map((line) => keptLine(lineView(line)));
      },
    };
  }

  /** The numbered statements of an account, the newest first. Throws 404 `not_found`. */
  async list(
    caller: Caller,
    accountId: AccountId,
    page: { readonly before: number | undefined; readonly limit: number },
  ): Promise<StoredStatement[]> {
    const { db, bookId } = this.#context;
    await accountFor(db, bookId, { caller, accountId }, 'see');
    return listStatements(db, bookId, accountId, page);
  }

  /** A numbered statement, as it was made. Throws 404 `not_found`. */
  async get(caller: Caller, accountId: AccountId, number: number): Promise<StatementDocument> {
    const { db, bookId } = this.#context;
    await accountFor(db, bookId, { caller, accountId }, 'see');
    const [statement] = await listStatements(db, bookId, accountId, { number, limit: 1 });
    if (statement === undefined) throw notFound();
    const { country } = await selectBank(db, bookId);
    return {
      head: storedHead(statement),
      interest: await statementInterest(this.#context, { ...statement, country }),
      lineCount: statement.lastSeq - statement.seqBefore,
      seqBefore: statement.seqBefore,
      netMinor: statement.closingMinor - statement.openingMinor,
      through: statement.to,
      pages: () => readPages(db, bookId, statement),
    };
  }

  /**
   * Makes the next numbered statement of an account, up to a closed date: the last one if none is given. Locks the
   * account's row. Throws 404 `not_found`, 409 `statement_date_open`, `statement_exists` and `account_statement_empty`,
   * and 422 `account_statement_too_long`; and `insufficient_funds` where the terms refuse one that is not paid for.
   */
  async make(caller: Caller, accountId: AccountId, to: IsoDate | undefined): Promise<StoredStatement> {
    const { db, bookId } = this.#context;
    await accountFor(db, bookId, { caller, accountId }, 'see');
    return inTransaction(db, async (tx) => {
      const due = await this.#nextOf(tx, accountId, to);
      const [made] = await storeStatements(tx, this.#context, caller.actor, [due]);
      assert(made !== undefined, 'one is made of one');
      const pages = pagesAfter(made, made.seqBefore, Number(MAX_LINES_ON_REQUEST));
      await storePages(tx, bookId, [{ ...made, pages }]);
      await this.#charge(tx, accountId, made.id);
      await recordAudit(tx, this.#context, {
        caller,
        operation: 'makeAccountStatement',
        resourceType: 'account',
        resourceId: toTypeId('account', accountId),
        after: { statement: made.number, to: made.to },
      });
      const [stored] = await listStatements(tx, bookId, accountId, { number: made.number, limit: 1 });
      assert(stored !== undefined, 'it is stored');
      return stored;
    });
  }

  /** What a statement on demand costs by the terms of the account. */
  async #charge(tx: Tx, accountId: AccountId, id: StatementId): Promise<void> {
    const event = { accountId, event: 'statement_copy', about: toTypeId('statement', id) } as const;
    const { bookId } = this.#context;
    await chargeEvents(tx, this.#context, [event], await selectBusinessDate(tx, bookId));
  }

  async #nextOf(tx: Tx, accountId: AccountId, wanted: IsoDate | undefined): Promise<DueStatement> {
    const { bookId } = this.#context;
    if (!(await lockAccountRow(tx, bookId, accountId))) throw notFound();
    const { closedThrough } = await selectProgress(tx, bookId);
    const to = wanted ?? closedThrough;
    if (to === undefined || closedThrough === undefined || to > closedThrough) {
      throw statementError('statement_date_open', { date: to, closedThrough });
    }
    const [last] = await listStatements(tx, bookId, accountId, { limit: 1 });
    if (last !== undefined && last.to >= to) throw statementError('statement_exists');
    const bank = issuingBankView(await selectBank(tx, bookId));
    const [due] = await findDueStatements(tx, bookId, [accountId], { to, bank });
    if (due === undefined) throw statementError('account_statement_empty');
    if (due.lastSeq - due.seqBefore > MAX_LINES_ON_REQUEST)
      throw statementError('account_statement_too_long');
    return due;
  }
}
