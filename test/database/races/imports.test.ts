import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { KyselyPlugin } from 'kysely';
import { importBerka } from '#examples/berka/import-berka.ts';
import type { BerkaSummary } from '#examples/berka/summary.ts';
import { countRows, SMALL_BANK, writeFiles, writeSmallBank } from '#test/database/berka/small-bank.ts';
import { openTestBank } from '#test/support/bank.ts';

/** After the import's lock and its eight files come the look-ups; this is the first. */
const FIRST_LOOKUP = 10;
/** The quick import ends long before, unless it has to wait for the slow one, as it should. */
const WAIT_MS = 1_000;

test('an import that starts while another looks up what is there waits for its end', async () => {
  const bank = await openTestBank();
  const directory = await writeSmallBank();
  // An empty line more each: other files with the same rows.
  const others = await writeFiles(
    Object.fromEntries(Object.entries(SMALL_BANK).map(([name, lines]) => [name, [...lines, '']])),
  );
  let results = 0;
  let quick: Promise<BerkaSummary> | undefined;
  const barrier: KyselyPlugin = {
    transformQuery: ({ node }) => node,
    transformResult: async ({ result }) => {
      results += 1;
      if (results === FIRST_LOOKUP) {
        quick = importBerka(bank.context, { directory: others, transactionFiles: [] });
        await Promise.race([quick, delay(WAIT_MS)]);
      }
      return result;
    },
  };
  const context = { ...bank.context, db: bank.db.withPlugin(barrier) };
  const slow = await importBerka(context, { directory, transactionFiles: [] });
  assert.ok(quick !== undefined, 'the barrier was reached');
  assert.equal(slow.changed, true);
  assert.equal((await quick).changed, false);
  const { customers, accounts, journal_entries: entries, imports } = await countRows(bank.db);
  assert.deepEqual(
    { customers, accounts, entries, imports },
    { customers: 3n, accounts: 2n, entries: 10n, imports: 16n },
  );
});
