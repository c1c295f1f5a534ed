import { BOOK_ID, openDatabase } from '#db/database.ts';
import { listCustomers } from '#features/customers/repository.ts';
import { type Bench, DATABASES } from '../bench.ts';
import { fillCustomers, nameOf } from '../data/customer-names.ts';
import { withClient } from '../host/bench-postgres.ts';
import { BENCH_DATA_KEY } from '../host/data-key.ts';
import { measureJob } from '../host/measure.ts';
import { Random } from '../load/random.ts';
import { Recorder } from '../load/recorder.ts';
import type { Measurement, Row } from '../measurement.ts';

/** The API's default, and the one more by which it knows whether there is a next page. */
const LIMIT = 26;
/** The first calls plan statements and fill caches. */
const WARMUP = 20;
const BEGINNING = 4;

/** What is typed, of a customer who is there. */
export const SEARCHES: readonly ((given: string, family: string) => string)[] = [
  (given, family) => `${given} ${family}`,
  (given, family) => `${family} ${given}`,
  (given, family) => withoutAccents(`${family} ${given}`),
  (given, family) => `${given.slice(0, BEGINNING)} ${family.slice(0, BEGINNING)}`,
  (given, family) => withoutAccents(`${family.slice(0, BEGINNING)} ${given.slice(0, BEGINNING)}`),
  (given, family) => `example ${given} ${family}`,
  (given, family) => `${withoutAccents(`${family.slice(0, BEGINNING)} ${given.slice(0, BEGINNING)}`)} exam`,
  (_, family) => family,
  (given) => given.slice(0, BEGINNING),
];

const withoutAccents = (text: string): string => text.normalize('NFKD').replaceAll(/\p{M}/gu, '');

/** Searches for customers by what is typed of their names, one after the other. */
export function customerSearchRow({ plan, postgres }: Bench): Row {
  return {
    id: 'customer-search',
    group: 'customers',
    title: `search among ${plan.customers.toLocaleString('en')}: names and their beginnings, with accents or without`,
    unit: 'searches/s',
    clients: 1,
    maxRounds: 1,
    measure: async () => {
      const databaseUrl = await postgres.createDatabase(DATABASES.customers, DATABASES.emptyBook);
      try {
        await withClient(databaseUrl, (client) => fillCustomers(client, plan.customers));
        return await measureSearches(postgres, databaseUrl, plan);
      } finally {
        await postgres.dropDatabase(DATABASES.customers);
      }
    },
  };
}

async function measureSearches(
  postgres: Bench['postgres'],
  databaseUrl: string,
  { customers, historyReads }: Pick<Bench['plan'], 'customers' | 'historyReads'>,
): Promise<Measurement> {
  const { db, close } = openDatabase({ databaseUrl, poolSize: 1 });
  const vault = { bookId: BOOK_ID, dataKey: BENCH_DATA_KEY };
  const random = new Random(customers);
  const search = (): Promise<unknown> => {
    const { given, family } = nameOf(1 + random.below(customers));
    const typed = SEARCHES[random.below(SEARCHES.length)]?.(given, family);
    return listCustomers(db, vault, { search: typed, limit: LIMIT });
  };
  try {
    for (let warmup = 0; warmup < WARMUP; warmup++) await search();
    return await measureJob({ postgres }, async (watch) => {
      const recorder = new Recorder((type) => (type === 'opened' ? watch.onOpened() : watch.onClosed()));
      recorder.begin();
      recorder.open();
      for (let done = 0; done < historyReads; done++) {
        const startedMs = performance.now();
        await search();
        recorder.record(startedMs, 1);
      }
      recorder.close();
      return recorder.result();
    });
  } finally {
    await close();
  }
}
