import type { Answer, TestApi } from '#test/support/api.ts';
import { newKey } from '#test/support/bank.ts';

const reason = 'as agreed';

type Acts = Readonly<Record<string, () => Promise<() => Promise<Answer>>>>;

/** What is done about payments that left the bank, each on a new one. */
export function outgoingActs(api: TestApi, newId: () => Promise<string>): Acts {
  const newPath = async () => `/v1/outgoing-payments/${await newId()}`;
  return {
    settleOutgoingPayment: async () => {
      const path = await newPath();
      return () => api.pay(`${path}/settle`, {});
    },
    returnOutgoingPayment: async () => {
      const path = await newPath();
      return () => api.pay(`${path}/return`, { reason });
    },
    cancelOutgoingPayment: async () => {
      const path = await newPath();
      return () => api.pay(`${path}/cancel`, {});
    },
    submitOutgoingPayments: async () => {
      const ids = [await newId()];
      return () => api.pay('/v1/outgoing-payments/submit', { message: newKey(), ids });
    },
    settleOutgoingPayments: async () => {
      const ids = [await newId()];
      return () => api.pay('/v1/outgoing-payments/settle', { ids });
    },
    returnOutgoingPayments: async () => {
      const items = [{ id: await newId(), reason }];
      return () => api.pay('/v1/outgoing-payments/return', { items });
    },
  };
}
