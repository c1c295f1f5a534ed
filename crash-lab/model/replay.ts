import type { Journal, LedgerAccountRow, PostingRow } from '../records.ts';

/** One side of a posting, as its account sees it. */
type Line = {
  readonly entryId: string;
  readonly seq: bigint;
  readonly signedMinor: bigint;
  readonly statedMinor: bigint;
};

export type Replayed = {
  /** By customer account, in cents. */
  readonly balances: ReadonlyMap<string, bigint>;
  /** What contradicts itself. */
  readonly broken: readonly string[];
};

/**
 * Replays the journal from the start. Along each customer account, sequence numbers must have no gap, and each stated
 * balance must be the sum so far and not below the floor. The last one must be the account's. Every reversal must be
 * the exact opposite of one earlier entry, which has no other. The whole book must sum to zero.
 */
export function replayJournal({ postings, accounts }: Journal): Replayed {
  const broken: string[] = [];
  const lines = new Map<string, Line[]>();
  const customers = new Map(accounts.filter(({ kind }) => kind === 'customer').map((one) => [one.id, one]));
  let internalMinor = 0n;
  for (const posting of postings) {
    for (const [id, line] of sidesOf(posting)) {
      if (customers.has(id)) put(lines, id, line);
      else internalMinor += line.signedMinor;
    }
  }
  const balances = new Map<string, bigint>();
  let customerMinor = 0n;
  for (const account of customers.values()) {
    const balance = replayAccount(account, lines.get(account.id) ?? [], broken);
    balances.set(account.id, balance);
    customerMinor += account.balanceMinor;
  }
  if (customerMinor + internalMinor !== 0n) broken.push(`the book sums to ${customerMinor + internalMinor}`);
  checkReversals(postings, broken);
  return { balances, broken };
}

function sidesOf(posting: PostingRow): [string, Line][] {
  const { entryId, debit, credit, amountMinor } = posting;
  const debitLine: Line = {
    entryId,
    seq: posting.debitSeq ?? 0n,
    signedMinor: -amountMinor,
    statedMinor: posting.debitBalanceMinor ?? 0n,
  };
  const creditLine: Line = {
    entryId,
    seq: posting.creditSeq ?? 0n,
    signedMinor: amountMinor,
    statedMinor: posting.creditBalanceMinor ?? 0n,
  };
  return [
    [debit, debitLine],
    [credit, creditLine],
  ];
}

function replayAccount(account: LedgerAccountRow, lines: Line[], broken: string[]): bigint {
  let balance = 0n;
  let seq = 0n;
  for (const line of lines.sort((one, other) => Number(one.seq - other.seq))) {
    balance += line.signedMinor;
    seq += 1n;
    if (line.seq === seq && line.statedMinor === balance && balance >= (account.floorMinor ?? 0n)) continue;
    broken.push(
      `account ${account.id}, entry ${line.entryId}: seq ${line.seq} for ${seq}, ${line.statedMinor} for ${balance}`,
    );
  }
  if (account.balanceMinor !== balance || account.seq !== seq) {
    broken.push(`account ${account.id} has ${account.balanceMinor} at ${account.seq}: ${balance} at ${seq}`);
  }
  return balance;
}

function checkReversals(postings: readonly PostingRow[], broken: string[]): void {
  const byEntry = new Map(postings.map((posting) => [posting.entryId, posting]));
  const reversed = new Map<string, bigint>();
  for (const posting of postings) {
    if (posting.reverses === null) continue;
    const original = byEntry.get(posting.reverses);
    const isOpposite = original?.debit === posting.credit && original.credit === posting.debit;
    if (!isOpposite) broken.push(`entry ${posting.entryId} is not the opposite of ${posting.reverses}`);
    const reversedMinor = (reversed.get(posting.reverses) ?? 0n) + posting.amountMinor;
    if (reversedMinor > (original?.amountMinor ?? 0n)) {
      broken.push(`of entry ${posting.reverses} more is reversed than it posted`);
    }
    reversed.set(posting.reverses, reversedMinor);
  }
}

function put(lines: Map<string, Line[]>, id: string, line: Line): void {
  const known = lines.get(id);
  if (known === undefined) lines.set(id, [line]);
  else known.push(line);
}
