import type { AccountFee } from '#features/fees/contract.ts';
import type { ReadAccount } from '#ledger/lock-accounts.ts';
import { toTypeId } from '#lib/ids.ts';
import { isObject } from '#lib/json-object.ts';
import type { DryRunView, WARNINGS } from './schemas.ts';

type Warning = DryRunView['warnings'][number];

const MESSAGES: Readonly<Record<(typeof WARNINGS)[number], string>> = {
  uses_overdraft: 'The account goes into its overdraft, or deeper into it.',
  unarranged_overdraft: 'The account goes below its overdraft limit, or deeper below it.',
  fee_stays_due: 'There is no money for a fee: it stays due.',
  limit_used_up: 'A limit of the day is used up.',
  items_refused: 'Some items are refused, and the others are posted.',
};

/** An account before and after a dry run. */
export type Changed = { readonly before: ReadAccount; readonly after: ReadAccount };

/** What is worth a look, of what the caller may see. */
export function warningsOf(
  result: unknown,
  changed: readonly Changed[],
  fees: readonly Pick<AccountFee, 'accountId' | 'status'>[],
  limits: DryRunView['limits'],
): Warning[] {
  return [
    ...changed.flatMap(({ before, after }) => {
      const code = overdraftOf(before, after);
      return code === undefined ? [] : [warning(code, toTypeId('account', after.id))];
    }),
    ...fees
      .filter(({ status }) => status === 'due')
      .map(({ accountId }) => warning('fee_stays_due', toTypeId('account', accountId))),
    ...limits
      .filter(({ left }) => /^[0.]+$/.test(left))
      .map(({ accountId }) => warning('limit_used_up', accountId)),
    ...(hasRefusedItems(result) ? [warning('items_refused', null)] : []),
  ];
}

function overdraftOf(before: ReadAccount, after: ReadAccount): Warning['code'] | undefined {
  if (after.unarrangedMinor > before.unarrangedMinor) return 'unarranged_overdraft';
  return after.balanceMinor < 0n && after.balanceMinor < before.balanceMinor ? 'uses_overdraft' : undefined;
}

function hasRefusedItems(result: unknown): boolean {
  const results: unknown = isObject(result) ? result.results : undefined;
  return Array.isArray(results) && results.some((one) => isObject(one) && one.status === 'refused');
}

function warning(code: Warning['code'], accountId: string | null): Warning {
  return { code, message: MESSAGES[code], accountId };
}
