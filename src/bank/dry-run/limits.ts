import type { Db } from '#db/database.ts';
import { type MoneyGate, selectUses } from '#features/authority/contract.ts';
import { selectBeneficiaryUses } from '#features/beneficiaries/contract.ts';
import { loadAllowances } from '#features/limits/contract.ts';
import type { PostedEntry } from '#ledger/entry.ts';
import type { Caller } from '#lib/caller.ts';
import { type AccountId, toTypeId } from '#lib/ids.ts';
import type { Currency } from '#lib/money/currencies.ts';
import { formatAmount } from '#lib/money/money.ts';
import { mayAlso } from '../access.ts';
import type { DryRunView } from './schemas.ts';

type LimitView = DryRunView['limits'][number];
type Bank = { readonly db: Db; readonly bookId: number; readonly gate: MoneyGate };

/** Entries of a kind that limits count (features/limits). */
const COUNTED: ReadonlySet<PostedEntry['kind']> = new Set(['withdrawal', 'transfer', 'outgoing_payment']);

/** The limits of the day that entries use up a part of, as they leave them; those that the caller may see. */
export async function limitsOf(
  { db, bookId, gate }: Bank,
  caller: Caller,
  entries: readonly PostedEntry[],
  seen: ReadonlySet<AccountId>,
): Promise<LimitView[]> {
  const [first] = entries;
  if (first === undefined) return [];
  const counted = entries.filter(({ kind }) => COUNTED.has(kind));
  const payers = counted.flatMap(({ postings: [posting] }) =>
    typeof posting?.debit === 'string' && seen.has(posting.debit) ? posting.debit : [],
  );
  const views: LimitView[] = [];
  if (mayAlso(caller, 'getAccountLimits') && payers.length > 0) {
    const allowances = await loadAllowances(db, bookId, payers, first.businessDate);
    for (const [accountId, allowance] of allowances) {
      for (const name of ['perDay', 'newBeneficiaryPerDay'] as const) {
        const [limitMinor, leftMinor] = [allowance.limitMinor(name), allowance.leftMinor(name)];
        if (limitMinor === undefined || leftMinor === undefined) continue;
        const of = { of: 'account', accountId: toTypeId('account', accountId), beneficiaryId: null } as const;
        views.push({ ...of, name, ...amounts(limitMinor, limitMinor - leftMinor, allowance.currency) });
      }
    }
  }
  if (mayAlso(caller, 'getBeneficiary') && payers.length > 0) {
    const ids = counted.map(({ entryId }) => entryId);
    for (const { id, limitMinor, usedMinor, currency } of await selectBeneficiaryUses(db, bookId, ids)) {
      const beneficiaryId = toTypeId('beneficiary', id);
      const of = { of: 'beneficiary', accountId: null, beneficiaryId, name: 'perDay' } as const;
      views.push({ ...of, ...amounts(limitMinor, usedMinor, currency) });
    }
  }
  return caller.role === 'teller'
    ? [...views, ...(await ofTeller({ db, bookId, gate }, caller, entries))]
    : views;
}

async function ofTeller(
  { db, bookId, gate }: Bank,
  { actor }: Caller,
  entries: readonly PostedEntry[],
): Promise<LimitView[]> {
  const currencies = new Set(entries.flatMap(({ postings }) => postings.map(({ currency }) => currency)));
  const [limits, uses] = [await gate.limitsOf(db), await selectUses(db, bookId, [actor])];
  return uses.flatMap(({ currency, usedMinor }): LimitView[] => {
    const { perDayMinor } = limits.of(currency);
    if (perDayMinor === undefined || !currencies.has(currency)) return [];
    const of = { of: 'teller', accountId: null, beneficiaryId: null, name: 'perDay' } as const;
    return [{ ...of, ...amounts(perDayMinor, usedMinor, currency) }];
  });
}

function amounts(limitMinor: bigint, usedMinor: bigint, currency: Currency) {
  const leftMinor = limitMinor - usedMinor;
  return {
    amount: formatAmount(limitMinor, currency),
    used: formatAmount(usedMinor, currency),
    left: formatAmount(leftMinor > 0n ? leftMinor : 0n, currency),
    currency,
  };
}
