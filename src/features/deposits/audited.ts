import type { Context } from '#db/context.ts';
import type { Tx } from '#db/database.ts';
import { accountSeal } from '#features/accounts/contract.ts';
import { changedFields, recordAudit } from '#features/audit/contract.ts';
import { describeTerm } from '#features/interest/contract.ts';
import type { Caller } from '#lib/caller.ts';
import { toDepositId, toTypeId } from '#lib/ids.ts';
import { formatAmount } from '#lib/money/money.ts';
import { formatRatePpm } from '#lib/money/rate-ppm.ts';
import { optional, orNull } from '#lib/text.ts';
import type { ClosingReasons } from './event.ts';
import type { DepositState, InstalmentPlan } from './state.ts';

/** Writes to the audit trail what a caller did to a deposit, or that it was opened. */
export async function recordDeposit(
  tx: Tx,
  context: Context,
  {
    caller,
    operation,
    reasons,
  }: {
    readonly caller: Caller;
    readonly operation: string;
    readonly reasons?: ClosingReasons | undefined;
  },
  { before, after }: { readonly before?: DepositState; readonly after: DepositState },
): Promise<void> {
  const change = changedFields(before && fieldsOf(before), fieldsOf(after));
  await recordAudit(tx, context, {
    caller,
    operation,
    resourceType: 'deposit',
    resourceId: toTypeId('deposit', toDepositId(after.id)),
    ...change,
    after: { ...change.after, ...reasons },
    seal: await accountSeal(tx, context, after.id),
  });
}

function fieldsOf({ instruction, ...state }: DepositState): Record<string, unknown> {
  const { product, currency, ratePpm, term, maturesOn, status, version } = state;
  const { principalMinor, plan, collectedFromId } = state;
  const planFields = ({ amountMinor, frequency, settled, missed }: InstalmentPlan) =>
    `${formatAmount(amountMinor, currency)} ${frequency}, ${settled} decided, ${missed} missed`;
  return {
    product,
    currency,
    rate: formatRatePpm(ratePpm),
    term: describeTerm(term),
    maturesOn,
    principal: formatAmount(principalMinor, currency),
    instalments: optional(plan, planFields) ?? null,
    collectFromAccountId: orNull(collectedFromId, (id) => toTypeId('account', id)),
    payoutAccountId: toTypeId('account', instruction.payoutAccountId),
    onMaturity: instruction.onMaturity,
    renewalProduct: instruction.renewalProduct ?? null,
    renewalTerm: optional(instruction.renewalTerm, describeTerm) ?? null,
    status,
    version,
  };
}
