import { type RawBuilder, sql } from 'kysely';
import { commonError } from '#lib/errors.ts';
import type { Labels } from '#lib/labels.ts';
import { violatedUnique } from './postgres-error.ts';

/** The indexes that refuse an external id which another of the kind has, and what the kind is called. */
const KINDS: Readonly<Record<string, string>> = {
  attachments_external_id: 'attachment',
  beneficiaries_external_id: 'beneficiary',
  capture_settlements_external_id: 'settlement',
  holds_external_id: 'hold',
  incoming_payments_external_id: 'payment',
  loan_events_external_id: 'loan transaction',
  loan_products_external_id: 'loan product',
  manual_entries_external_id: 'journal entry',
  standing_orders_book_id_external_id_key: 'standing order',
  transactions_external_id: 'transaction',
};

/** The columns of labels, null without labels. */
export function labelColumns({ externalId, metadata }: Labels) {
  return {
    external_id: externalId ?? null,
    metadata: metadata === undefined ? null : JSON.stringify(metadata),
  };
}

/** Whether the metadata of a row that a query calls `row` has all these texts; those of a filter, if it has any. */
export function hasMetadata(row: string, { metadata }: Pick<Labels, 'metadata'>): RawBuilder<boolean>[] {
  if (metadata === undefined) return [];
  return [sql<boolean>`${sql.ref(`${row}.metadata`)} @> ${JSON.stringify(metadata)}::jsonb`];
}

/** 409 `external_id_exists` when the database refused a second one of its kind with this external id; else the error. */
export function asLabelError(error: unknown): unknown {
  const kind = KINDS[violatedUnique(error) ?? ''];
  return kind === undefined ? error : externalIdExists(kind);
}

/** 409 `external_id_exists`. */
export function externalIdExists(kind: string) {
  return commonError('external_id_exists', {
    kind,
    fields: [{ path: 'externalId', message: `belongs to another ${kind}` }],
  });
}
