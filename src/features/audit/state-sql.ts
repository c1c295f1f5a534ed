import { type RawBuilder, sql } from 'kysely';
import type { SealedTable } from '#db/changed-rows.ts';
import type { DataKey } from '#lib/data-key.ts';
import { PARENT_KEYS } from './sealed-table-rules.ts';
import { SEALED_TABLES } from './sealed-tables.ts';

/**
 * A table's part in the statements that seal states and verify them. The fingerprint of a row is
 * `sha256(key || salt || sha256(content))`: see docs/audit-format.md.
 */
export type StateSql = {
  /** The rows in question, with the row itself as `t`. */
  readonly from: RawBuilder<unknown>;
  readonly key: RawBuilder<unknown>;
  readonly orderBy: RawBuilder<unknown>;
  /** The parts of a key that is a text, as the columns k1, k2, … */
  readonly keyParts: (text: RawBuilder<unknown>) => RawBuilder<unknown>;
  /** Whether the row has the key whose parts are a row `k`: plain columns, for row-level security lets no function come before it. */
  readonly isKey: RawBuilder<unknown>;
  /** Whether the row comes behind the one whose key is a text. */
  readonly isAfter: (text: RawBuilder<unknown>) => RawBuilder<unknown>;
  /** The hash of what is sealed of the row. */
  readonly content: RawBuilder<unknown>;
  readonly parentIds: RawBuilder<unknown>;
  /** Whether one of the rows with these ids, with which the row goes, is not there any more. */
  readonly hasGoneParent: (bookId: number, ids: RawBuilder<unknown>) => RawBuilder<unknown>;
};

const KEY_OF_ONE_ROW = 'book';

const AS_TEXT = { uuid: '::text', text: '', integer: '::text', date: '::text' };

export function stateSql(table: SealedTable): StateSql {
  const { keys, sealed, parents = [], from = `${table} t` } = SEALED_TABLES[table];
  const columns = Object.entries(keys);
  const texts = columns.map(([column, type]) =>
    type === 'hex' ? `encode(t.${column}, 'hex')` : `t.${column}${AS_TEXT[type]}`,
  );
  const part = (index: number) => {
    const type = columns[index]?.[1] ?? 'text';
    const text = (key: RawBuilder<unknown>) => sql`split_part(${key}, ' ', ${sql.lit(index + 1)})`;
    return type === 'hex'
      ? (key: RawBuilder<unknown>) => sql`decode(${text(key)}, 'hex')`
      : (key: RawBuilder<unknown>) => sql`${text(key)}::${sql.raw(type)}`;
  };
  const names = columns.map(([column]) => `t.${column}`);
  const parts = (key: RawBuilder<unknown>) => sql.join(names.map((_, index) => part(index)(key)));
  const hasKey = columns.length > 0;
  return {
    from: sql.raw(from),
    key: sql.raw(hasKey ? texts.join(` || ' ' || `) : `'${KEY_OF_ONE_ROW}'`),
    orderBy: sql.raw(hasKey ? names.join(', ') : 't.book_id'),
    keyParts: (text) =>
      hasKey
        ? sql.join(names.map((_, index) => sql`${part(index)(text)} as ${sql.raw(`k${index + 1}`)}`))
        : sql`true as k1`,
    isKey: sql.raw(hasKey ? names.map((name, index) => `${name} = k.k${index + 1}`).join(' and ') : 'true'),
    isAfter: (text) => (hasKey ? sql`(${sql.raw(names.join(', '))}) > (${parts(text)})` : sql`false`),
    content: sql.raw(contentOf(sealed)),
    parentIds: sql.raw(`array[${parents.map(([, column]) => `t.${column}`).join(', ')}]::uuid[]`),
    hasGoneParent: (bookId, ids) => {
      const gone = parents.map(([parent], index) => {
        const id = sql`(${ids})[${sql.lit(index + 1)}]`;
        return sql`(${id} is not null and not exists (select from ${sql.raw(parent)} as p
          where p.book_id = ${bookId} and p.${sql.raw(PARENT_KEYS[parent])} = ${id}))`;
      });
      return gone.length === 0 ? sql`false` : sql`(${sql.join(gone, sql` or `)})`;
    },
  };
}

/** What is null is left out, so that a nullable column may be added to the list. */
function contentOf(sealed: readonly string[]): string {
  const fields = sealed.flatMap((column) => {
    const name = /^nullif\(t\.(\w+),/.exec(column)?.[1];
    return name === undefined ? [`'${column}'`, `t.${column}`] : [`'${name}'`, column];
  });
  return `sha256(convert_to(jsonb_strip_nulls(jsonb_build_object(${fields.join(', ')}))::text, 'UTF8'))`;
}

/** For the transaction: instants and bytes are written in one way, wherever the database is. */
export const WRITE_ALIKE = sql`select set_config('TimeZone', 'UTC', true), set_config('bytea_output', 'hex', true)`;

/** The key of all fingerprints: whoever has only the database can neither make one nor try what it may be of. */
export function stateKey(dataKey: DataKey): Buffer {
  return dataKey.blindIndex('fingerprints', 'sealed_states/1');
}
