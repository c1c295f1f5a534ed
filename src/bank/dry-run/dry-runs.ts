import { type DryRun, dryRun } from '#db/dry-run.ts';
import { balanceView } from '#features/accounts/schemas.ts';
import { listFeesOfEntries } from '#features/charges/contract.ts';
import { feeView } from '#features/charges/schemas.ts';
import type { DryRuns, Preview } from '#http/dry-runs.ts';
import { followCalendar } from '#ledger/business-date.ts';
import { type ReadAccount, readAccounts } from '#ledger/lock-accounts.ts';
import { postedIn } from '#ledger/posting-notes.ts';
import type { Caller } from '#lib/caller.ts';
import { toTypeId } from '#lib/ids.ts';
import { mayAlso } from '../access.ts';
import type { Services } from '../services.ts';
import { accountsIn, entryView } from './entry-views.ts';
import { limitsOf } from './limits.ts';
import { DRY_RUNS } from './offered.ts';
import { DRY_RUN_FIELDS, type DryRunView, MAX_SHOWN } from './schemas.ts';
import { seenAccounts } from './seen-accounts.ts';
import { warningsOf } from './warnings.ts';

type Bank = Pick<Services, 'context' | 'gate'>;

/** Dry runs of the bank's operations: each by the operation's own code, in a transaction that is rolled back. */
export function dryRunsOf(bank: Bank): DryRuns {
  return {
    isOffered: (operation) => DRY_RUNS[operation] === 'offered',
    fields: DRY_RUN_FIELDS,
    run: async ({ caller }, work) => {
      const { db, bookId, clock } = bank.context;
      // The day came whether or not it is a dry run, and whoever moves the date within one holds up all postings.
      await followCalendar(db, bookId, clock);
      return dryRun(db, work, (done) => previewOf(bank, caller, done));
    },
  };
}

/** What work has done, as its caller may see it; read while it is there. */
async function previewOf<Result>(
  { context: { db, bookId }, gate }: Bank,
  caller: Caller,
  { result, notes }: DryRun<Result>,
): Promise<Preview<Result> & DryRunView> {
  const { entries, before } = postedIn(notes);
  const seen = await seenAccounts(db, bookId, caller, accountsIn(entries));
  const sight = { accounts: seen, seesChart: mayAlso(caller, 'getJournalEntry') };
  const ids = before.map(({ id }) => id).filter((id) => seen.has(id));
  const { states } = await readAccounts(db, bookId, ids);
  const changed = before.flatMap((one) => {
    const after = states.get(one.id);
    return after === undefined ? [] : [{ before: one, after }];
  });
  const entryIds = entries.map(({ entryId }) => entryId);
  const fees = mayAlso(caller, 'listAccountFees')
    ? (await listFeesOfEntries(db, bookId, entryIds, MAX_SHOWN)).filter(({ accountId }) =>
        seen.has(accountId),
      )
    : [];
  const limits = await limitsOf({ db, bookId, gate }, caller, entries, seen);
  return {
    result,
    entries: entries.slice(0, MAX_SHOWN).map((entry) => entryView(entry, sight)),
    entryCount: entries.length,
    balances: changed.slice(0, MAX_SHOWN).map((one) => ({
      accountId: toTypeId('account', one.after.id),
      currency: one.after.currency,
      before: balanceOf(one.before),
      after: balanceOf(one.after),
    })),
    fees: fees.map((fee) => feeView(caller, fee)),
    limits,
    warnings: warningsOf(result, changed, fees, limits).slice(0, MAX_SHOWN),
  };
}

function balanceOf({ balanceMinor, heldMinor, floorMinor, currency }: ReadAccount) {
  return balanceView({ postedMinor: balanceMinor, heldMinor, overdraftLimitMinor: -floorMinor }, currency);
}
