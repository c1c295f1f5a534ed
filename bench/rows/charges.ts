import { type Bench, DATABASES } from '../bench.ts';
import { earnAndPay } from '../data/charges.ts';
import { BENCH_DATA_KEY } from '../host/data-key.ts';
import { measureJob } from '../host/measure.ts';
import { withContext } from '../host/with-context.ts';
import type { Row } from '../measurement.ts';

/**
 * Whole days of a bank in which every account earns and pays fees, on copies of the filled bank: an ordinary one, and the
 * end of a month with postings, taxes, fees and a statement of each account.
 */
export function chargesRows({
  postgres,
  plan,
  database,
}: Pick<Bench, 'postgres' | 'plan' | 'database'>): Row[] {
  const accounts = plan.accounts.toLocaleString('en');
  const kinds = [
    { kind: 'charges-day', title: `${accounts} accounts with interest and fees`, unit: 'accounts/s' },
    {
      kind: 'charges-month-end',
      title: `${accounts} accounts: interest posted and taxed, a fee and a statement of each`,
      unit: 'statements/s',
    },
  ] as const;
  return kinds.map(({ kind, title, unit }) => ({
    id: kind,
    group: 'end of day',
    title,
    unit,
    clients: 1,
    maxRounds: plan.importRounds,
    measure: async () => {
      const databaseUrl = await postgres.copyDatabase(DATABASES.charges, DATABASES.filledBook);
      try {
        const monthEnd = await withContext({ databaseUrl, dataKey: BENCH_DATA_KEY }, earnAndPay);
        return await measureJob({ postgres }, (watch) =>
          database.run({ kind, databaseUrl, monthEnd }, watch),
        );
      } finally {
        await postgres.dropDatabase(DATABASES.charges);
      }
    },
  }));
}
