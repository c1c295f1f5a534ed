import { type Bench, DATABASES } from '../bench.ts';
import { fillLoans } from '../data/loans.ts';
import { withClient } from '../host/bench-postgres.ts';
import { BENCH_DATA_KEY } from '../host/data-key.ts';
import { measureJob } from '../host/measure.ts';
import { withContext } from '../host/with-context.ts';
import type { Row } from '../measurement.ts';

/** The step of the loans in the end of a day, on a copy of the filled bank in which everybody has a loan. */
export function loansDayRow({ postgres, plan, database }: Bench): Row {
  const { accounts } = plan;
  return {
    id: 'loans-day',
    group: 'end of day',
    title: `${accounts.toLocaleString('en')} running loans: interest, what falls due, collection, provisions`,
    unit: 'loans/s',
    clients: 1,
    maxRounds: plan.importRounds,
    measure: async () => {
      const databaseUrl = await postgres.copyDatabase(DATABASES.loans, DATABASES.filledBook);
      try {
        await lend(databaseUrl, accounts);
        return await measureJob({ postgres }, (watch) =>
          database.run({ kind: 'loans-day', databaseUrl }, watch),
        );
      } finally {
        await postgres.dropDatabase(DATABASES.loans);
      }
    },
  };
}

async function lend(databaseUrl: string, count: number): Promise<void> {
  await withContext({ databaseUrl, dataKey: BENCH_DATA_KEY }, (context) => fillLoans(context, count));
  await withClient(databaseUrl, (client) => client.query('vacuum (analyze) loans, loan_terms, loan_events'));
}

/** A quote of 360 instalments in a process of its own, without a database. */
export function loanQuoteRow({ postgres, plan, database }: Bench): Row {
  return {
    id: 'loan-quote',
    group: 'loans',
    title: 'a quote of 360 instalments in process',
    unit: 'quotes/s',
    clients: 1,
    measure: () =>
      measureJob({ postgres }, (watch) => database.run({ kind: 'loan-quote', window: plan.window }, watch)),
  };
}
