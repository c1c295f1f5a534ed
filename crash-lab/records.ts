/** What a client asks the bank for, by the bank's own ids. Amounts are major units, as they are sent. */
export type Movement =
  | { readonly type: 'deposit' | 'withdrawal'; readonly accountId: string; readonly amount: string }
  | {
      readonly type: 'transfer';
      readonly fromAccountId: string;
      readonly toAccountId: string;
      readonly amount: string;
    };

export type Ask =
  | Movement
  | { readonly type: 'reversal'; readonly transactionId: string }
  | {
      readonly type: 'batch';
      readonly mode: 'atomic' | 'independent';
      readonly items: readonly Movement[];
    };

/** Written before a request is sent. An attempt that has no second line ended with whoever made it. */
export type SentLine = {
  readonly attempt: number;
  readonly atMs: number;
  /** Its Idempotency-Key, and the mark by which it is found in the journal. */
  readonly key: string;
  readonly ask: Ask;
};

/** One item's answer in a batch. */
export type ItemAnswer = { readonly status: string; readonly transactionId?: string };

/**
 * Written when its answer is there. ok: it happened. refused: 4xx, it did not. unavailable: a 503 that promises
 * that nothing was done. unknown: no answer, or one that says so. broken: an answer that the bank never gives.
 */
export type HeardLine = {
  readonly attempt: number;
  readonly atMs: number;
  readonly outcome: 'ok' | 'refused' | 'unavailable' | 'unknown' | 'broken';
  readonly status?: number;
  /** Of the problem, or of the broken connection. */
  readonly code?: string;
  readonly replayed?: boolean;
  /** Of the transaction. */
  readonly id?: string;
  readonly balanceAfter?: string;
  readonly results?: readonly ItemAnswer[];
};

export type LogLine = SentLine | HeardLine;

/** A line of the journal as it stands in the database: one posting with its entry's header. */
export type PostingRow = {
  readonly entryId: string;
  readonly kind: string;
  readonly key: string | null;
  readonly reverses: string | null;
  readonly debit: string;
  readonly credit: string;
  readonly amountMinor: bigint;
  readonly debitSeq: bigint | null;
  readonly debitBalanceMinor: bigint | null;
  readonly creditSeq: bigint | null;
  readonly creditBalanceMinor: bigint | null;
  /** What the client wrote into it: the reference, or what a reversal tells the customer. */
  readonly mark: string | null;
};

export type LedgerAccountRow = {
  readonly id: string;
  readonly kind: string;
  readonly balanceMinor: bigint;
  readonly floorMinor: bigint | null;
  readonly seq: bigint;
};

export type Journal = {
  readonly postings: readonly PostingRow[];
  readonly accounts: readonly LedgerAccountRow[];
};
