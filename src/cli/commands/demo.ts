import { type Command, InvalidArgumentError } from 'commander';
import type { Services } from '#bank/services.ts';
import type { Config } from '#config/config.ts';
import type { seedDemoNow } from '#demo/first-demo.ts';
import { addDays } from '#lib/time/dates.ts';
import { CommandFailedError } from '../failures.ts';
import { ProgressBar } from '../progress.ts';
import type { OutputOptions, Shell } from '../shell.ts';
import { renderFields } from '../table.ts';
import { withBank } from '../with-bank.ts';

type DemoSummary = Awaited<ReturnType<typeof seedDemoNow>>;
type DemoOptions = OutputOptions & { readonly days?: number };

/** A year: whoever wants more says it again. */
const MAX_DAYS = 366;

/** `demo`: a believable small bank, in a database that was not used before. */
export function addDemoCommand(program: Command, shell: Shell): void {
  program
    .command('demo')
    .description('fill a new bank with customers, accounts and a year of transactions')
    .option(
      '--days <count>',
      'then close this many days, with what falls due on them; also for an existing demo',
      parseDays,
    )
    .option('--json', 'print JSON')
    .action((options: DemoOptions) => makeDemo(shell, options));
}

async function makeDemo(shell: Shell, { days, ...options }: DemoOptions): Promise<void> {
  const bar = new ProgressBar(shell);
  let summary: DemoSummary | undefined;
  let walked: Walked | undefined;
  try {
    await withBank(
      shell,
      async ({ services }) => {
        if (days !== undefined) walked = await walk(services, days, bar);
      },
      {
        migrates: true,
        prepare: async (config, databaseUrl, embedded) => {
          summary = await seed(config, databaseUrl, embedded, days !== undefined, bar);
        },
      },
    );
  } finally {
    bar.end();
  }
  const view = { ...summary, ...walked };
  await shell.show(options, view, () => renderFields(shell, view));
}

/** Seeds the demo, unless it is there and is only to be walked on. */
async function seed(
  config: Config,
  databaseUrl: string,
  embedded: Parameters<typeof seedDemoNow>[2],
  mayBeThere: boolean,
  bar: ProgressBar,
): Promise<DemoSummary | undefined> {
  // The demo's people and habits are loaded for this command alone.
  const { isSeededDemo, seedDemoNow } = await import('#demo/first-demo.ts');
  if (mayBeThere && (await isSeededDemo(config))) return undefined;
  // The demo takes the place of the whole database: who serves from it would know ids that are gone.
  if (embedded?.startedHere === false) {
    throw new CommandFailedError(
      'bank_running',
      'The bank is running; stop it first, or start with the demo',
    );
  }
  return seedDemoNow(config, databaseUrl, embedded, (done, total) =>
    bar.update('a year of transactions', done, total),
  );
}

/** The days that were closed, with the payments of standing orders by outcome. */
type Walked = {
  readonly closedDays: number;
  readonly businessDate: string;
  readonly payments: Readonly<Record<string, number>>;
};

/** Closes days one after the other: from then on the demo's date is moved by hand, ahead of the clock. */
async function walk({ calendar, endOfDay }: Services, days: number, bar: ProgressBar): Promise<Walked> {
  const { OPERATOR } = await import('#bank/operator-door.ts');
  const { businessDate } = await calendar.today();
  await calendar.setDate(OPERATOR, businessDate);
  const payments: Record<string, number> = {};
  for (let day = 0; day < days; day += 1) {
    bar.update(`${days} days`, day, days);
    const date = addDays(businessDate, day);
    await endOfDay.closeThrough(OPERATOR, date);
    const [run] = await endOfDay.list({ from: date, to: date, limit: 1 });
    const counts = run?.steps.find(({ name }) => name === 'standing-orders')?.counts ?? {};
    for (const [outcome, count] of Object.entries(counts)) {
      payments[outcome] = (payments[outcome] ?? 0) + count;
    }
  }
  return { closedDays: days, businessDate: addDays(businessDate, days), payments };
}

function parseDays(text: string): number {
  const days = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (days < 1 || days > MAX_DAYS) throw new InvalidArgumentError(`It takes a number from 1 to ${MAX_DAYS}.`);
  return days;
}
