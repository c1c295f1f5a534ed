import { type Bench, DATABASES } from '../bench.ts';
import { bearInterest } from '../data/interest.ts';
import { withClient } from '../host/bench-postgres.ts';
import { measureJob } from '../host/measure.ts';
import type { Row } from '../measurement.ts';

/** The end of a day on copies of the filled bank in which every account bears interest: a day, and the end of a month. */
export function interestRows({ postgres, plan, database }: Bench): Row[] {
  const accounts = plan.accounts.toLocaleString('en');
  const kinds = [
    { id: 'interest-day', posting: 'yearly', title: `${accounts} accounts accrue interest` },
    {
      id: 'interest-month-end',
      posting: 'daily',
      title: `${accounts} accounts accrue interest, which is posted and taxed`,
    },
  ] as const;
  return kinds.map(({ id, posting, title }) => ({
    id,
    group: 'end of day',
    title,
    unit: 'accounts/s',
    clients: 1,
    maxRounds: plan.importRounds,
    measure: async () => {
      const databaseUrl = await postgres.copyDatabase(DATABASES.interest, DATABASES.filledBook);
      try {
        await withClient(databaseUrl, (client) => bearInterest(client, posting));
        return await measureJob({ postgres }, (watch) =>
          database.run({ kind: 'interest', databaseUrl }, watch),
        );
      } finally {
        await postgres.dropDatabase(DATABASES.interest);
      }
    },
  }));
}
