import { systemClock, toIsoInstant } from '#lib/time/clock.ts';
import { type Bench, DATABASES } from '../bench.ts';
import { fillBank } from '../data/bank.ts';
import { withClient } from '../host/bench-postgres.ts';
import { FlorinServer } from '../host/florin-server.ts';
import { measureJob } from '../host/measure.ts';
import type { Measurement, Row } from '../measurement.ts';

/** The customers of a small bank on its first day. */
const NEW_BANK_ACCOUNTS = 1_000;
/** Autovacuum comes once a minute: before it PostgreSQL has no statistics of the tables. */
const FIRST_MINUTE_MS = 60_000;

/**
 * Transfers in the first minute of a bank: the server starts on an empty book, the accounts come after it, and nothing
 * was analysed.
 */
export function newBankRow(bench: Bench, clients: number): Row {
  return {
    id: `http-new-bank-${clients}`,
    group: 'HTTP',
    title: `POST /v1/transfers in a bank's first minute, ${NEW_BANK_ACCOUNTS.toLocaleString('en')} accounts`,
    unit: 'transfers/s',
    clients,
    maxRounds: 1,
    measure: () => measureNewBank(bench, clients),
  };
}

async function measureNewBank({ plan, http, postgres }: Bench, clients: number): Promise<Measurement> {
  const databaseUrl = await postgres.createDatabase(DATABASES.newBank, DATABASES.emptyBook);
  const server = await FlorinServer.start(databaseUrl);
  try {
    const openedAt = toIsoInstant(systemClock.nowMs());
    await withClient(databaseUrl, (client) =>
      fillBank(client, NEW_BANK_ACCOUNTS, openedAt, { isAnalysed: false }),
    );
    const measureMs = plan.mode === 'full' ? FIRST_MINUTE_MS : plan.window.measureMs;
    const job = {
      kind: 'http',
      url: server.url,
      token: server.token,
      scenario: { name: 'transfers' },
      clients,
      accounts: NEW_BANK_ACCOUNTS,
      window: { warmupMs: plan.window.warmupMs, measureMs },
    } as const;
    return await measureJob({ postgres, server }, (watch) => http.run(job, watch));
  } finally {
    await server.close();
  }
}
