/**
 * The hashes of docs/audit-format.md, written from that document and from nothing else: this file shares no code
 * with what seals. Rows come as PostgreSQL prints them; encoding them is done here.
 */
import { createHash } from 'node:crypto';

export type AuditRow = {
  readonly book_id: number;
  readonly audit_id: string;
  readonly at_us: string;
  readonly actor: string;
  readonly role: string;
  readonly session_id: string | null;
  readonly address: string | null;
  readonly operation: string;
  readonly resource_type: string;
  readonly resource_id: string | null;
  readonly before: string | null;
  readonly after: string | null;
  readonly request_id: string | null;
  readonly outcome: string;
  readonly outcome_code: string | null;
};

export type PostingRow = {
  readonly entry_id: string;
  readonly line: number;
  readonly debit_account_id: string;
  readonly credit_account_id: string;
  readonly currency: string;
  readonly amount_minor: string;
  readonly business_day: number;
  readonly debit_seq: string | null;
  readonly debit_balance_minor: string | null;
  readonly credit_seq: string | null;
  readonly credit_balance_minor: string | null;
};

export type EntryRow = {
  readonly book_id: number;
  readonly entry_id: string;
  readonly kind: string;
  readonly business_day: number;
  readonly value_day: number;
  readonly posted_at_us: string;
  readonly actor: string;
  readonly idempotency_key: string | null;
  readonly request_hash: Buffer | null;
  readonly reverses_entry_id: string | null;
};

/** A block without its lists, which are long. */
export type BlockRow = {
  readonly block_number: string;
  readonly first_position: string;
  readonly last_position: string;
  /** Of its three lists. */
  readonly audit_count: number;
  readonly entry_count: number;
  readonly hash_bytes: number;
  readonly merkle_root: Buffer;
  readonly previous_hash: Buffer;
  readonly block_hash: Buffer;
  readonly sealed_at_us: string;
};

export type SheetRow = {
  readonly sheet_number: string;
  readonly salt: Buffer;
  readonly sealed_at_us: string;
};

export type StateRow = {
  readonly table_name: string;
  readonly row_key: string;
  readonly parent_ids: string;
  readonly fingerprint: Buffer | null;
};

/** Bytes put together field by field: four bytes of length, then the field. */
class Fields {
  readonly #parts: Buffer[];

  constructor(prefix: number, tag: string) {
    this.#parts = [Buffer.from([prefix])];
    this.text(tag);
  }

  bytes(value: Uint8Array): this {
    this.#parts.push(int32(value.length), Buffer.from(value));
    return this;
  }

  text(value: string): this {
    return this.bytes(Buffer.from(value, 'utf8'));
  }

  int4(value: number): this {
    return this.bytes(int32(value));
  }

  int8(value: string): this {
    return this.bytes(int64(value));
  }

  sha256(): Buffer {
    const digest = createHash('sha256');
    for (const part of this.#parts) digest.update(part);
    return digest.digest();
  }

  whole(): Buffer {
    return Buffer.concat(this.#parts);
  }
}

/** The types of PostgreSQL that sealed rows have, by the numbers that it gives them (pg_type.oid). */
const TYPES = {
  bytea: 17,
  int8: 20,
  int4: 23,
  text: 25,
  date: 1082,
  timestamptz: 1184,
  uuid: 2950,
  jsonb: 3802,
} as const;

/** A row as PostgreSQL sends one: the number of its fields, then of each its type, its length and its bytes. */
class Row {
  readonly #parts: Buffer[] = [];

  #field(type: keyof typeof TYPES, value: Uint8Array | null): this {
    const head = Buffer.alloc(8);
    head.writeInt32BE(TYPES[type], 0);
    head.writeInt32BE(value === null ? -1 : value.length, 4);
    this.#parts.push(Buffer.concat([head, value ?? Buffer.alloc(0)]));
    return this;
  }

  text(value: string | null): this {
    return this.#field('text', value === null ? null : Buffer.from(value, 'utf8'));
  }

  /** The format's one version, 1, before the text. */
  jsonb(value: string | null): this {
    return this.#field('jsonb', value === null ? null : Buffer.from(`\u0001${value}`, 'utf8'));
  }

  bytea(value: Uint8Array | null): this {
    return this.#field('bytea', value);
  }

  uuid(value: string | null): this {
    return this.#field('uuid', value === null ? null : Buffer.from(value.replaceAll('-', ''), 'hex'));
  }

  int4(value: number): this {
    return this.#field('int4', int32(value));
  }

  /** Days since 2000-01-01. */
  date(days: number): this {
    return this.#field('date', int32(days));
  }

  int8(value: string | null): this {
    return this.#field('int8', value === null ? null : int64(value));
  }

  /** Microseconds since 2000-01-01T00:00:00Z. */
  timestamptz(microseconds: string): this {
    return this.#field('timestamptz', int64(microseconds));
  }

  whole(): Buffer {
    return Buffer.concat([int32(this.#parts.length), ...this.#parts]);
  }
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

function int64(value: string): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(BigInt(value));
  return bytes;
}

function leafHash(rows: readonly Row[], prefix = 0x00): Buffer {
  const digest = createHash('sha256').update(Buffer.from([prefix]));
  for (const row of rows) digest.update(row.whole());
  return digest.digest();
}

export function auditRowHash(row: AuditRow): Buffer {
  const fields = new Row()
    .text('florin/audit-row/1')
    .int4(row.book_id)
    .uuid(row.audit_id)
    .timestamptz(row.at_us)
    .text(row.actor)
    .text(row.role)
    .uuid(row.session_id)
    .text(row.address)
    .text(row.operation)
    .text(row.resource_type)
    .text(row.resource_id)
    .jsonb(row.before)
    .jsonb(row.after)
    .text(row.request_id)
    .text(row.outcome)
    .text(row.outcome_code);
  return leafHash([fields]);
}

/** The postings by ascending line. */
export function entryHash(entry: EntryRow, postings: readonly PostingRow[]): Buffer {
  const head = new Row()
    .text('florin/journal-entry/1')
    .int4(entry.book_id)
    .uuid(entry.entry_id)
    .text(entry.kind)
    .date(entry.business_day)
    .date(entry.value_day)
    .timestamptz(entry.posted_at_us)
    .text(entry.actor)
    .text(entry.idempotency_key)
    .bytea(entry.request_hash)
    .uuid(entry.reverses_entry_id);
  const lines = postings.map((posting) =>
    new Row()
      .int4(posting.line)
      .uuid(posting.debit_account_id)
      .uuid(posting.credit_account_id)
      .text(posting.currency)
      .int8(posting.amount_minor)
      .date(posting.business_day)
      .int8(posting.debit_seq)
      .int8(posting.debit_balance_minor)
      .int8(posting.credit_seq)
      .int8(posting.credit_balance_minor),
  );
  return leafHash([head, ...lines]);
}

/** The states by ascending table and key, byte by byte. */
export function stateSheetHash(bookId: number, sheet: SheetRow, states: readonly StateRow[]): Buffer {
  const head = new Row()
    .text('florin/state-sheet/1')
    .int4(bookId)
    .int8(sheet.sheet_number)
    .bytea(sheet.salt)
    .timestamptz(sheet.sealed_at_us);
  const rows = states.map((state) =>
    new Row().text(state.table_name).text(state.row_key).text(state.parent_ids).bytea(state.fingerprint),
  );
  return leafHash([head, ...rows], 0x04);
}

/**
 * The root over a block's leaves, level by level: a hash without a partner moves up as it is, which gives the
 * same tree as the recursive definition of RFC 6962.
 */
export function treeRoot(leaves: readonly Buffer[]): Buffer {
  let level = leaves;
  while (level.length > 1) {
    const above: Buffer[] = [];
    for (let index = 0; index < level.length; index += 2) {
      const [left, right] = level.slice(index, index + 2);
      if (left === undefined) break;
      above.push(
        right === undefined
          ? left
          : createHash('sha256').update('\u0001').update(left).update(right).digest(),
      );
    }
    level = above;
  }
  return level[0] ?? Buffer.alloc(0);
}

export function sealedBlockHash(bookId: number, block: BlockRow): Buffer {
  return new Fields(0x02, 'florin/audit-block/1')
    .int4(bookId)
    .int8(block.block_number)
    .int8(block.first_position)
    .int8(block.last_position)
    .bytes(block.merkle_root)
    .bytes(block.previous_hash)
    .int8(block.sealed_at_us)
    .sha256();
}

/** What a checkpoint's signature is over. */
export function checkpointBytes(checkpoint: {
  readonly bookId: number;
  readonly blockNumber: string;
  readonly lastPosition: string;
  readonly blockHash: string;
  readonly exportedAt: string;
}): Buffer {
  return new Fields(0x03, 'florin/audit-checkpoint/1')
    .int4(checkpoint.bookId)
    .int8(checkpoint.blockNumber)
    .int8(checkpoint.lastPosition)
    .bytes(Buffer.from(checkpoint.blockHash, 'hex'))
    .text(checkpoint.exportedAt)
    .whole();
}
