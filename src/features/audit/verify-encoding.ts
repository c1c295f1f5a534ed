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

export type BlockRow = {
  readonly block_number: string;
  readonly first_position: string;
  readonly last_position: string;
  readonly row_count: number;
  readonly merkle_root: Buffer;
  readonly previous_hash: Buffer;
  readonly block_hash: Buffer;
  readonly sealed_at_us: string;
};

/** Bytes put together field by field: four bytes of length, then the field; -1 alone for null. */
class Fields {
  readonly #parts: Buffer[];

  constructor(prefix: number, tag: string) {
    this.#parts = [Buffer.from([prefix])];
    this.text(tag);
  }

  bytes(value: Uint8Array | null): this {
    const length = Buffer.alloc(4);
    length.writeInt32BE(value === null ? -1 : value.length);
    this.#parts.push(length);
    if (value !== null) this.#parts.push(Buffer.from(value));
    return this;
  }

  text(value: string | null): this {
    return this.bytes(value === null ? null : Buffer.from(value, 'utf8'));
  }

  uuid(value: string | null): this {
    return this.bytes(value === null ? null : Buffer.from(value.replaceAll('-', ''), 'hex'));
  }

  int4(value: number): this {
    const bytes = Buffer.alloc(4);
    bytes.writeInt32BE(value);
    return this.bytes(bytes);
  }

  int8(value: string | bigint | null): this {
    if (value === null) return this.bytes(null);
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64BE(BigInt(value));
    return this.bytes(bytes);
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

export function auditRowHash(row: AuditRow): Buffer {
  return new Fields(0x00, 'florin/audit-row/1')
    .int4(row.book_id)
    .uuid(row.audit_id)
    .int8(row.at_us)
    .text(row.actor)
    .text(row.role)
    .uuid(row.session_id)
    .text(row.address)
    .text(row.operation)
    .text(row.resource_type)
    .text(row.resource_id)
    .text(row.before)
    .text(row.after)
    .text(row.request_id)
    .text(row.outcome)
    .text(row.outcome_code)
    .sha256();
}

export function entryHash(entry: EntryRow, postings: readonly PostingRow[]): Buffer {
  const fields = new Fields(0x00, 'florin/journal-entry/1')
    .int4(entry.book_id)
    .uuid(entry.entry_id)
    .text(entry.kind)
    .int4(entry.business_day)
    .int4(entry.value_day)
    .int8(entry.posted_at_us)
    .text(entry.actor)
    .text(entry.idempotency_key)
    .bytes(entry.request_hash)
    .uuid(entry.reverses_entry_id)
    .int4(postings.length);
  for (const posting of postings) {
    fields
      .int4(posting.line)
      .uuid(posting.debit_account_id)
      .uuid(posting.credit_account_id)
      .text(posting.currency)
      .int8(posting.amount_minor)
      .int4(posting.business_day)
      .int8(posting.debit_seq)
      .int8(posting.debit_balance_minor)
      .int8(posting.credit_seq)
      .int8(posting.credit_balance_minor);
  }
  return fields.sha256();
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
