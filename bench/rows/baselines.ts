import { type Bench, DATABASES, HOT_BRANCHES, WIDE_BRANCHES } from '../bench.ts';
import { measureJob } from '../host/measure.ts';
import { runPgbench } from '../host/pgbench.ts';
import type { Row } from '../measurement.ts';

/** Baseline A: one transaction of PostgreSQL's own benchmark, by pgbench or, without it, through the driver. */
export function tpcbRow(bench: Bench, clients: number, isHot = false): Row {
  const { postgres, plan, pgbench } = bench;
  const { accounts, window } = plan;
  const databaseUrl = postgres.urlOf(isHot ? DATABASES.tpcbHot : DATABASES.tpcbWide);
  const branches = isHot ? HOT_BRANCHES : WIDE_BRANCHES;
  const job = { kind: 'tpcb', databaseUrl, clients, accounts, branches, window } as const;
  return {
    id: isHot ? `tpcb-hot-${clients}` : `tpcb-${clients}`,
    group: 'A',
    title: `TPC-B-like by ${pgbench === undefined ? 'the driver' : 'pgbench'}${isHot ? ', one branch' : ''}`,
    unit: 'transactions/s',
    clients,
    measure: () =>
      measureJob({ postgres }, (watch) =>
        pgbench === undefined ? bench.database.run(job, watch) : runPgbench(pgbench, job, watch),
      ),
  };
}

/** Baseline B: transfers as a tutorial makes them. */
export function tutorialRow({ postgres, plan, database }: Bench, clients: number): Row {
  const { accounts, window } = plan;
  const databaseUrl = postgres.urlOf(DATABASES.tutorial);
  return {
    id: `tutorial-${clients}`,
    group: 'B',
    title: 'one database transaction a transfer',
    unit: 'transfers/s',
    clients,
    measure: () =>
      measureJob({ postgres }, (watch) =>
        database.run({ kind: 'tutorial', databaseUrl, clients, accounts, window }, watch),
      ),
  };
}
