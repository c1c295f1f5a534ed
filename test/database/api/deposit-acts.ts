import { created, type TestApi } from '#test/support/api.ts';
import type { Prepare } from './bank-acts.ts';
import { Depositing } from './time-deposits.ts';

/** What is done about deposits for a term, each on a new one. */
export function depositActs(api: TestApi): Readonly<Record<string, Prepare>> {
  const bank = new Depositing(api);
  const product = 'deposits_of_acts';
  const define = async (): Promise<void> => {
    const { status } = await api.get(`/v1/products/${product}`);
    if (status === 404) await bank.define(product, { earlyClosure: {} });
  };
  const opened = async () => {
    await define();
    return (await bank.opened({ product })).deposit;
  };
  const openedRecurring = async () => {
    const code = 'recurring_of_acts';
    const { status } = await api.get(`/v1/products/${code}`);
    if (status === 404) await bank.defineRecurring(code);
    return bank.openedRecurring({ product: code });
  };
  return {
    openTimeDeposit: async () => {
      await define();
      const from = await api.newAccount({ balance: '1000.00' });
      return () => bank.ask(from, { product });
    },
    payTimeDepositInstalment: async () => {
      const { from, deposit } = await openedRecurring();
      created(await api.post('/v1/business-date', { businessDate: deposit.instalments?.nextDueOn }));
      return () => bank.payInstalment(deposit, from);
    },
    changeTimeDeposit: async () => {
      await define();
      const { from, deposit } = await bank.opened({ product });
      return () => bank.change(deposit, { payoutAccountId: from.id, onMaturity: 'renew' });
    },
    closeTimeDeposit: async () => {
      const deposit = await opened();
      created(await bank.preview(deposit));
      return () => bank.close(deposit, { reason: 'asked for' });
    },
  };
}
