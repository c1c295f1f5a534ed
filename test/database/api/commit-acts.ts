import type { AccountView } from '#features/accounts/schemas.ts';
import { type Answer, cash, created, move, person, type TestApi } from '#test/support/api.ts';
import { newKey } from '#test/support/bank.ts';
import { Lending } from './loans.ts';

export type Act = () => Promise<Answer>;
/** Made ready by the first call; the second commits. */
export type Acts = Readonly<Record<string, () => Promise<Act>>>;

type Fields = Readonly<Record<string, unknown>>;

/** An act of each way to commit, with a key and without. */
export async function commitActs(api: TestApi): Promise<{ readonly keyed: Acts; readonly unkeyed: Acts }> {
  const lending = new Lending(api);
  const account = await api.newAccount({ balance: '10000.00' });
  const other = await api.newAccount({ balance: '100.00' });
  const pay = (path: string, body: Fields): Act => {
    const key = newKey();
    return () => api.pay(path, body, key);
  };
  const newHold = async () =>
    created(
      await api.pay<{ readonly id: string }>('/v1/holds', {
        accountId: account.id,
        amount: '1.00',
        currency: 'EUR',
      }),
    );
  const keyed: Acts = {
    deposit: async () => pay('/v1/deposits', cash(account, '1.00')),
    transfer: async () => pay('/v1/transfers', move(account, other, '1.00')),
    reversal: async () => {
      const { id } = await api.deposit(account, '1.00');
      return pay(`/v1/transactions/${id}/reverse`, { reason: 'mistake' });
    },
    batch: async () => {
      const items = [{ type: 'deposit', ...cash(account, '1.00') }];
      return pay('/v1/transactions/batch', { mode: 'atomic', items });
    },
    hold: async () => pay('/v1/holds', { accountId: account.id, amount: '1.00', currency: 'EUR' }),
    'capture of a hold': async () => pay(`/v1/holds/${(await newHold()).id}/capture`, {}),
    'disbursement of a loan': async () => {
      const loan = await lending.newApproved(account);
      const key = newKey();
      return () => lending.disburse(loan, {}, key);
    },
    'repayment of a loan': async () => {
      const loan = await lending.newLoan(account);
      const key = newKey();
      return () => lending.repay(loan, '1.00', {}, key);
    },
    'incoming payment': async () => {
      const payment = { iban: account.iban, amount: '1.00', currency: 'EUR', externalReference: newKey() };
      return pay('/v1/incoming-payments', payment);
    },
    'settlement of an outgoing payment': async () =>
      pay(`/v1/outgoing-payments/${(await newOutgoing(api, account)).id}/settle`, {}),
    'customer under a key': async () => pay('/v1/customers', person()),
    'standing order': async () =>
      pay('/v1/standing-orders', {
        ...move(account, other, '1.00'),
        frequency: 'monthly',
        startDate: '2027-01-04',
      }),
    'journal entry': async () => {
      const line = { amount: '1.00', currency: 'EUR' };
      const lines = [
        { glAccount: '1000', side: 'debit', ...line },
        { glAccount: '3000', side: 'credit', ...line },
      ];
      return pay('/v1/accounting/journal-entries', { reason: 'Capital paid in', lines });
    },
  };
  const unkeyed: Acts = {
    customer: async () => () => api.post('/v1/customers', person()),
    account: async () => {
      const body = { product: 'current', currency: 'EUR', customerId: account.customerId };
      return () => api.post('/v1/accounts', body);
    },
    'release of a hold': async () => {
      const { id } = await newHold();
      return () => api.post(`/v1/holds/${id}/release`, {});
    },
    'settings of the bank': async () => () => api.patch('/v1/bank', { city: 'Bremen' }, undefined),
    product: async () => () => api.patch('/v1/products/current', { captureTolerancePercent: 5 }, undefined),
    'end of a day': async () => () => api.post('/v1/end-of-day', {}),
  };
  return { keyed, unkeyed };
}

async function newOutgoing(api: TestApi, from: AccountView): Promise<{ readonly id: string }> {
  const body = {
    fromAccountId: from.id,
    toIban: 'NL91ABNA0417164300',
    toName: 'Grace Hopper',
    amount: '1.00',
    currency: 'EUR',
  };
  return created(await api.pay('/v1/transfers', body));
}
