import type pg from 'pg';
import { plainText, wordsOf } from '#features/customers/search-words.ts';
import { isoDate } from '#lib/time/dates.ts';
import { customerUuidSql } from './account-ids.ts';
import { withoutSecondaryIndexes } from './secondary-indexes.ts';

/** Given names, the frequent ones first, some with accents. */
const GIVEN = [
  'Anna|Maria|José|Jürgen|François|Zoë|Søren|Łukasz|Ayşe|Björn|Chloé|Émile|Ágnes|Öykü|Siobhán',
  'Renée|Marie|Mario|Marta|Martin|Peter|Petra|Paul|Paula|Johanna|Johan|Julia|Julian|Karl',
  'Karla|Lena|Leon|Nora|Noah|Otto|Olga|Sofia|Stefan|Thomas|Ursula',
].flatMap((line) => line.split('|'));
/** Family names, the frequent ones first; most have an ending, so that there are some 4,000. */
const FAMILY = [
  'Müller|Schmidt|Yılmaz|García|Fernández|Hernández|Nuñez|Żółć|Strauß|Åkesson|Brontë|Dvořák',
  'Čapek|Novák|Kovács|Horváth|Popescu|Jørgensen|Sørensen|Lefèvre|Gauthier|Rossi|Esposito',
  'Silva|Santos|Oliveira|Johansson|Andersson|Virtanen|Korhonen|Smith|Taylor|Brown|Wilson',
  'Martinez|Lopez|Meyer|Weber|Wagner|Becker',
].flatMap((line) => line.split('|'));
const ENDINGS = 100;

export type Name = { readonly given: string; readonly family: string };

/** The name of the nth customer: few names are frequent, and most are rare. */
export function nameOf(n: number): Name {
  const [a, b, c] = [unit(n, 1), unit(n, 2), unit(n, 3)];
  const given = GIVEN[Math.floor(GIVEN.length * a * a)] ?? '';
  const family = FAMILY[Math.floor(FAMILY.length * b * b)] ?? '';
  const ending = Math.floor(ENDINGS * c * c * c);
  return { given, family: ending === 0 ? family : `${family}${ending.toString(36)}` };
}

/** From 0 to 1, without order, and the same each time (Knuth's multiplicative hash). */
function unit(n: number, salt: number): number {
  return ((Math.imul(n + salt * 7_919, 2_654_435_761) ^ (n >>> 3)) >>> 0) / 2 ** 32;
}

const BORN = isoDate('1950-01-01');
/** Customers of one statement: a few megabytes of words. */
const CHUNK = 20_000;

/** Fills a book with persons and the words by which they are found. */
export async function fillCustomers(client: pg.Client, customers: number): Promise<void> {
  await client.query('begin');
  await withoutSecondaryIndexes(client, ['customers', 'customer_words'], async () => {
    for (let from = 1; from <= customers; from += CHUNK) {
      const numbers = Array.from({ length: Math.min(CHUNK, customers - from + 1) }, (_, at) => from + at);
      await insertChunk(client, numbers);
    }
  });
  await client.query('commit');
  await client.query('vacuum (analyze) customers');
  await client.query('vacuum (analyze) customer_words');
}

async function insertChunk(client: pg.Client, numbers: readonly number[]): Promise<void> {
  const people = numbers.map((n) => ({ n, ...nameOf(n), email: emailOf(n) }));
  await client.query(
    `insert into customers (book_id, customer_id, type, given_name, family_name, date_of_birth, email, derived_version)
     select 1, ${customerUuidSql('n')}, 'person', given, family, date '1950-01-01' + n % 18000, email, 1
     from unnest($1::int[], $2::text[], $3::text[], $4::text[]) as p (n, given, family, email)`,
    [
      numbers,
      people.map(({ given }) => given),
      people.map(({ family }) => family),
      people.map(({ email }) => email),
    ],
  );
  const words = people.flatMap(({ n, given, family, email }) => {
    const identity = { type: 'person', givenName: given, familyName: family, dateOfBirth: BORN } as const;
    return wordsOf({ identity, email }).map((word) => ({ n, word }));
  });
  await client.query(
    `insert into customer_words (book_id, customer_id, word)
     select 1, ${customerUuidSql('n')}, word from unnest($1::int[], $2::text[]) as w (n, word)`,
    [words.map(({ n }) => n), words.map(({ word }) => word)],
  );
}

/** Of the one bank where everybody has an address: two words of it are everybody's. */
function emailOf(n: number): string {
  const { given, family } = nameOf(n);
  return `${plainText(given)}.${plainText(family)}.${n}@example.com`;
}
