import type { WaitingPosting } from '#lib/observer.ts';
import type { EntryDraft, PostOutcome } from './entry.ts';
import { refusalError } from './errors.ts';

/** An entry to post and the row that a feature stores beside it. */
export type PostingRequest<Row> = { readonly draft: EntryDraft; readonly row: Row };

export type Settled = Exclude<PostOutcome, { status: 'refused' | 'barred' }>;

/** A request that waits for its batch or is in one. */
export type Waiting<Row> = WaitingPosting & {
  readonly request: PostingRequest<Row>;
  /** Whether it goes the way with locks. */
  needsLocks: boolean;
  readonly resolve: (outcome: Settled) => void;
  readonly reject: (error: unknown) => void;
};

/** Answers a request with its outcome. */
export function answer<Row>(waiting: Waiting<Row>, outcome: PostOutcome | undefined): void {
  if (outcome === undefined) waiting.reject(new TypeError('a batch answers every request'));
  else if (outcome.status === 'refused') waiting.reject(refusalError(outcome));
  else if (outcome.status === 'barred') waiting.reject(outcome.error);
  else waiting.resolve(outcome);
}
