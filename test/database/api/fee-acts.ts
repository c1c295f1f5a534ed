import type { FeeView } from '#features/charges/schemas.ts';
import { type Answer, created, type Page, type TestApi } from '#test/support/api.ts';

/** Acts on fees of accounts, by operation: what comes first, and the act. */
export function feeActs(api: TestApi): Readonly<Record<string, () => Promise<() => Promise<Answer>>>> {
  let products = 0;
  /** An account whose withdrawal cost a fee that is paid or due, and the path of the fee. */
  const feeOf = async (balance: string): Promise<string> => {
    products += 1;
    const code = `fee_acts_${products}`;
    const fees = [{ code: 'cash', name: 'Cash', event: 'withdrawal', amount: '1.00', whenShort: 'queue' }];
    const product = { code, currency: 'EUR', kind: 'current', name: 'With fees', fees };
    created(await api.post('/v1/products', product));
    const account = await api.newAccount({ product: code, balance });
    await api.withdraw(account, '10.00');
    const [fee] = created(await api.get<Page<FeeView>>(`/v1/accounts/${account.id}/fees`)).data;
    return `/v1/accounts/${account.id}/fees/${fee?.id}`;
  };
  const act = (balance: string, verb: string) => async () => {
    const path = await feeOf(balance);
    return () => api.post(`${path}/${verb}`, { reason: 'goodwill' });
  };
  return { waiveAccountFee: act('10.00', 'waive'), refundAccountFee: act('11.00', 'refund') };
}
