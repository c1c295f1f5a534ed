import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { SEALED_TABLES } from '#features/audit/sealed-tables.ts';

const ROOT = new URL('../../../', import.meta.url);

/** Files that write a table and change nothing that is sealed of it, or leave the note to the file beside them. */
const CHANGES_NOTHING_SEALED: readonly string[] = [
  'src/ledger/write-entries.ts: ledger_accounts',
  'src/ledger/flight-plan.ts: ledger_accounts',
  'src/ledger/holds.ts: ledger_accounts',
  'src/ledger/unarranged.ts: ledger_accounts',
  'src/ledger/business-date.ts: books',
  'src/ledger/business-date-change.ts: books',
  'src/ledger/close-date.ts: books',
  'src/ledger/closed-periods.ts: books',
  'src/features/customers/national-id.ts: customers',
  'src/features/customers/derived-rows.ts: customers',
  'src/features/customers/rotate.ts: customers',
  'src/features/transactions/store-rows.ts: transactions',
  'src/features/accounts/holdings.ts: accounts',
];

const WRITES =
  /(?:insertInto|updateTable|deleteFrom|bulkInsert|bulkUpdate)\('([a-z_]+)'|\b(?:insert into|update|delete from)\s+([a-z_]+)\b/g;

function writtenTables(source: string): string[] {
  const code = source.replaceAll(/^\s*(?:\/\*\*|\*|\/\/).*$/gm, '');
  return [...code.matchAll(WRITES)].map(([, called, stated]) => called ?? stated ?? '');
}

test('whoever writes a table whose rows are sealed notes what changed', () => {
  const forgotten = globSync('src/**/*.ts', { cwd: ROOT }).flatMap((file) => {
    const source = readFileSync(new URL(file, ROOT), 'utf8');
    return [...new Set(writtenTables(source))]
      .filter((table) => Object.hasOwn(SEALED_TABLES, table))
      .filter((table) => !new RegExp(`noteChanged\\([^)]*'${table}'`).test(source))
      .map((table) => `${file}: ${table}`);
  });
  assert.deepEqual(
    forgotten.filter((one) => !CHANGES_NOTHING_SEALED.includes(one)),
    [],
    'call noteChanged after the statement (db/changed-rows.ts)',
  );
});
