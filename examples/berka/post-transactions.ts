import type { Context } from '#db/context.ts';
import type { Tx } from '#db/database.ts';
import { storeTransactionRows, type TransactionRow } from '#features/transactions/contract.ts';
import type { EntryDraft, InternalAccount, PostedEntry, RefusalCode } from '#ledger/entry.ts';
import { ledgerError } from '#ledger/errors.ts';
import { InternalAccounts } from '#ledger/internal-accounts.ts';
import { post } from '#ledger/post.ts';
import { assert } from '#lib/assert.ts';
import { type AccountId, newId, type TransactionId } from '#lib/ids.ts';
import { hashRequest } from '#lib/request-hash.ts';
import type { Entities } from './entities.ts';
import type { Problems } from './errors.ts';
import { CZK } from './fields.ts';
import { recordOf } from './load-records.ts';
import type { OnProgress } from './progress.ts';
import { type ImportedRecord, type ImportId, insertRecords } from './repository.ts';
import type { Row } from './rows/row-type.ts';
import type { BankTransaction } from './rows/transaction.ts';
import type { Tally } from './summary.ts';

/** As large as the posting queue's batches: a larger one gains nothing a row. */
const CHUNK = 2_000;

/** On whose behalf: keys of rows are this caller's. */
export const BERKA_ACTOR = 'import:berka';

export type TransactionsToPost = {
  /** In the order in which they are posted. */
  readonly ordered: readonly Row<BankTransaction>[];
  readonly imports: ReadonlyMap<string, ImportId>;
};

type Prepared = {
  readonly row: Row<BankTransaction>;
  readonly accountId: AccountId;
  readonly draft: EntryDraft;
};

/**
 * Posts transactions through the ledger on their own dates, each once: a row is known by its id, and what it
 * says may not change. Refused rows go to `problems`, and the first chunk with any ends the import.
 */
export async function postTransactions(
  context: Context,
  tx: Tx,
  { ordered, imports }: TransactionsToPost,
  entities: Entities,
  tally: Tally,
  problems: Problems,
  onProgress: OnProgress,
): Promise<void> {
  const bank = new BankSides(context.bookId);
  for (let start = 0; start < ordered.length; start += CHUNK) {
    const chunk: Prepared[] = [];
    for (const row of ordered.slice(start, start + CHUNK)) {
      const accountId = entities.accountId(row.value.accountId);
      const entryId = newId(context.ids, 'transaction');
      const side = await bank.sideOf(tx, row.value.movement.glCode);
      chunk.push({ row, accountId, draft: draftOf(row, entryId, accountId, side) });
    }
    await postChunk(context, tx, chunk, imports, tally, problems);
    onProgress({ phase: 'transactions', done: start + chunk.length, total: ordered.length });
  }
}

async function postChunk(
  context: Context,
  tx: Tx,
  chunk: readonly Prepared[],
  imports: ReadonlyMap<string, ImportId>,
  tally: Tally,
  problems: Problems,
): Promise<void> {
  const drafts = chunk.map(({ draft }) => draft);
  const outcomes = await post(tx, context, drafts);
  const rows: TransactionRow[] = [];
  const records: ImportedRecord[] = [];
  for (const [index, { row, accountId, draft }] of chunk.entries()) {
    const outcome = outcomes[index];
    assert(
      outcome !== undefined && outcome.status !== 'barred',
      'every draft is judged, by the ledger alone',
    );
    switch (outcome.status) {
      case 'posted':
        rows.push(transactionRowOf(row, draft.entryId, accountId));
        records.push(recordOf('transaction', row, { customerId: undefined, accountId }, imports));
        addToTally(tally, row, outcome.entry);
        break;
      case 'replayed':
        tally.addRepeated();
        break;
      case 'refused':
        problems.add({ file: row.file, line: row.line, message: refusalMessage(row, outcome.code) });
    }
  }
  problems.throwIfAny();
  await storeTransactionRows(tx, context.bookId, rows);
  await insertRecords(tx, context.bookId, records);
}

function draftOf(
  { id, content, value }: Row<BankTransaction>,
  entryId: TransactionId,
  account: AccountId,
  bank: InternalAccount,
): EntryDraft {
  const { movement, signedMinor, date } = value;
  const amountMinor = signedMinor < 0n ? -signedMinor : signedMinor;
  const sides =
    movement.direction === 'credit' ? { debit: bank, credit: account } : { debit: account, credit: bank };
  return {
    entryId,
    kind: movement.type,
    actor: BERKA_ACTOR,
    idempotency: { key: `trans:${id}`, requestHash: hashRequest('berka_transaction', [content]) },
    businessDate: date,
    valueDate: date,
    postings: [{ ...sides, amountMinor, currency: CZK }],
  };
}

function transactionRowOf(
  { id: reference, value }: Row<BankTransaction>,
  id: TransactionId,
  accountId: AccountId,
): TransactionRow {
  const { movement, signedMinor, counterpartyBank, counterpartyAccount } = value;
  const amountMinor = signedMinor < 0n ? -signedMinor : signedMinor;
  const { type, mode, purpose } = movement;
  const counterparty = { bank: counterpartyBank, account: counterpartyAccount };
  return { id, accountId, type, mode, amountMinor, reference, purpose, counterparty };
}

function addToTally(tally: Tally, { value }: Row<BankTransaction>, entry: PostedEntry): void {
  const posting = entry.postings[0];
  assert(posting !== undefined, 'a posted entry has its posting');
  const side = value.movement.direction === 'credit' ? posting.creditAfter : posting.debitAfter;
  assert(side !== undefined, 'a customer account keeps a running balance');
  const { amountMinor } = posting;
  tally.addPosted(
    { type: value.movement.type, date: value.date, amountMinor },
    side.balanceMinor,
    value.balanceMinor,
  );
}

function refusalMessage({ id, value }: Row<BankTransaction>, code: RefusalCode): string {
  switch (code) {
    case 'idempotency_key_reused':
      return `transaction ${id} was imported before with other values`;
    case 'business_date_closed':
      return `account ${value.accountId} has entries after ${value.date} already`;
    default:
      return `account ${value.accountId}: ${ledgerError(code).message}`;
  }
}

/** The bank's own accounts on the other side. */
class BankSides {
  readonly #accounts: InternalAccounts;

  constructor(bookId: number) {
    this.#accounts = new InternalAccounts(bookId);
  }

  async sideOf(tx: Tx, glCode: string): Promise<InternalAccount> {
    const account = await this.#accounts.find(tx, glCode, CZK);
    assert(account !== undefined, `the book keeps line ${glCode} in ${CZK}`);
    return account;
  }
}
