import { BOOK_ID, openDatabase } from '#db/database.ts';
import { storeTransactionRows, type TransactionRow } from '#features/transactions/contract.ts';
import type { EntryDraft } from '#ledger/entry.ts';
import { PostingQueue } from '#ledger/posting-queue.ts';
import type { PostingRequest } from '#ledger/waiting.ts';
import { type AccountId, newId, randomIds } from '#lib/ids.ts';
import { type Currency, requireCurrency } from '#lib/money/currencies.ts';
import { hashRequest } from '#lib/request-hash.ts';
import { systemClock } from '#lib/time/clock.ts';
import { accountId } from '../data/account-ids.ts';
import type { DatabaseJob, LoadResult, OnWindow } from './protocol.ts';
import { Random } from './random.ts';
import { runClients } from './recorder.ts';

type KernelJob = Extract<DatabaseJob, { kind: 'kernel' }>;

const idsByCount = new Map<number, readonly AccountId[]>();

/**
 * The posting queue in this process, without HTTP: each client submits a batch of transfers at once, with keys
 * and rows as the service makes them, and waits for all the answers.
 */
export async function runKernelJob(job: KernelJob, onWindow: OnWindow): Promise<LoadResult> {
  const { db, postingPool, close } = openDatabase({ databaseUrl: job.databaseUrl });
  const context = { db, postingPool, bookId: BOOK_ID, clock: systemClock };
  const queue = new PostingQueue<TransactionRow>(context, {
    storeRows: (session, rows) => storeTransactionRows(session, BOOK_ID, rows),
    flightRules: { isPlain: () => true, confirm: () => undefined },
  });
  const accounts = idsByCount.getOrInsertComputed(job.accounts, () =>
    Array.from({ length: job.accounts }, (_, index) => accountId(index + 1)),
  );
  const currency = requireCurrency('EUR');
  try {
    const clients = Array.from({ length: job.clients }, (_, client) => {
      const random = new Random(client);
      return async () => {
        const requests = Array.from({ length: job.batch }, () => transferRequest(accounts, random, currency));
        await Promise.all(requests.map((request) => queue.submit(request)));
        return job.batch;
      };
    });
    return await runClients(job.window, clients, onWindow);
  } finally {
    await queue.drain();
    await close();
  }
}

function transferRequest(
  accounts: readonly AccountId[],
  random: Random,
  currency: Currency,
): PostingRequest<TransactionRow> {
  const [from, to] = random.pair(accounts.length);
  const debit = accounts[from - 1];
  const credit = accounts[to - 1];
  if (debit === undefined || credit === undefined) throw new RangeError('accounts are numbered from 1');
  const entryId = newId(randomIds, 'transaction');
  const amountMinor = 1n;
  const requestHash = hashRequest('transfer', [debit, credit, amountMinor, currency]);
  const draft: EntryDraft = {
    entryId,
    kind: 'transfer',
    actor: 'bench',
    idempotency: { key: entryId, requestHash },
    postings: [{ debit, credit, amountMinor, currency }],
  };
  return { draft, row: { id: entryId, accountId: debit, type: 'transfer', mode: 'online', amountMinor } };
}
