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
  return {
    openTimeDeposit: async () => {
      await define();
      const from = await api.newAccount({ balance: '1000.00' });
      return () => bank.ask(from, { product });
    },
    changeTimeDeposit: async () => {
      const deposit = await opened();
      return () => bank.change(deposit, { onMaturity: 'renew' });
    },
    closeTimeDeposit: async () => {
      const deposit = await opened();
      created(await bank.preview(deposit));
      return () => bank.close(deposit, { reason: 'asked for' });
    },
  };
}
