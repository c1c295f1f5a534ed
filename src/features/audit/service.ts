import type { Context } from '#db/context.ts';
import { columns } from '#db/rows.ts';
import { inTransaction } from '#db/transaction.ts';
import { notFound, validationFailed } from '#lib/errors.ts';
import { firstAuditIdAt } from './audit-id.ts';
import { type Checkpoint, type CheckpointSigner, signBlock } from './checkpoint.ts';
import { auditError } from './errors.ts';
import {
  type OpenPersonalFields,
  sealedAddressIn,
  sealedFieldsIn,
  withOpened,
  withOpenedAddress,
} from './personal.ts';
import { findProof, MAX_CHAIN, type RowProof } from './proof.ts';
import type { AuditedResource } from './redaction.ts';

/** A row of the audit trail, as it was written. */
export type AuditEntry = {
  readonly id: string;
  readonly at: Date;
  readonly actor: string;
  readonly role: string;
  readonly address: string | null;
  readonly operation: string;
  readonly resourceType: string;
  readonly resourceId: string | null;
  readonly before: unknown;
  readonly after: unknown;
  readonly requestId: string | null;
  readonly outcome: string;
  readonly outcomeCode: string | null;
};

export type AuditFilter = {
  readonly actor?: string | undefined;
  readonly operation?: string | undefined;
  /** A resource's TypeID, or a type: `customer`. */
  readonly resource?: string | undefined;
  /** From this instant on, and before that one. */
  readonly fromMs?: number | undefined;
  readonly toMs?: number | undefined;
  /** Before this row. */
  readonly before?: string | undefined;
  readonly limit: number;
};

const SHEETS: AuditedResource = 'state_sheet';
const TYPE_ID = /^[a-z_]+_[0-7][0-9a-hjkmnp-tv-z]{25}$/;

/** Reads the audit trail. What writes it is `recordAudit`, in the transaction of each act. */
export class AuditService {
  readonly #context: Context;
  readonly #openPersonalFields: OpenPersonalFields;
  readonly #signer: () => Promise<CheckpointSigner>;

  constructor(
    context: Context,
    openPersonalFields: OpenPersonalFields,
    signer: () => Promise<CheckpointSigner>,
  ) {
    this.#context = context;
    this.#openPersonalFields = openPersonalFields;
    this.#signer = signer;
  }

  /** Newest first. What was about a person who is gone reads `personal: "erased"`, and the address of its users `erased`. */
  async list(filter: AuditFilter): Promise<AuditEntry[]> {
    const rows = await this.#select(filter);
    const sealed = rows.flatMap(({ before, after, address }) => [
      sealedFieldsIn(before),
      sealedFieldsIn(after),
      sealedAddressIn(address),
    ]);
    const open = await this.#openPersonalFields([...new Set(sealed.flatMap((one) => one?.of ?? []))]);
    return rows.map((row) => ({
      ...row,
      address: withOpenedAddress(row.address, open),
      before: withOpened(row.before, open),
      after: withOpened(row.after, open),
    }));
  }

  /**
   * That a row is as it was sealed, with its block signed, and the chain of blocks up to another. Throws 404
   * `not_found`, 409 `audit_row_not_sealed` or `audit_row_in_no_block`, 400 `validation_failed`.
   */
  async prove(
    id: string,
    toBlock: bigint | undefined,
  ): Promise<{ readonly proof: RowProof; readonly checkpoint: Checkpoint }> {
    const { db, bookId } = this.#context;
    const proof = await inTransaction(db, (tx) => findProof(tx, bookId, id, toBlock), {
      readOnlySnapshot: true,
    });
    if (proof === undefined) throw notFound();
    if (proof === 'waits') throw auditError('audit_row_not_sealed');
    if (proof === 'is in no block') throw auditError('audit_row_in_no_block');
    const { block, chain } = proof;
    if (toBlock !== undefined && BigInt(chain.length) !== toBlock - block.blockNumber) {
      const message = `must be a block from ${block.blockNumber}, the one of the row, and up to ${MAX_CHAIN} after it`;
      throw validationFailed({ path: 'toBlock', message });
    }
    return { proof, checkpoint: signBlock(this.#context, block, await this.#signer()) };
  }

  #select(filter: AuditFilter): Promise<AuditEntry[]> {
    const { db, bookId } = this.#context;
    const { actor, operation, resource, fromMs, toMs, before } = filter;
    let query = db
      .selectFrom('audit_log')
      .select('audit_id as id')
      .select(
        columns('audit_log', ['at', 'actor', 'role', 'address', 'operation', 'resource_type', 'resource_id']),
      )
      .select(columns('audit_log', ['before', 'after', 'request_id', 'outcome', 'outcome_code']))
      .where('book_id', '=', bookId);
    if (actor !== undefined) query = query.where('actor', '=', actor);
    if (operation !== undefined) query = query.where('operation', '=', operation);
    // What the sealer notes is the act of nobody: shown where it is asked for.
    if (resource === undefined && operation === undefined) query = query.where('resource_type', '<>', SHEETS);
    if (resource !== undefined) {
      query = query.where(TYPE_ID.test(resource) ? 'resource_id' : 'resource_type', '=', resource);
    }
    // Ids are in the order of time.
    if (fromMs !== undefined) query = query.where('audit_id', '>=', firstAuditIdAt(fromMs));
    if (toMs !== undefined) query = query.where('audit_id', '<', firstAuditIdAt(toMs));
    if (before !== undefined) query = query.where('audit_id', '<', before);
    return query.orderBy('audit_id', 'desc').limit(filter.limit).execute();
  }
}
