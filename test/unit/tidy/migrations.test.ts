import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { checkMigration } from '#test/support/check-migration.ts';

const FOLDER = new URL('../../../migrations/', import.meta.url);

/**
 * The numbers up to this one are those of the first release: nobody has a database that is older, with a server at work on
 * it. Those after it run beside the version before. It is never raised.
 */
const LAST_BEFORE_RELEASES = 28;

test('no migration keeps the version before waiting, or takes from it what it uses', async () => {
  const names = readdirSync(FOLDER).toSorted();
  assert.equal(
    new Set(names.map((name) => name.slice(0, 4))).size,
    names.length,
    'each has a number of its own',
  );
  for (const name of names) {
    if (Number(name.slice(0, 4)) <= LAST_BEFORE_RELEASES) continue;
    const problems = await checkMigration(readFileSync(new URL(name, FOLDER), 'utf8'));
    assert.deepEqual(problems, [], name);
  }
});

const OUTSIDE = '-- Outside a transaction.\n';

const TAKEN = [
  'create table t (book_id int not null references books, a int not null check (a > 0), primary key (book_id)); create index i on t (a); alter table t add column b int not null; update t set b = 1',
  'alter table accounts add column a text',
  "alter table accounts add column a int not null default 1, add column b int[] not null default '{}', add column c boolean default true",
  'alter table accounts add constraint c check (a > 0) not valid, drop constraint d',
  'alter table accounts add constraint c foreign key (book_id) references books not valid',
  'alter table accounts validate constraint c',
  'alter table accounts add constraint c unique using index i',
  'alter table accounts alter column a drop not null, alter column b set default 2, enable row level security',
  'create policy p on accounts using (true); grant select on accounts to florin_app',
  "insert into gl_accounts select 1, '5000', 'x', 'asset' from books",
  "do $$ begin execute format('alter table %I enable row level security', 'accounts'); end $$",
  `${OUTSIDE}drop index concurrently if exists i; create unique index concurrently i on accounts (book_id, number);`,
  '-- Safe beside the version before: no released version has read this column.\nalter table accounts drop column a',
];
for (const sql of TAKEN) {
  test(`taken: ${sql.slice(0, 70)}`, async () => assert.deepEqual(await checkMigration(sql), []));
}

const REFUSED: readonly [sql: string, because: RegExp][] = [
  ['alter table accounts add column a int not null', /needs a default/],
  ['alter table accounts add column a timestamptz not null default now()', /computed/],
  ['alter table accounts add column a uuid default gen_random_uuid()', /computed/],
  ['alter table accounts add column a int check (a > 0)', /constraint not valid/],
  ['alter table accounts add column a int references books', /constraint not valid/],
  ['alter table accounts add column a int unique', /constraint not valid/],
  ['alter table accounts add column a int generated always as (1) stored', /constraint not valid/],
  ['alter table accounts add constraint c check (a > 0)', /validated in a later/],
  ['alter table accounts add foreign key (book_id) references books', /validated in a later/],
  ['alter table accounts add unique (a)', /using index/],
  ['alter table accounts add primary key (a)', /using index/],
  ['alter table accounts add constraint c check (a > 0) not valid, validate constraint c', /of its own/],
  ['alter table accounts add column a int; alter table accounts validate constraint c', /of its own/],
  ['alter table accounts alter column a set not null', /not valid/],
  ['alter table accounts alter column a type bigint', /new column/],
  ['alter table accounts drop column a', /stops using it/],
  ['alter table accounts rename column a to b', /old name/],
  ['alter table accounts rename to konten', /old name/],
  ['alter table accounts set tablespace fast', /nothing is known/],
  ['create index i on accounts (a)', /concurrently/],
  ['create index concurrently i on accounts (a)', /begins with/],
  ['drop index i', /concurrently/],
  [`${OUTSIDE}drop index concurrently i`, /if exists/],
  [`${OUTSIDE}create index i on accounts (a)`, /concurrently/],
  [`${OUTSIDE}alter table accounts add column a int`, /only indexes/],
  ['drop table accounts', /stops using it/],
  ['drop policy own_book on accounts', /stops using it/],
  ['update accounts set a = 1', /small steps/],
  ['delete from accounts', /small steps/],
  ['revoke select on accounts from florin_app', /may use it/],
  ['truncate accounts', /nothing is known/],
  ['lock table accounts', /nothing is known/],
  ["do $$ begin execute format('alter table %I add column a int', 'accounts'); end $$", /by itself/],
  ['-- Safe beside the version before: yes.\nalter table accounts drop column a', /stops using it/],
  [
    '-- Safe beside the version before: nobody has ever used it.\nselect 1; drop table accounts',
    /stops using it/,
  ],
];
for (const [sql, because] of REFUSED) {
  test(`refused: ${sql.replace(OUTSIDE, '').slice(0, 80)}`, async () => {
    const problems = await checkMigration(sql);
    assert.equal(problems.length, 1, problems.join('\n'));
    assert.match(problems[0]!, because);
  });
}
