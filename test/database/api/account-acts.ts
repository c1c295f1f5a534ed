import { inTransaction } from '#db/transaction.ts';
import { markDormant } from '#ledger/account-terms.ts';
import { fromTypeId } from '#lib/ids.ts';
import type { Answer, TestApi } from '#test/support/api.ts';

/** Acts of accounts by their terms, by operation: what comes first, and the act. */
export function accountActs(api: TestApi): Readonly<Record<string, () => Promise<() => Promise<Answer>>>> {
  return {
    reactivateAccount: async () => {
      const { id } = await api.newAccount();
      await inTransaction(api.bank.db, (tx) => markDormant(tx, 1, [fromTypeId('account', id)]));
      return () => api.post(`/v1/accounts/${id}/reactivate`, { reason: 'asked for' });
    },
    giveClosingNotice: async () => {
      const { id } = await api.newAccount();
      return () => api.post(`/v1/accounts/${id}/closing-notice`, {});
    },
  };
}
