import type { AnyTx } from '#db/session.ts';
import { type GatedEntry, type MoneyGate, openDayGuard } from '#features/authority/contract.ts';
import { BeneficiaryGuard } from '#features/beneficiaries/contract.ts';
import { openLimitGuard } from '#features/limits/contract.ts';
import type { Guard } from '#ledger/entry.ts';
import type { GuardSource } from '#ledger/guard.ts';
import type { LedgerContext } from '#ledger/post.ts';
import { openLabelGuard } from './label-guard.ts';
import { chargesOf } from './payment-charges.ts';
import type { TransactionRow } from './transaction.ts';

/**
 * Guards payments by three limits: those of the account that pays, of the beneficiary that is paid, and of the caller for
 * a day. What the bank does by itself has no caller. Says what they cost, too: a fee counts against none of the limits.
 */
export function openPaymentGuard(
  tx: AnyTx,
  context: LedgerContext,
  rows: readonly TransactionRow[],
  asked?: { readonly gate: MoneyGate; readonly entries: readonly GatedEntry[] },
): GuardSource {
  const { bookId } = context;
  const beneficiaries = beneficiaryGuard(tx, context, rows);
  const limit: GuardSource['limit'] = (inner, drafts, businessDate) => {
    const paysNew = (draft: (typeof drafts)[number]) => beneficiaries?.paysNew(draft) ?? false;
    return openLimitGuard(tx, bookId, { drafts, businessDate, inner, paysNew });
  };
  const last = async (inner: Guard | undefined): Promise<Guard | undefined> => {
    await beneficiaries?.loadFound();
    return asked === undefined ? inner : openDayGuard(tx, { bookId, gate: asked.gate }, asked.entries, inner);
  };
  const labels = openLabelGuard(tx, bookId, rows);
  const { lock: lockFees, charge } = chargesOf(tx, context, rows);
  if (beneficiaries === undefined) {
    return {
      limit,
      charge,
      ...(lockFees === undefined ? {} : { lock: lockFees }),
      ...(asked === undefined ? {} : { last }),
      ...(labels === undefined ? {} : { load: () => labels(undefined) }),
    };
  }
  return {
    limit,
    charge,
    last,
    lock: () => Promise.all([beneficiaries.lock(), lockFees?.()]),
    load: async () => {
      const loaded = beneficiaries.load();
      return labels === undefined ? loaded : labels(await loaded);
    },
  };
}

function beneficiaryGuard(
  tx: AnyTx,
  context: LedgerContext,
  rows: readonly TransactionRow[],
): BeneficiaryGuard | undefined {
  const known = rows.flatMap(({ id, beneficiary }) =>
    beneficiary === undefined ? [] : [{ entryId: id, beneficiaryId: beneficiary.id }],
  );
  const possible = rows.flatMap(({ id, accountId, payeeToFind }) =>
    payeeToFind === undefined ? [] : [{ entryId: id, accountId, ...payeeToFind }],
  );
  if (known.length === 0 && possible.length === 0) return undefined;
  return new BeneficiaryGuard(tx, context, { known, possible });
}
