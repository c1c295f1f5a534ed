import { BOOK_ID, type Db, openDatabase } from '#db/database.ts';
import { listAccountLines } from '#features/transactions/lines.ts';
import { selectBalanceAt, selectSeqAsOf } from '#ledger/balances.ts';
import type { AccountId } from '#lib/ids.ts';
import { addDays, isoDate } from '#lib/time/dates.ts';
import type { Bench } from '../bench.ts';
import { accountId } from '../data/account-ids.ts';
import { measureJob } from '../host/measure.ts';
import { Random } from '../load/random.ts';
import { Recorder } from '../load/recorder.ts';
import type { Measurement, Row } from '../measurement.ts';

/** The API's default, and the one line more by which it knows whether there is a next page. */
const PAGE_LINES = 25;
const LIMIT = PAGE_LINES + 1;
const LATE_PAGE = 1_000;
/** The first calls plan statements and fill caches. */
const WARMUP_READS = 20;
/** The day after which the history begins, and its days: random dates lie between. */
const FIRST_DATE = isoDate('2022-01-04');
const DAYS_A_BLOCK = 108;

type Read = (db: Db, account: AccountId, random: Random) => Promise<unknown>;

/** Reads of the account with the long history, one after the other, as the server makes them. */
export function historyRows(bench: Bench): Row[] {
  const { lines } = bench.longLedger;
  const latePage = Math.min(LATE_PAGE, Math.floor(lines / PAGE_LINES));
  const beforeSeq = BigInt(lines - (latePage - 1) * PAGE_LINES + 1);
  const listed = `of ${lines.toLocaleString('en')} lines`;
  return [
    historyRow(bench, 'page-1', `page 1 ${listed}`, (db, account) =>
      listAccountLines(db, BOOK_ID, account, { limit: LIMIT }),
    ),
    historyRow(bench, 'page-1000', `page ${latePage.toLocaleString('en')} ${listed}`, (db, account) =>
      listAccountLines(db, BOOK_ID, account, { beforeSeq, limit: LIMIT }),
    ),
    historyRow(bench, 'balance-as-of', `balance at a past date, ${listed}`, async (db, account, random) => {
      const days = random.below(DAYS_A_BLOCK * bench.plan.historyBlocks);
      const seq = await selectSeqAsOf(db, BOOK_ID, account, { businessDate: addDays(FIRST_DATE, days) });
      return selectBalanceAt(db, BOOK_ID, account, seq);
    }),
  ];
}

function historyRow({ plan, longLedger }: Bench, id: string, title: string, read: Read): Row {
  return {
    id: `history-${id}`,
    group: 'history',
    title,
    unit: 'reads/s',
    clients: 1,
    measure: () => measureReads(longLedger, plan.accounts + 1, plan.historyReads, read),
  };
}

async function measureReads(
  { postgres, databaseUrl }: Bench['longLedger'],
  account: number,
  reads: number,
  read: Read,
): Promise<Measurement> {
  const { db, close } = openDatabase({ databaseUrl, poolSize: 1 });
  const id = accountId(account);
  const random = new Random(account);
  try {
    for (let warmup = 0; warmup < WARMUP_READS; warmup++) await read(db, id, random);
    return await measureJob({ postgres }, async (watch) => {
      const recorder = new Recorder((type) => (type === 'opened' ? watch.onOpened() : watch.onClosed()));
      recorder.begin();
      recorder.open();
      for (let done = 0; done < reads; done++) {
        const startedMs = performance.now();
        await read(db, id, random);
        recorder.record(startedMs, 1);
      }
      recorder.close();
      return recorder.result();
    });
  } finally {
    await close();
  }
}
