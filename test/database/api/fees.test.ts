import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AccountView } from '#features/accounts/schemas.ts';
import type { FeePreviewView, FeeView } from '#features/charges/schemas.ts';
import type { HoldView } from '#features/holds/schemas.ts';
import type { AccountLimitsView } from '#features/limits/schemas.ts';
import type { LineView, TransactionView } from '#features/transactions/schemas.ts';
import { type Answer, badFields, created, move, openApi, type Page, refused } from '#test/support/api.ts';
import { newKey } from '#test/support/bank.ts';

const api = await openApi();

type Fields = Readonly<Record<string, unknown>>;
const define = (code: string, fees: readonly Fields[], fields: Fields = {}): Promise<Answer> =>
  api.post('/v1/products', { code, currency: 'EUR', kind: 'current', name: 'With fees', fees, ...fields });
const fee = (fields: Fields): Fields => ({ code: 'fee', name: 'Fee', amount: '1.00', ...fields });
const feesOf = async ({ id }: AccountView, query = ''): Promise<readonly FeeView[]> =>
  created(await api.get<Page<FeeView>>(`/v1/accounts/${id}/fees?${query}`)).data;
const linesOf = async ({ id }: AccountView, query = ''): Promise<(readonly string[])[]> => {
  const { data } = created(await api.get<Page<LineView>>(`/v1/accounts/${id}/transactions?${query}`));
  return data
    .map(({ type, amount, balanceAfter, description }) => [type, amount, balanceAfter, description ?? ''])
    .toReversed();
};
const withdrawal = (account: AccountView, amount: string, fields: Fields = {}): Promise<Answer> =>
  api.pay('/v1/withdrawals', { accountId: account.id, amount, currency: 'EUR', mode: 'atm', ...fields });
const lineBalance = async (glCode: string): Promise<string | undefined> => {
  const [row] = await api.asOwner<{ sum: string }>(`
    select sum(case when c.gl_code = '${glCode}' then p.amount_minor else -p.amount_minor end)::text as sum
    from postings p
    join ledger_accounts d on d.ledger_account_id = p.debit_account_id
    join ledger_accounts c on c.ledger_account_id = p.credit_account_id
    where '${glCode}' in (d.gl_code, c.gl_code)`);
  return row?.sum;
};

const other = await api.newAccount({ balance: '5000.00' });

test('a fee and its tax are lines of the same entry, on lines of the chart of their own', async () => {
  const tax = { name: 'VAT 19 %', percent: '19' };
  created(
    await define('plain', [
      fee({
        code: 'atm',
        name: 'Cash machine',
        event: 'withdrawal',
        paymentTypes: ['atm'],
        amount: '2.50',
        tax,
      }),
      fee({
        code: 'transfer',
        name: 'Transfer',
        event: 'transfer',
        percent: '1',
        amount: '0.10',
        maximum: '3.00',
      }),
    ]),
  );
  const account = await api.newAccount({ product: 'plain', balance: '500.00' });
  const taken = created(await withdrawal(account, '100.00')) as TransactionView;
  assert.deepEqual([taken.amount, taken.balanceAfter], ['100.00', '397.02']);
  const sent = await api.transfer(account, other, '200.00');
  assert.deepEqual(
    [sent.amount, sent.balanceAfter, sent.counterpartyAccountId],
    ['200.00', '194.92', other.id],
  );
  const seen = created(await api.get<TransactionView>(`/v1/transactions/${sent.id}`));
  assert.deepEqual({ ...seen, counterparty: null }, sent, 'it reads as it was answered');
  created(await withdrawal(account, '10.00', { mode: 'cash' }));
  assert.deepEqual(await linesOf(account), [
    ['deposit', '500.00', '500.00', ''],
    ['withdrawal', '-100.00', '400.00', ''],
    ['fee', '-2.50', '397.50', 'Cash machine'],
    ['fee_tax', '-0.48', '397.02', 'VAT 19 %'],
    ['transfer', '-200.00', '197.02', ''],
    ['fee', '-2.10', '194.92', 'Transfer'],
    ['withdrawal', '-10.00', '184.92', ''],
  ]);
  assert.deepEqual(await linesOf(account, 'type=fee_tax'), [['fee_tax', '-0.48', '397.02', 'VAT 19 %']]);
  assert.deepEqual((await linesOf(account, 'type=withdrawal')).length, 2);
  assert.deepEqual([await lineBalance('4100'), await lineBalance('2620')], ['460', '48']);
  const [transferFee, atm] = await feesOf(account);
  assert.deepEqual(
    [atm?.code, atm?.status, atm?.amount, atm?.tax, atm?.total, atm?.paymentId, atm?.transactionId],
    ['atm', 'charged', '2.50', '0.48', '2.98', taken.id, taken.id],
  );
  assert.deepEqual([transferFee?.facts.amount, transferFee?.facts.paymentType], ['200.00', 'other']);
  assert.deepEqual(created(await api.get(`/v1/accounts/${account.id}/fees/${atm?.id}`)), atm);
  refused(await api.get(`/v1/accounts/${other.id}/fees/${atm?.id}`), 404, 'not_found');
  assert.deepEqual(await api.postedBalance(other), '5200.00');
});

test('the first of a month are free, and each says why', async () => {
  created(await define('free', [fee({ event: 'withdrawal', freeAMonth: 2 })]));
  const account = await api.newAccount({ product: 'free', balance: '100.00' });
  for (const _ of [1, 2, 3, 4]) created(await withdrawal(account, '10.00'));
  assert.equal(await api.postedBalance(account), '58.00');
  assert.deepEqual(
    (await feesOf(account)).map(({ status, notCharged, facts }) => [
      status,
      notCharged,
      facts.earlierThisMonth,
    ]),
    [
      ['charged', null, 3],
      ['charged', null, 2],
      ['not_charged', 'free', 1],
      ['not_charged', 'free', 0],
    ],
  );
});

test('where the money does not suffice, the terms say what becomes of the fee', async () => {
  const fees = (whenShort: string) => [fee({ event: 'withdrawal', whenShort })];
  created(await define('refusing', fees('refuse')));
  created(await define('queueing', fees('queue')));
  const overdraft = { allowed: false, unarrangedTolerance: '1.00' };
  created(await define('overdrawing', fees('overdraft'), { overdraft }));
  const refusing = await api.newAccount({ product: 'refusing', balance: '10.00' });
  const answer = await api.leavesNothing(() => withdrawal(refusing, '9.01'));
  refused(answer, 422, 'insufficient_funds');
  created(await withdrawal(refusing, '9.00'));
  assert.equal(await api.postedBalance(refusing), '0.00');

  const queueing = await api.newAccount({ product: 'queueing', balance: '10.00' });
  created(await withdrawal(queueing, '9.01'));
  assert.equal(await api.postedBalance(queueing), '0.99');
  const [due] = await feesOf(queueing, 'status=due');
  assert.deepEqual([due?.total, due?.transactionId, due?.status], ['1.00', null, 'due']);
  refused(await withdrawal(queueing, '1.00'), 422, 'insufficient_funds');

  const overdrawing = await api.newAccount({ product: 'overdrawing', balance: '10.00' });
  created(await withdrawal(overdrawing, '10.00'));
  assert.equal(await api.postedBalance(overdrawing), '-1.00');
  const owner = await api.newAccount({ product: 'overdrawing', balance: '10.00' });
  created(await withdrawal(owner, '9.50'));
  assert.equal(await api.postedBalance(owner), '-0.50');
  await api.assertVerified();
});

test('a fee counts against no limit of the customer', async () => {
  created(await define('limited', [fee({ event: 'withdrawal', amount: '5.00' })]));
  const account = await api.newAccount({ product: 'limited', balance: '500.00' });
  const limits = { perTransaction: '100.00', perDay: '150.00' };
  created(await api.raw('PUT', `/v1/accounts/${account.id}/limits`, JSON.stringify(limits)));
  const taken = created(await withdrawal(account, '100.00')) as TransactionView;
  created(await withdrawal(account, '50.00'));
  refused(await withdrawal(account, '0.01'), 422, 'limit_exceeded');
  created(await api.pay(`/v1/transactions/${taken.id}/reverse`, { reason: 'mistake' }));
  const { effective } = created(await api.get<AccountLimitsView>(`/v1/accounts/${account.id}/limits`));
  assert.equal(effective.perDay?.left, '100.00');
  created(await withdrawal(account, '100.00'));
  refused(await withdrawal(account, '0.01'), 422, 'limit_exceeded');
});

test('a payment that is taken back whole gives its fee back, and a part of it does not', async () => {
  created(await define('returning', [fee({ event: 'transfer', tax: { name: 'VAT', percent: '20' } })]));
  const account = await api.newAccount({ product: 'returning', balance: '100.00' });
  const sent = await api.transfer(account, other, '50.00');
  assert.equal(await api.postedBalance(account), '48.80');
  const part = { reason: 'returned goods', amount: '20.00' };
  created(await api.pay(`/v1/transactions/${sent.id}/reverse`, part));
  assert.equal(await api.postedBalance(account), '68.80');
  const rest = created(
    await api.pay(`/v1/transactions/${sent.id}/reverse`, { reason: 'all of it' }),
  ) as TransactionView;
  assert.deepEqual([rest.amount, rest.balanceAfter], ['30.00', '100.00']);
  const seen = created(await api.get<TransactionView>(`/v1/transactions/${sent.id}`));
  assert.deepEqual([seen.status, seen.reversedAmount], ['reversed', '50.00']);
  assert.deepEqual((await linesOf(account)).slice(-3), [
    ['reversal', '30.00', '98.80', ''],
    ['fee', '1.00', '99.80', 'Fee'],
    ['fee_tax', '0.20', '100.00', 'VAT'],
  ]);
  const [given] = await feesOf(account);
  assert.deepEqual([given?.status, given?.refundId], ['refunded', rest.id]);
  refused(await api.pay(`/v1/transactions/${sent.id}/reverse`, { reason: 'again' }), 409, 'already_reversed');
  await api.assertVerified();
});

test('payments to other banks, orders of many and captures cost what their terms say', async () => {
  created(
    await define('all', [
      fee({ code: 'home', event: 'outgoing_payment', paymentTypes: ['domestic'], amount: '0.20' }),
      fee({ code: 'abroad', event: 'outgoing_payment', paymentTypes: ['foreign'], amount: '7.00' }),
      fee({ code: 'transfer', event: 'transfer', paymentTypes: ['other'], amount: '0.05' }),
      fee({ code: 'card', event: 'card', amount: '0.50', whenShort: 'queue' }),
    ]),
  );
  const account = await api.newAccount({ product: 'all', balance: '100.00' });
  const second = await api.newAccount({ customerId: account.holders[0]?.customerId });
  const abroad = {
    fromAccountId: account.id,
    toIban: 'FR1420041010050500013M02606',
    toName: 'Paul',
    amount: '10.00',
  };
  const paid = created(await api.pay('/v1/transfers', { ...abroad, currency: 'EUR' })) as TransactionView;
  assert.equal(await api.postedBalance(account), '83.00');
  created(await api.pay(`/v1/outgoing-payments/${paid.id}/cancel`, {}));
  assert.equal(await api.postedBalance(account), '100.00', 'what it cost came back with it');
  await api.transfer(account, second, '10.00');
  assert.equal(await api.postedBalance(account), '90.00', 'to an account of the same owner it is free');
  const items = [{ type: 'transfer', ...move(account, other, '10.00') }];
  created(await api.pay('/v1/transactions/batch', { mode: 'atomic', items }));
  assert.equal(await api.postedBalance(account), '79.95');
  const body = { accountId: account.id, amount: '30.00', currency: 'EUR' };
  const hold = created(await api.pay<HoldView>('/v1/holds', body));
  created(await api.pay(`/v1/holds/${hold.id}/capture`, {}));
  assert.equal(await api.postedBalance(account), '49.45');
  assert.deepEqual(
    (await feesOf(account)).map(({ code, status, total }) => [code, status, total]),
    [
      ['card', 'charged', '0.50'],
      ['transfer', 'charged', '0.05'],
      ['abroad', 'refunded', '7.00'],
    ],
  );
  await api.assertVerified();
});

test('what something would cost is told before', async () => {
  const account = await api.newAccount({ product: 'plain', balance: '10.00' });
  const ask = (query: string) =>
    api.get<Page<FeePreviewView>>(`/v1/accounts/${account.id}/fee-preview?${query}`);
  const [preview] = created(await ask('event=withdrawal&amount=50.00&paymentType=atm')).data;
  assert.deepEqual([preview?.total, preview?.taxName, preview?.notCharged], ['2.98', 'VAT 19 %', null]);
  assert.deepEqual(created(await ask('event=withdrawal&paymentType=cash')).data, []);
  assert.deepEqual(badFields(await ask('event=withdrawal&amount=1.001&paymentType=own')), [
    'amount',
    'paymentType',
  ]);
  refused(await ask('event=nothing'), 400, 'validation_failed');
});

test('terms of fees that contradict themselves are refused, with all that is wrong', async () => {
  const wrong = (fields: Fields) => define('wrong', [fee({ event: 'transfer', ...fields })]);
  await api.leavesNothing(async () => {
    assert.deepEqual(
      badFields(await wrong({ paymentTypes: ['cash'], minimum: '2.00', percent: '101', code: 'No' })),
      ['fees[0].code', 'fees[0].paymentTypes[0]', 'fees[0].percent'],
    );
    assert.deepEqual(badFields(await wrong({ minimum: '2.00', maximum: '1.00' })), ['fees[0].maximum']);
    assert.deepEqual(badFields(await wrong({ tiers: [{ amount: '1.00' }] })), ['fees[0].tiers']);
    assert.deepEqual(badFields(await wrong({ event: 'monthly', percent: '1' })), ['fees[0].percent']);
    assert.deepEqual(badFields(await wrong({ event: 'monthly', whenShort: 'refuse' })), [
      'fees[0].whenShort',
    ]);
    assert.deepEqual(badFields(await wrong({ waivers: [{}] })), ['fees[0].waivers[0]']);
    const two = [fee({ event: 'transfer' }), fee({ event: 'card' })];
    assert.deepEqual(badFields(await define('wrong', two)), ['fees[1].code']);
    const tiers = [{ upTo: '10.00', amount: '1.00' }, { upTo: '10.00', amount: '2.00' }, { upTo: '20.00' }];
    const tiered = { code: 'x', name: 'X', event: 'card', tiers };
    assert.deepEqual(badFields(await define('wrong', [tiered])), ['fees[0].tiers[1].upTo']);
  });
});

test('the key of a payment answers as it did, and charges nothing again', async () => {
  const account = await api.newAccount({ product: 'plain', balance: '100.00' });
  const key = newKey();
  const body = move(account, other, '10.00');
  const first = created(await api.pay('/v1/transfers', body, key));
  assert.deepEqual(created(await api.pay('/v1/transfers', body, key)), first);
  assert.equal(await api.postedBalance(account), '89.80');
  assert.equal((await feesOf(account)).length, 1);
  await api.assertVerified();
});
