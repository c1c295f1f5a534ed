import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { proseOfSource } from '#test/support/prose.ts';
import { TABLE_OWNERS } from './table-owners.ts';

const ROOT = new URL('../../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, ROOT), 'utf8');

const TABLES = Object.keys(TABLE_OWNERS);

/** `features/loans`, or the room below src. */
function roomOf(file: string): string {
  const [, room = '', feature = ''] = file.split('/');
  return room === 'features' || room === 'identity' ? `${room}/${feature}` : room;
}

/** The source without its comments, which speak of tables too. */
function codeOf(text: string): string {
  const comments = proseOfSource(text).filter(({ kind }) => kind === 'comment');
  const lines = new Set(
    comments.flatMap(({ line, text: prose }) => prose.split('\n').map((_, at) => line + at)),
  );
  return text
    .split('\n')
    .filter((content, index) => !lines.has(index + 1) || !/^\s*(\/\/|\/\*|\*)/.test(content))
    .join('\n');
}

const writes = (code: string, table: string): boolean =>
  new RegExp(`(insertInto|updateTable|deleteFrom)\\(\\s*'${table}( as \\w+)?'`).test(code) ||
  new RegExp(`\\b(insert into|update|delete from)\\s+(only )?${table}\\b(?!\\.)`).test(code);

/** A query may name a part of itself like a table. */
const namesPart = (code: string, table: string): boolean => new RegExp(`\\b${table} as \\(`).test(code);

const reads = (code: string, table: string): boolean =>
  new RegExp(`(selectFrom|[a-z]+Join|from)\\(\\s*\\[?'${table}( as \\w+)?'`).test(code) ||
  new RegExp(`'${table} as \\w+'|\\b(from|join|using)\\s+(only )?${table}\\b(?!')`).test(code);

/** What a file does with tables that its room does not own and is not listed for. */
function findTrespasses(file: string, code: string): string[] {
  const room = roomOf(file);
  return Object.entries(TABLE_OWNERS).flatMap(([table, { owner, readers = [], writers = {} }]) => {
    if (owner === room || room in writers || !code.includes(table)) return [];
    if (writes(code, table)) return [`${file} writes ${table} of ${owner}`];
    return !readers.includes(room) && !namesPart(code, table) && reads(code, table)
      ? [`${file} reads ${table} of ${owner}`]
      : [];
  });
}

test('every table has an owner', () => {
  const created = new Set(
    [...read('db/schema.sql').matchAll(/^create table (?:public\.)?(\w+)/gim)].map(([, name = '']) => name),
  );
  created.delete('schema_migrations');
  assert.deepEqual(TABLES.toSorted(), [...created].toSorted());
});

test('a table is written by its owner, and read by those on its list', () => {
  const files = globSync('src/**/*.ts', { cwd: ROOT }).filter((file) => file !== 'src/db/tables.ts');
  assert.ok(files.length > 400, `${files.length} files`);
  assert.deepEqual(
    files.flatMap((file) => findTrespasses(file, codeOf(read(file)))),
    [],
  );
});

test('the check sees a statement of each kind', () => {
  const trespasses = (code: string): string[] => findTrespasses('src/features/loans/repository.ts', code);
  assert.equal(trespasses("tx.insertInto('holds').values(row)").length, 1);
  assert.equal(trespasses('sql`update users set name = 1`').length, 1);
  assert.equal(trespasses('const TEXT = `select from holds where true`;').length, 1);
  assert.equal(trespasses("db.selectFrom('transactions as t')").length, 1);
  assert.equal(trespasses("tx.updateTable('loans')").length, 0);
  assert.equal(codeOf('// select from holds\nconst a = 1;\n/** from\n * holds */').includes('holds'), false);
});
