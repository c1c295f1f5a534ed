import { created, type TestApi } from '#test/support/api.ts';
import type { Prepare } from './bank-acts.ts';

type Made = { readonly id: string };

const attachment = (accountId: string) => ({
  accountId,
  amount: '10.00',
  currency: 'EUR',
  reasonCode: 'tax',
  legalReference: '12 M 384/26',
});

/** What is done about holds, their settlement and attachments, each on a new one. */
export function holdActs(api: TestApi): Readonly<Record<string, Prepare>> {
  const newId = async () => (await api.newAccount({ balance: '100.00' })).id;
  const newHold = async () => {
    const hold = { accountId: await newId(), amount: '10.00', currency: 'EUR' };
    return created(await api.pay<Made>('/v1/holds', hold)).id;
  };
  return {
    placeHold: async () => {
      const accountId = await newId();
      return () => api.pay('/v1/holds', { accountId, amount: '10.00', currency: 'EUR' });
    },
    captureHold: async () => {
      const id = await newHold();
      return () => api.pay(`/v1/holds/${id}/capture`, {});
    },
    placeAttachment: async () => {
      const body = attachment(await newId());
      return () => api.pay('/v1/attachments', body);
    },
    releaseAttachment: async () => {
      const body = attachment(await newId());
      const { id } = created(await api.pay<{ id: string }>('/v1/attachments', body));
      return () => api.post(`/v1/attachments/${id}/release`, { reason: 'Paid' });
    },
    settleCaptures: async () => {
      const id = await newHold();
      created(await api.pay(`/v1/holds/${id}/capture`, {}));
      return () => api.pay('/v1/capture-settlements', { currency: 'EUR' });
    },
    changeHold: async () => {
      const id = await newHold();
      return () => api.patch(`/v1/holds/${id}`, { amount: '11.00' }, '*');
    },
    releaseHold: async () => {
      const id = await newHold();
      return () => api.pay(`/v1/holds/${id}/release`, {});
    },
  };
}
