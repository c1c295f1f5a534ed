import type { LoanAnswerView } from '#features/loans/schemas.ts';
import { type Answer, created, move, type TestApi } from '#test/support/api.ts';
import { newKey } from '#test/support/bank.ts';
import { Lending } from './loans.ts';
import { Depositing } from './time-deposits.ts';

export type Labelled = { readonly id: string; readonly externalId: string | null; readonly metadata: object };
export type Create = (labels: object, key?: string) => Promise<Answer<Labelled>>;
export type Kind = { readonly list: string; readonly create: Create };

const ONE_EUR = { amount: '1.00', currency: 'EUR' };
const entryOf = ({ transaction }: LoanAnswerView) => transaction?.transactionId;

/** Whatever is created with labels, and the list that finds it by them; and the accounts that it is of. */
export async function openLabelled(api: TestApi) {
  const lending = new Lending(api);
  const from = await api.newAccount({ balance: '1000.00' });
  const to = await api.newAccount();
  const attached = await api.newAccount();
  const dollars = await api.newAccount({ currency: 'USD', customerId: from.customerId });
  created(await api.post('/v1/exchange-rates', { pair: 'EUR/USD', bid: '1.08', ask: '1.09' }));
  const depositing = new Depositing(api);
  const fixedTerm = await depositing.define('fixed_term');
  const savingPlan = await depositing.defineRecurring('saving_plan');
  const { id: productId } = await lending.newProduct();
  const running = await lending.newLoan(to);
  const lost = await lending.newLoan(to);
  created(await lending.act(lost, 'charge-off'));
  const cash = (labels: object) => ({ accountId: from.id, mode: 'cash', ...ONE_EUR, ...labels });
  const paying =
    (path: string, body: (labels: object) => object | Promise<object>): Create =>
    async (labels, key = newKey()) =>
      api.pay<Labelled>(path, { ...(await body(labels)) }, key);

  /** The transaction that an act made, in place of the answer to the act. */
  async function madeBy<Body>(
    answer: Answer<Body>,
    transactionOf: (body: Body) => string | null | undefined,
  ): Promise<Answer<Labelled>> {
    if (answer.status !== 201) return answer as unknown as Answer<Labelled>;
    const made = await api.get<Labelled>(`/v1/transactions/${transactionOf(answer.body)}`);
    return { ...made, status: 201 };
  }

  /** Takes what a new hold keeps. */
  async function captureOne(labels: object, key = newKey()): Promise<Answer<{ transactionId: string }>> {
    const hold = created(await api.pay<{ id: string }>('/v1/holds', { accountId: from.id, ...ONE_EUR }));
    return api.pay(`/v1/holds/${hold.id}/capture`, { ...labels }, key);
  }

  const KINDS: Readonly<Record<string, Kind>> = {
    customer: {
      list: '/v1/customers',
      create: (labels) =>
        api.post('/v1/customers', { type: 'organisation', legalName: `Club ${newKey()}`, ...labels }),
    },
    account: {
      list: '/v1/accounts',
      create: (labels) =>
        api.post('/v1/accounts', {
          customerId: to.customerId,
          product: 'current',
          currency: 'EUR',
          ...labels,
        }),
    },
    deposit: { list: '/v1/transactions', create: paying('/v1/deposits', cash) },
    withdrawal: { list: '/v1/transactions', create: paying('/v1/withdrawals', cash) },
    transfer: {
      list: '/v1/transactions',
      create: paying('/v1/transfers', (labels) => ({ ...move(from, to, '1.00'), ...labels })),
    },
    'payment to another bank': {
      list: '/v1/outgoing-payments',
      create: paying('/v1/transfers', (labels) => ({
        fromAccountId: from.id,
        toIban: 'DE89370400440532013000',
        toName: 'Grace Hopper',
        ...ONE_EUR,
        ...labels,
      })),
    },
    'payment from another bank': {
      list: '/v1/incoming-payments',
      create: paying('/v1/incoming-payments', (labels) => ({
        externalReference: newKey(),
        iban: to.iban,
        ...ONE_EUR,
        ...labels,
      })),
    },
    hold: {
      list: '/v1/holds',
      create: paying('/v1/holds', (labels) => ({ accountId: from.id, ...ONE_EUR, ...labels })),
    },
    'capture of a hold': {
      list: '/v1/transactions',
      create: async (labels, key) =>
        madeBy(await captureOne(labels, key), ({ transactionId }) => transactionId),
    },
    'settlement of captures': {
      list: '/v1/capture-settlements',
      create: paying('/v1/capture-settlements', async (labels) => {
        const { transactionId } = created(await captureOne({}));
        return { currency: 'EUR', transactionIds: [transactionId], ...labels };
      }),
    },
    'legal attachment': {
      list: '/v1/attachments',
      create: paying('/v1/attachments', (labels) => ({
        accountId: attached.id,
        reasonCode: 'garnishment',
        legalReference: 'AG Mitte 12 M 384/26',
        ...ONE_EUR,
        ...labels,
      })),
    },
    'payment out of a loan': {
      list: '/v1/transactions',
      create: async (labels, key) =>
        madeBy(await lending.disburse(await lending.newApproved(to), { ...labels }, key), entryOf),
    },
    'repayment of a loan': {
      list: '/v1/transactions',
      create: async (labels, key) =>
        madeBy(await lending.repay(running, '10.00', { ...labels }, key), entryOf),
    },
    'recovery of a loan': {
      list: '/v1/transactions',
      create: async (labels, key) =>
        madeBy(await lending.recover(lost, '10.00', { ...labels }, key), entryOf),
    },
    'standing order': {
      list: '/v1/standing-orders',
      create: paying('/v1/standing-orders', (labels) => ({
        ...move(from, to, '1.00'),
        frequency: 'monthly',
        startDate: '2026-02-02',
        ...labels,
      })),
    },
    beneficiary: {
      list: `/v1/customers/${from.customerId}/beneficiaries`,
      create: async (labels) => {
        const { id: accountId } = await api.newAccount();
        return api.post(`/v1/customers/${from.customerId}/beneficiaries`, {
          name: 'Eva',
          accountId,
          ...labels,
        });
      },
    },
    conversion: {
      list: '/v1/conversions',
      create: paying('/v1/conversions', (labels) => ({
        fromAccountId: from.id,
        toAccountId: dollars.id,
        ...ONE_EUR,
        ...labels,
      })),
    },
    'deposit for a term': {
      list: '/v1/time-deposits',
      create: paying('/v1/time-deposits', (labels) => ({
        customerId: from.customerId,
        fromAccountId: from.id,
        product: fixedTerm,
        term: { unit: 'month', count: 12 },
        ...ONE_EUR,
        ...labels,
      })),
    },
    'recurring deposit': {
      list: '/v1/time-deposits',
      create: paying('/v1/time-deposits', (labels) => ({
        customerId: from.customerId,
        fromAccountId: from.id,
        product: savingPlan,
        term: { unit: 'day', count: 28 },
        frequency: 'weekly',
        ...ONE_EUR,
        ...labels,
      })),
    },
    'journal entry': {
      list: '/v1/accounting/journal-entries',
      create: paying('/v1/accounting/journal-entries', (labels) => ({
        reason: 'Audit fee',
        lines: [
          { glAccount: '1000', side: 'debit', ...ONE_EUR },
          { glAccount: '3000', side: 'credit', ...ONE_EUR },
        ],
        ...labels,
      })),
    },
    loan: {
      list: '/v1/loans',
      create: (labels) => lending.applyTo(to, productId, { ...labels }) as Promise<Answer<Labelled>>,
    },
  };
  return { kinds: KINDS, lending, from, to, cash, captureOne };
}
