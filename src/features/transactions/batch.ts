import type { FieldError, FlorinError } from '#lib/errors.ts';
import type { TransactionId } from '#lib/ids.ts';
import { transactionError } from './errors.ts';

/** Items in one request: half a second's work, and 3 MiB of JSON. */
export const MAX_BATCH_ITEMS = 10_000;

/** atomic: all items or none; independent: each as if it had come alone, in order. */
export type BatchMode = 'atomic' | 'independent';

/** The answer to one item. */
export type ItemResult =
  | { readonly status: 'posted'; readonly transactionId: TransactionId }
  | {
      readonly status: 'refused';
      readonly code: string;
      readonly errors?: readonly FieldError[] | undefined;
    };

/** An item that cannot even be a movement: why, and as it was given. */
export type InvalidItem = { readonly kind: 'invalid'; readonly refusal: FlorinError; readonly given: string };

/** 422 `batch_refused`: the first item of an atomic batch that was refused, and why; nothing was posted. */
export function batchRefused(index: number, code: string): FlorinError {
  return transactionError('batch_refused', {
    index,
    code,
    fields: [{ path: `items[${index}]`, message: code }],
  });
}
