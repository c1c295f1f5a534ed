import type { Context } from '#db/context.ts';
import type { Tx } from '#db/database.ts';
import { violatedUnique } from '#db/postgres-error.ts';
import { inTransaction } from '#db/transaction.ts';
import { recordAudit } from '#features/audit/contract.ts';
import { Problems } from './errors.ts';
import { loadBank } from './load-bank.ts';
import { BERKA_ACTOR } from './post-transactions.ts';
import type { OnProgress } from './progress.ts';
import { readBank } from './read-bank.ts';
import type { BerkaSummary } from './summary.ts';

export type BerkaOptions = {
  /** Holds account, card, client, disp, district, loan, order and any number of trans*.csv. */
  readonly directory: string;
  /** Further files of transactions. */
  readonly transactionFiles: readonly string[];
  readonly onProgress?: OnProgress;
};

/** An external id that somebody else took since it was looked for: the import runs again and says so. */
const EXTERNAL_IDS = [
  'customers_book_id_external_id_key',
  'accounts_book_id_external_id_key',
  'loans_book_id_external_id_key',
];

/**
 * Loads the PKDD'99 (Berka) bank into the context's book, all of it in one database transaction. May be run
 * again with the same files (which changes nothing) and with later ones.
 *
 * Where each file goes:
 * - client.csv: a customer each (externalId client_id; date of birth and sex from birth_number; district and
 *   region in metadata; no names exist, hence "Client" and the id).
 * - account.csv: a current account in CZK each (externalId account_id; branch and statement frequency in
 *   metadata), with the overdraft that its transactions show it had.
 * - disp.csv: holders; OWNER is the owner, DISPONENT is authorised.
 * - trans*.csv: a journal entry and a transaction each, on the row's own date (reference trans_id; type, mode,
 *   purpose and counterparty from the codes, see classify-movement.ts).
 * - order.csv: a monthly standing order to an account of another bank each (externalId order_id; purpose from
 *   k_symbol), on the day of the month on which the transactions show it paid.
 * - loan.csv: a loan each, on a product of their own (externalId loan_id; equal principal, no interest, monthly), as
 *   it stands when the data ends, on 31 December 1998: A is closed; B is active, its time over, with something due; C
 *   and D run, D with something due. Their principal is opened against line 3900; nothing is collected from accounts.
 * - Every row of every file as it was, as JSON in `imported_records` under `berka_client`, `berka_account`,
 *   `berka_disposition`, `berka_order`, `berka_loan`, `berka_card`, `berka_district` and `berka_transaction`.
 *   That is all there is of cards, the districts' demographics and the balances that
 *   the file states. Records go with the customer or account that they are about; those of districts stay.
 * - Names and SHA-256 of the files in `imports`.
 *
 * Dates: a book without entries begins on the last imported date and no longer follows the calendar. Later
 * files move such a book on. In any other book the date stays, and a row after it is refused.
 *
 * Throws 400 `import_failed` with the first problems when anything cannot be loaded: then nothing was.
 */
export async function importBerka(context: Context, options: BerkaOptions): Promise<BerkaSummary> {
  const { directory, transactionFiles, onProgress = () => undefined } = options;
  const startedMs = performance.now();
  const problems = new Problems();
  const bank = await readBank(directory, transactionFiles, problems, onProgress);
  const summary = await inTransaction(
    context.db,
    async (tx) => {
      const loaded = await loadBank(context, tx, bank, problems.copy(), onProgress);
      if (loaded.changed) await recordImport(context, tx, loaded);
      return loaded;
    },
    { alsoRetry: (error) => EXTERNAL_IDS.includes(violatedUnique(error) ?? '') },
  );
  return { ...summary, elapsedMs: Math.round(performance.now() - startedMs) };
}

/** The import is one act: what it made names it, as far as that is the ledger's. */
function recordImport(
  context: Context,
  tx: Tx,
  { customers, accounts, loans, transactions }: Omit<BerkaSummary, 'elapsedMs'>,
): Promise<void> {
  return recordAudit(tx, context, {
    caller: { actor: BERKA_ACTOR, role: 'operator' },
    operation: 'importBerka',
    resourceType: 'import',
    after: { customers, accounts, loans, transactions: transactions.posted },
  });
}
