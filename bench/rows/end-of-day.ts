import type pg from 'pg';
import { type Bench, DATABASES } from '../bench.ts';
import { ACCOUNTS_AN_ORDER, fillStandingOrders } from '../data/standing-orders.ts';
import { withClient } from '../host/bench-postgres.ts';
import { measureJob } from '../host/measure.ts';
import type { Row } from '../measurement.ts';

/** The end of a day on a copy of the filled bank: due standing orders, trial balance, all balances kept. */
export function endOfDayRow(bench: Bench): Row {
  const { accounts } = bench.plan;
  const orders = Math.floor(accounts / ACCOUNTS_AN_ORDER);
  return {
    ...dayRow(bench, 'end-of-day', (client) => fillStandingOrders(client, accounts)),
    title: `${accounts.toLocaleString('en')} accounts, ${orders.toLocaleString('en')} orders due`,
    unit: 'orders/s',
  };
}

/** All dates to the end of the month, on a copy of the filled bank: then a statement of each account. */
export function monthEndRow(bench: Bench): Row {
  return {
    ...dayRow(bench, 'month-end', (client) => client.query(BY_HAND)),
    title: `${bench.plan.accounts.toLocaleString('en')} accounts, a statement of each`,
    unit: 'statements/s',
  };
}

/** The dates to come can be closed. */
const BY_HAND = `update books set date_policy = 'manual'`;

function dayRow(
  { postgres, plan, database }: Bench,
  kind: 'end-of-day' | 'month-end',
  prepare: (client: pg.Client) => Promise<unknown>,
): Omit<Row, 'title' | 'unit'> {
  return {
    id: kind,
    group: 'end of day',
    clients: 1,
    maxRounds: plan.importRounds,
    measure: async () => {
      const databaseUrl = await postgres.copyDatabase(DATABASES.endOfDay, DATABASES.filledBook);
      try {
        await withClient(databaseUrl, prepare);
        return await measureJob({ postgres }, (watch) => database.run({ kind, databaseUrl }, watch));
      } finally {
        await postgres.dropDatabase(DATABASES.endOfDay);
      }
    },
  };
}
