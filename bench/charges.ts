// node bench/charges.ts [ACCOUNTS…]: the rows `charges-day` and `charges-month-end` alone, in banks of as many accounts
// (20,000 and 100,000 unless told otherwise). Prints what an account costs Node and PostgreSQL, and the most memory
// that Node took: a process of its own for each row. The table is in README.md.
import { systemClock, toIsoInstant } from '#lib/time/clock.ts';
import { DATABASES, openFreshPostgres } from './bench.ts';
import { fillBank } from './data/bank.ts';
import { withClient } from './host/bench-postgres.ts';
import { LoadProcess } from './host/load-process.ts';
import type { DatabaseJob } from './load/protocol.ts';
import type { Measurement, Row } from './measurement.ts';
import { PLANS } from './plan.ts';
import { chargesRows } from './rows/charges.ts';

const ROWS = ['charges-day', 'charges-month-end'];
const USUAL = [20_000, 100_000];
const HEADS = ['row', 'accounts', 'seconds', 'Node, µs an account', 'PostgreSQL, µs', 'peak RSS, MiB'];

const given = process.argv.slice(2).map(Number);
if (!given.every((count) => Number.isInteger(count) && count > 0)) {
  throw new TypeError('node bench/charges.ts [ACCOUNTS…]: numbers of accounts, like 20000');
}
await using stack = new AsyncDisposableStack();
const { postgres } = await openFreshPostgres(stack, console.error);
await postgres.createBook(DATABASES.emptyBook);
console.log(`| ${HEADS.join(' | ')} |`);
console.log(`| ${HEADS.map((_, index) => (index === 0 ? '---' : '---:')).join(' | ')} |`);
for (const accounts of given.length === 0 ? USUAL : given) await measureAt(accounts);

async function measureAt(accounts: number): Promise<void> {
  const databaseUrl = await postgres.createDatabase(DATABASES.filledBook, DATABASES.emptyBook);
  const openedAt = toIsoInstant(systemClock.nowMs());
  await withClient(databaseUrl, (client) => fillBank(client, accounts, openedAt));
  const plan = { ...PLANS.full, accounts };
  for (const id of ROWS) {
    const database = new LoadProcess<DatabaseJob>('database-load.ts');
    try {
      const row = chargesRows({ postgres, plan, database }).find((one) => one.id === id);
      if (row === undefined) throw new TypeError(`no row is called ${id}`);
      console.log(render(row, accounts, await row.measure()));
    } finally {
      database.close();
    }
  }
}

function render({ id }: Row, accounts: number, measured: Measurement): string {
  const { elapsedSeconds, cpuSeconds, peakRssMiB } = measured;
  const each = (seconds: number | undefined): string =>
    seconds === undefined ? '-' : ((1e6 * seconds) / accounts).toFixed(0);
  const cells = [
    `\`${id}\``,
    accounts.toLocaleString('en'),
    elapsedSeconds.toFixed(1),
    each(cpuSeconds.client),
    each(cpuSeconds.postgres),
    peakRssMiB?.toFixed(0) ?? '-',
  ];
  return `| ${cells.join(' | ')} |`;
}
