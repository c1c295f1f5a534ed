import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LAWS } from '#bank/services.ts';
import { BOOK_ID, openDatabase } from '#db/database.ts';
import { verifyLaws } from '#ledger/verify.ts';
import { fillBank } from './data/bank.ts';
import { addHistory } from './data/history.ts';
import { BenchPostgres, withClient } from './host/bench-postgres.ts';
import type { Plan } from './plan.ts';

const ROOT = join(import.meta.dirname, '..');
/** Git-ignored: some 5 GB after a full run. */
const CACHE = join(import.meta.dirname, '.cache');
/** Three years, and the openings the day before them. */
const OPENED_AT = '2022-01-03T12:00:00.000Z';
/** Every run posts to the ledger; a ledger that has grown by more than this share is built again. */
const MAX_GROWTH = 0.2;

/** A ledger with a long account. If it is kept between runs, it is on its own server. */
export type LongLedger = {
  readonly postgres: BenchPostgres;
  readonly databaseUrl: string;
  /** Lines of the long account, which is the last one; nothing else posts to it. */
  readonly lines: number;
};

/** Opens the ledger of an earlier run, or makes it; with a plan that keeps nothing, makes it on `postgres`. */
export async function openLongLedger(
  plan: Plan,
  postgres: BenchPostgres,
  stack: AsyncDisposableStack,
  onProgress: (line: string) => void,
): Promise<LongLedger> {
  const lines = plan.accounts * plan.historyBlocks + 1;
  const name = `long_ledger_${plan.historyBlocks}`;
  if (!plan.keepsHistory) {
    return { postgres, databaseUrl: await build(plan, postgres, name, onProgress), lines };
  }
  mkdirSync(CACHE, { recursive: true });
  const kept = await BenchPostgres.open(join(CACHE, 'data'), onProgress);
  stack.defer(() => kept.close());
  const marker = join(CACHE, `${name}.marker`);
  const wanted = fingerprint(plan);
  if (readMarker(marker) === wanted && (await isOfItsSize(kept.urlOf(name), plan))) {
    onProgress(`found the long ledger of an earlier run in ${CACHE}`);
  } else {
    rmSync(marker, { force: true });
    await build(plan, kept, name, onProgress);
    writeFileSync(marker, wanted);
  }
  return { postgres: kept, databaseUrl: kept.urlOf(name), lines };
}

/** The number of postings, as the last vacuum or analyze estimated it. */
export async function estimatePostings(databaseUrl: string): Promise<number> {
  return withClient(databaseUrl, async (client) => {
    const { rows } = await client.query<{ count: number }>(
      "select reltuples::float8 as count from pg_class where oid = 'postings'::regclass",
    );
    return rows[0]?.count ?? 0;
  });
}

async function isOfItsSize(databaseUrl: string, { accounts, historyBlocks }: Plan): Promise<boolean> {
  const made = accounts * (1 + 5 * historyBlocks);
  const now = await estimatePostings(databaseUrl).catch(() => 0);
  return now > made * (1 - MAX_GROWTH) && now < made * (1 + MAX_GROWTH);
}

/** What the ledger depends on: the schema, and how it is filled. */
function fingerprint({ accounts, historyBlocks }: Plan): string {
  const hash = createHash('sha256').update(JSON.stringify({ accounts, historyBlocks, OPENED_AT }));
  for (const folder of [join(ROOT, 'migrations'), join(import.meta.dirname, 'data')]) {
    for (const file of readdirSync(folder).toSorted()) hash.update(readFileSync(join(folder, file)));
  }
  return hash.digest('hex');
}

function readMarker(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    // There is none before the ledger is whole.
    return undefined;
  }
}

async function build(
  plan: Plan,
  postgres: BenchPostgres,
  name: string,
  onProgress: (line: string) => void,
): Promise<string> {
  const { accounts, historyBlocks: blocks } = plan;
  onProgress(`making a ledger with ${accounts * (1 + 5 * blocks)} postings`);
  const databaseUrl = await postgres.createBook(name);
  await withClient(databaseUrl, async (client) => {
    await fillBank(client, accounts, OPENED_AT);
    await addHistory(client, { accounts, blocks, openedAt: OPENED_AT }, onProgress);
  });
  await verifyBooks(databaseUrl, onProgress);
  return databaseUrl;
}

/** Checks every law of the books. Throws with the first row that breaks one. */
export async function verifyBooks(databaseUrl: string, onProgress: (line: string) => void): Promise<void> {
  const { db, close } = openDatabase({ databaseUrl, statementTimeoutMs: 0 });
  try {
    const results = await verifyLaws(db, BOOK_ID, LAWS, (law) => onProgress(`verify: ${law}`));
    for (const { name, brokenBy } of results) {
      if (brokenBy !== undefined) throw new Error(`the books are broken: ${name}: ${brokenBy}`);
    }
  } finally {
    await close();
  }
}
