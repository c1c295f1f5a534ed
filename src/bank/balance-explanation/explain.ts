import type { Db } from '#db/database.ts';
import { inTransaction } from '#db/transaction.ts';
import { type AvailableFunds, availableMinor } from '#features/accounts/account.ts';
import { accountFor, type StoredAccount } from '#features/accounts/contract.ts';
import type { Attachment } from '#features/holds/attachments/attachment.ts';
import { listAttachments } from '#features/holds/attachments/repository.ts';
import type { Hold } from '#features/holds/hold.ts';
import { listHolds } from '#features/holds/repository.ts';
import { type AccountLine, listAccountLines } from '#features/transactions/lines.ts';
import { type AsOf, selectSeqAsOf } from '#ledger/balances.ts';
import { requireCome } from '#ledger/business-date.ts';
import { type Caller, ownCustomerOf } from '#lib/caller.ts';
import type { AccountId } from '#lib/ids.ts';
import { mayAlso } from '../access.ts';
import type { Services } from '../services.ts';

/** What fits on a page that a teller shows a customer; the others are a list of their own. */
const SHOWN_LINES = 20;
/** Active holds of one account: a card in daily use has a few. */
const SHOWN_HOLDS = 100;

/** Why a balance is what it is, in minor units. What is held and allowed is known of now alone. */
export type ExplainedBalance = {
  readonly account: StoredAccount;
  readonly newest: AccountLine | undefined;
  /** With the newest; none for a caller who may not list them. */
  readonly lines: readonly AccountLine[];
  readonly now: Standing | undefined;
};

export type Standing = {
  readonly funds: AvailableFunds;
  readonly holds: readonly Hold[];
  readonly attachments: readonly Attachment[];
};

type Question = { readonly caller: Caller; readonly accountId: AccountId; readonly asOf: AsOf | undefined };

/**
 * Reads all parts on one state of the books, so that they add up while money moves. Throws 404 `not_found`, 400
 * `validation_failed` for the future.
 */
export async function explainBalance(
  { context }: Pick<Services, 'context'>,
  question: Question,
): Promise<ExplainedBalance> {
  const { db, bookId } = context;
  const { caller, accountId, asOf } = question;
  if (asOf !== undefined) await requireCome(db, context, asOf);
  return inTransaction(
    db,
    async (tx) => {
      const account = await accountFor(tx, bookId, { caller, accountId }, 'see');
      const read = await readLines(tx, bookId, question);
      const lines = mayAlso(caller, 'listAccountTransactions') ? read : [];
      const now = asOf === undefined ? await readStanding(tx, bookId, caller, account) : undefined;
      return { account, newest: read[0], lines, now };
    },
    { readOnlySnapshot: true },
  );
}

async function readLines(db: Db, bookId: number, { caller, accountId, asOf }: Question) {
  const lastSeq = asOf === undefined ? undefined : await selectSeqAsOf(db, bookId, accountId, asOf);
  const seenBy = ownCustomerOf(caller);
  return listAccountLines(db, bookId, accountId, {
    beforeSeq: lastSeq === undefined ? undefined : lastSeq + 1n,
    isStaff: seenBy === undefined,
    seenBy,
    limit: SHOWN_LINES,
  });
}

async function readStanding(
  db: Db,
  bookId: number,
  caller: Caller,
  { id: accountId, funds }: StoredAccount,
): Promise<Standing> {
  const filter = { accountId, status: 'active', limit: SHOWN_HOLDS } as const;
  return {
    funds,
    holds: mayAlso(caller, 'listHolds') ? await listHolds(db, bookId, filter) : [],
    attachments: mayAlso(caller, 'listAttachments') ? await listAttachments(db, bookId, filter) : [],
  };
}

/** How the parts of now come to what is available, in minor units. */
export function addUp({ funds, holds, attachments }: Standing) {
  const { postedMinor, heldMinor, overdraftLimitMinor: arrangedMinor } = funds;
  const listedMinor =
    holds.reduce((sum, { remainingMinor }) => sum + remainingMinor, 0n) +
    attachments.reduce((sum, { state }) => sum + state.heldMinor, 0n);
  const drawnMinor = atLeastZero(heldMinor - postedMinor);
  const unarrangedMinor = atLeastZero(drawnMinor - arrangedMinor);
  return {
    unlistedMinor: heldMinor - listedMinor,
    arrangedMinor,
    usedMinor: drawnMinor - unarrangedMinor,
    unarrangedMinor,
    availableMinor: availableMinor(funds),
  };
}

const atLeastZero = (minor: bigint): bigint => (minor > 0n ? minor : 0n);
