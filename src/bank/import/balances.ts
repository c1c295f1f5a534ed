import type { Tx } from '#db/database.ts';
import { inTransaction } from '#db/transaction.ts';
import type { StoredAccount } from '#features/accounts/contract.ts';
import { recordAudit } from '#features/audit/contract.ts';
import { storeTransactionRows } from '#features/transactions/contract.ts';
import { followCalendar } from '#ledger/business-date.ts';
import { CHART } from '#ledger/chart.ts';
import { isTwin } from '#ledger/claim-key.ts';
import type { EntryDraft, InternalAccount, PostOutcome } from '#ledger/entry.ts';
import { ledgerError } from '#ledger/errors.ts';
import { InternalAccounts } from '#ledger/internal-accounts.ts';
import { post } from '#ledger/post.ts';
import { assert } from '#lib/assert.ts';
import { type FlorinError, validationFailed } from '#lib/errors.ts';
import { type AccountId, newId, toTypeId } from '#lib/ids.ts';
import { type Currency, requireCurrency } from '#lib/money/currencies.ts';
import { parseAmountOrZero } from '#lib/money/money.ts';
import { hashRequest } from '#lib/request-hash.ts';
import { OPERATOR } from '../operator-door.ts';
import type { Services } from '../services.ts';
import { type Importer, problemsOf, RowProblems, type RowResult } from './importer.ts';
import type { ImportRow } from './read-rows.ts';

/** In whose name balances are brought in: their idempotency keys are this actor's, so that none is booked twice. */
const ACTOR = 'import';

type Amount = { readonly currency: Currency; readonly amountMinor: bigint };
type Balance = Amount & { readonly accountId: AccountId };

/**
 * Opening balances: a journal entry each, between the account and the line of opening balances. The key of an entry is
 * its account, so that the ledger itself refuses a second one.
 */
export function balanceImporter(services: Services): Importer {
  return new BalanceImporter(services);
}

class BalanceImporter implements Importer {
  readonly #services: Services;
  readonly #internal: InternalAccounts;

  constructor(services: Services) {
    this.#services = services;
    this.#internal = new InternalAccounts(services.context.bookId);
  }

  amountOf(row: ImportRow) {
    try {
      return amountOf(row);
    } catch (error) {
      // Said by check.
      problemsOf(error);
      return undefined;
    }
  }

  async check(row: ImportRow) {
    const problems = new RowProblems();
    const amount = await problems.collect(() => amountOf(row));
    const account = await problems.collect(() => this.#accountOf(row));
    if (amount !== undefined && account !== undefined) {
      await problems.collect(() => judge(account, amount));
    }
    return problems.all;
  }

  async store(rows: readonly ImportRow[]): Promise<RowResult[]> {
    const { db, bookId, clock } = this.#services.context;
    const balances = await Promise.all(rows.map((row) => this.#balanceOf(row)));
    await followCalendar(db, bookId, clock);
    // An account without money needs no entry.
    const due = balances.filter(({ amountMinor }) => amountMinor !== 0n);
    const outcomes = await inTransaction(db, (tx) => this.#book(tx, due), { alsoRetry: isTwin() });
    const byBalance = new Map(due.map((balance, index) => [balance, outcomes[index]]));
    return balances.map((balance) => resultOf(byBalance.get(balance)));
  }

  /** Throws 400 `validation_failed`. */
  async #balanceOf(row: ImportRow): Promise<Balance> {
    const amount = amountOf(row);
    const account = await this.#accountOf(row);
    judge(account, amount);
    return { accountId: account.id, ...amount };
  }

  async #accountOf({ values }: ImportRow): Promise<StoredAccount> {
    const externalId = values.accountExternalId;
    const [account] = await this.#services.accounts.list(OPERATOR, { externalId, limit: 1 });
    if (account !== undefined) return account;
    throw validationFailed({
      path: 'accountExternalId',
      message: 'is not an account: import accounts first',
    });
  }

  async #book(tx: Tx, balances: readonly Balance[]): Promise<readonly PostOutcome[]> {
    const { context } = this.#services;
    const drafts = await Promise.all(balances.map((balance) => this.#draftOf(balance)));
    const outcomes = await post(tx, context, drafts);
    const rows = balances.flatMap(({ accountId, amountMinor }, index) => {
      const [draft, outcome] = [drafts[index], outcomes[index]];
      if (draft === undefined || outcome?.status !== 'posted') return [];
      const common = { id: draft.entryId, accountId, amountMinor: magnitude(amountMinor) };
      return [{ ...common, type: 'opening_balance', mode: 'internal' } as const];
    });
    if (rows.length === 0) return outcomes;
    await storeTransactionRows(tx, context.bookId, rows);
    await recordAudit(tx, context, {
      caller: OPERATOR,
      operation: 'importBalances',
      resourceType: 'import',
      after: { transactions: rows.length },
    });
    return outcomes;
  }

  async #draftOf({ accountId, currency, amountMinor }: Balance): Promise<EntryDraft> {
    const line = await this.#lineOf(currency);
    const sides = amountMinor < 0n ? { debit: accountId, credit: line } : { debit: line, credit: accountId };
    return {
      entryId: newId(this.#services.context.ids, 'transaction'),
      kind: 'opening_balance',
      actor: ACTOR,
      idempotency: {
        key: `opening-balance:${toTypeId('account', accountId)}`,
        requestHash: hashRequest('opening-balance', [accountId, amountMinor, currency]),
      },
      postings: [{ ...sides, amountMinor: magnitude(amountMinor), currency }],
    };
  }

  async #lineOf(currency: Currency): Promise<InternalAccount> {
    const line = await this.#internal.find(this.#services.context.db, CHART.openingBalances, currency);
    assert(line !== undefined, 'the book keeps the currency of an account');
    return line;
  }
}

function resultOf(outcome: PostOutcome | undefined): RowResult {
  if (outcome === undefined || outcome.status === 'replayed') return 'known';
  if (outcome.status === 'posted') return 'imported';
  const error: FlorinError = outcome.status === 'refused' ? ledgerError(outcome.code) : outcome.error;
  if (error.code !== 'idempotency_key_reused') return problemsOf(error);
  return [{ column: 'amount', message: 'differs from the opening balance that the account has' }];
}

/** Throws 400 `validation_failed` for an amount that the account cannot have. */
function judge(account: StoredAccount, { currency, amountMinor }: Amount): void {
  if (account.currency !== currency) {
    throw validationFailed({
      path: 'currency',
      message: `must be ${account.currency}, that of the account`,
    });
  }
  if (amountMinor < -account.funds.overdraftLimitMinor) {
    throw validationFailed({
      path: 'amount',
      message: 'is below what the overdraft limit of the account allows',
    });
  }
}

/** The amount of a row, below zero for an account that is overdrawn. Throws 400 `validation_failed`. */
function amountOf({ values }: ImportRow): Amount {
  const currency = requireCurrency(values.currency ?? '');
  const text = values.amount ?? '';
  const isNegative = text.startsWith('-');
  const amountMinor = parseAmountOrZero(isNegative ? text.slice(1) : text, currency, 'amount');
  return { currency, amountMinor: isNegative ? -amountMinor : amountMinor };
}

function magnitude(amountMinor: bigint): bigint {
  return amountMinor < 0n ? -amountMinor : amountMinor;
}
