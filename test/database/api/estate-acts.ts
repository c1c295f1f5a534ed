import { created, type TestApi } from '#test/support/api.ts';
import type { Prepare } from './bank-acts.ts';

const reason = 'Certificate 114/2026';

/** What is done when a customer has died. */
export function estateActs(api: TestApi): Readonly<Record<string, Prepare>> {
  const report = (customerId: string) =>
    api.post(`/v1/customers/${customerId}/report-death`, { deceasedOn: '2026-01-02', reason });
  return {
    reportDeath: async () => {
      const { id } = await api.newCustomer();
      return () => report(id);
    },
    withdrawDeathReport: async () => {
      const { id } = await api.newCustomer();
      created(await report(id));
      return () => api.post(`/v1/customers/${id}/withdraw-death-report`, { reason });
    },
    payOutEstate: async () => {
      const { id, customerId } = await api.newAccount({ balance: '100.00' });
      created(await report(customerId));
      const payout = { executorName: 'Eva Sommer', reason, mode: 'cash', amount: '1.00', currency: 'EUR' };
      return () => api.pay(`/v1/accounts/${id}/estate-payouts`, payout);
    },
  };
}
