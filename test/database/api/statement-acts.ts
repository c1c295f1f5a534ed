import type { Answer, TestApi } from '#test/support/api.ts';
import { TEST_CALLER } from '#test/support/bank.ts';

/** Acts that make statements, by operation: what comes first, and the act. */
export function statementActs(api: TestApi): Readonly<Record<string, () => Promise<() => Promise<Answer>>>> {
  return {
    makeAccountStatement: async () => {
      const { id } = await api.newAccount({ balance: '100.00' });
      const { businessDate } = await api.bank.endOfDay.progress();
      await api.bank.endOfDay.closeThrough(TEST_CALLER, businessDate);
      return () => api.post(`/v1/accounts/${id}/statements`, { to: businessDate });
    },
  };
}
