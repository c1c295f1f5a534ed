import { type Bench, DATABASES } from '../bench.ts';
import { ACCOUNTS_AN_ORDER, fillStandingOrders } from '../data/standing-orders.ts';
import { withClient } from '../host/bench-postgres.ts';
import { measureJob } from '../host/measure.ts';
import type { Row } from '../measurement.ts';

/** The end of a day on a copy of the filled bank: due standing orders, trial balance, all balances kept. */
export function endOfDayRow({ postgres, plan, database }: Bench): Row {
  const { accounts } = plan;
  const orders = Math.floor(accounts / ACCOUNTS_AN_ORDER);
  return {
    id: 'end-of-day',
    group: 'end of day',
    title: `${accounts.toLocaleString('en')} accounts, ${orders.toLocaleString('en')} orders due`,
    unit: 'orders/s',
    clients: 1,
    maxRounds: plan.importRounds,
    measure: async () => {
      const databaseUrl = await postgres.copyDatabase(DATABASES.endOfDay, DATABASES.filledBook);
      try {
        await withClient(databaseUrl, (client) => fillStandingOrders(client, accounts));
        return await measureJob({ postgres }, (watch) =>
          database.run({ kind: 'end-of-day', databaseUrl }, watch),
        );
      } finally {
        await postgres.dropDatabase(DATABASES.endOfDay);
      }
    },
  };
}
