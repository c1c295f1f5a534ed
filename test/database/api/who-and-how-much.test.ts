import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lookBackFrom } from '#db/look-back.ts';
import { listIncoming } from '#features/payments/incoming-repository.ts';
import { listOutgoing } from '#features/payments/outgoing-repository.ts';
import type { IncomingView } from '#features/payments/schemas.ts';
import { listAccountLines, lookBackLines } from '#features/transactions/lines.ts';
import { listTransactions } from '#features/transactions/repository.ts';
import type { LineView, TransactionView } from '#features/transactions/schemas.ts';
import { fromTypeId, type IncomingPaymentId, type TransactionId } from '#lib/ids.ts';
import { badFields, created, openApi, refused } from '#test/support/api.ts';
import { EUR, newKey } from '#test/support/bank.ts';

const api = await openApi();
const FOREIGN = 'DE89370400440532013000';
const payer = await api.newAccount({ balance: '1000.00' });
const payee = await api.newAccount({ customerId: (await api.newCustomer({ familyName: 'Needle' })).id });

const AMOUNTS = ['10.00', '20.00', '30.00', '40.00', '50.00'];
for (const amount of AMOUNTS) {
  await api.transfer(payer, payee, amount);
  const body = {
    fromAccountId: payer.id,
    toIban: FOREIGN,
    toName: 'Stadtwerke Berlin',
    amount,
    currency: 'EUR',
  };
  created(await api.pay('/v1/transfers', body));
  created(
    await api.pay<IncomingView>('/v1/incoming-payments', {
      amount,
      currency: 'EUR',
      iban: payee.iban,
      externalReference: newKey(),
      debtorName: amount === '30.00' ? 'Grace HOPPER' : 'Ada Lovelace',
      debtorIban: amount === '30.00' ? FOREIGN : 'GB29NWBK60161331926819',
      valueDate: '2026-01-14',
    }),
  );
}

type Amounted = { readonly id: string; readonly amount: string };

/** All pages of a list hold what is left of the whole list, in its order. */
async function isFiltered<Row extends Amounted>(
  path: string,
  query: string,
  keeps: (row: Row) => boolean,
): Promise<Row[]> {
  const whole = (await api.allPages<Row>(path, 100)).flat();
  const kept = whole.filter(keeps);
  for (const limit of [1, 2, 100]) {
    const pages = await api.allPages<Row>(`${path}?${query}`, limit);
    assert.deepEqual(pages.flat(), kept, `${path}?${query}, ${limit} a page`);
  }
  assert.ok(kept.length > 0 && kept.length < whole.length, `${path}?${query} finds some`);
  return kept;
}

const LISTS = ['/v1/transactions', '/v1/outgoing-payments', '/v1/incoming-payments'];

test('payments and transactions are listed by amount, both ends included', async () => {
  for (const path of LISTS) {
    const isBetween = ({ amount }: Amounted) => Number(amount) >= 20 && Number(amount) <= 40;
    const found = await isFiltered(path, 'currency=EUR&minAmount=20.00&maxAmount=40.00', isBetween);
    assert.deepEqual([...new Set(found.map(({ amount }) => amount))].toSorted(), ['20.00', '30.00', '40.00']);
    await isFiltered(path, 'currency=EUR&minAmount=40.01', ({ amount }) => Number(amount) > 40);
    assert.deepEqual((await api.allPages(`${path}?currency=USD`, 100)).flat(), []);
  }
});

test('an amount without a currency, and what is no amount, are refused', async () => {
  for (const path of LISTS) {
    assert.deepEqual(badFields(await api.get(`${path}?minAmount=1.00`)), ['currency']);
    assert.deepEqual(badFields(await api.get(`${path}?maxAmount=1.00`)), ['currency']);
    for (const wrong of ['-1', '1.001', '1e3', 'many']) {
      refused(await api.get(`${path}?currency=EUR&minAmount=${wrong}`), 400, 'invalid_amount');
    }
    refused(await api.get(`${path}?currency=EUR&minAmount=2.00&maxAmount=1.00`), 400, 'validation_failed');
  }
});

test('incoming payments are listed by who paid, the account, value dates and reference', async () => {
  const path = '/v1/incoming-payments';
  const isHers = ({ debtorName }: IncomingView) => debtorName === 'Grace HOPPER';
  await isFiltered(path, 'debtorName=hopper', isHers);
  await isFiltered(path, `debtorIban=${FOREIGN}`, isHers);
  const all = (await api.allPages<IncomingView>(path, 100)).flat();
  for (const query of [`accountId=${payee.id}`, 'from=2026-01-14&to=2026-01-14']) {
    assert.deepEqual((await api.allPages<IncomingView>(`${path}?${query}`, 2)).flat(), all);
  }
  for (const query of [`accountId=${payer.id}`, 'from=2026-01-15', 'to=2026-01-13', 'reference=none']) {
    assert.deepEqual((await api.allPages<IncomingView>(`${path}?${query}`, 100)).flat(), []);
  }
  assert.deepEqual(badFields(await api.get(`${path}?debtorIban=DE00`)), ['debtorIban']);
});

test('transactions are listed by the other side: an account of this bank, or one elsewhere', async () => {
  const path = '/v1/transactions';
  const isOut = ({ type }: TransactionView) => type === 'outgoing_payment';
  await isFiltered(path, 'counterpartyName=stadtWERKE', isOut);
  await isFiltered(
    path,
    `counterpartyIban=${payee.iban}`,
    ({ type }: TransactionView) => type === 'transfer',
  );
  await isFiltered(
    path,
    `counterpartyIban=${FOREIGN}`,
    (row: TransactionView) => isOut(row) || row.counterparty?.name === 'Grace HOPPER',
  );
  await isFiltered(
    path,
    'counterpartyName=stadtwerke&currency=EUR&minAmount=30.00&type=outgoing_payment',
    (row: TransactionView) => isOut(row) && Number(row.amount) >= 30,
  );
  assert.deepEqual(badFields(await api.get(`${path}?counterpartyIban=x`)), ['counterpartyIban']);
  assert.deepEqual(badFields(await api.get(`${path}?order=sequence&counterpartyName=x`)), [
    'counterpartyName',
  ]);
});

test('lines of an account are listed by the other side as they show it', async () => {
  const own = `/v1/accounts/${payer.id}/transactions`;
  const isToNeedle = ({ type }: LineView) => type === 'transfer';
  await isFiltered(own, 'counterpartyName=needle', isToNeedle);
  await isFiltered(own, `counterpartyIban=${payee.iban}`, isToNeedle);
  await isFiltered(own, `counterpartyIban=${FOREIGN}&minAmount=30.00`, (line: LineView) => {
    return line.type === 'outgoing_payment' && Number(line.amount) <= -30;
  });
  await isFiltered(`/v1/accounts/${payee.id}/transactions`, 'counterpartyName=hopper', (line: LineView) => {
    return line.counterparty?.name === 'Grace HOPPER';
  });
});

test('a customer does not find a payment by what only its payer sees of it', async () => {
  const customer = await api.as('customer', fromTypeId('customer', payee.customerId));
  const named = {
    fromAccountId: payer.id,
    toAccountId: payee.id,
    toName: 'My secret friend',
    amount: '1.00',
  };
  created(await api.pay('/v1/transfers', { ...named, currency: 'EUR' }));
  for (const path of ['/v1/transactions', `/v1/accounts/${payee.id}/transactions`]) {
    assert.deepEqual((await customer.allPages(`${path}?counterpartyName=secret`, 100)).flat(), []);
  }
  const own = await api.as('customer', fromTypeId('customer', payer.customerId));
  assert.equal((await own.allPages('/v1/transactions?counterpartyName=secret', 100)).flat().length, 1);
});

/** Walks a list that looks at three rows for each page; returns the pages. */
async function lookedThrough<Row, Place>(
  read: (after: Place | undefined) => Promise<{ rows: readonly Row[]; through: Place | undefined }>,
): Promise<Row[][]> {
  const pages: Row[][] = [];
  for (let after: Place | undefined; ; ) {
    assert.ok(pages.length < 100, 'a list ends');
    const { rows, through } = await read(after);
    pages.push([...rows]);
    if (through === undefined) return pages;
    after = through;
  }
}

test('a page looks at a bounded number of rows, and the next one goes on behind them', async () => {
  const { db } = api.bank.context;
  const filter = { currency: EUR, minAmountMinor: 3_000n, maxAmountMinor: 3_000n, limit: 100 };
  const lists = [
    ['transactions', listTransactions],
    ['outgoing_payments', listOutgoing],
    ['incoming_payments', listIncoming],
  ] as const;
  for (const [table, list] of lists) {
    const found = await lookedThrough<unknown, TransactionId & IncomingPaymentId>(async (after) => {
      const through = await lookBackFrom(db, 1, table, after, 3);
      return { rows: await list(db, 1, { ...filter, after, through }), through };
    });
    assert.ok(
      found.some((page) => page.length === 0),
      `${table}: a page may be empty`,
    );
    assert.equal(found.flat().length, (await list(db, 1, filter)).length, table);
  }
  const accountId = fromTypeId('account', payer.id);
  const lines = { counterpartyName: 'needle', limit: 100 };
  const found = await lookedThrough<unknown, bigint>(async (beforeSeq) => {
    const throughSeq = await lookBackLines(db, 1, accountId, { ...lines, beforeSeq }, 3n);
    const rows = await listAccountLines(db, 1, accountId, { ...lines, beforeSeq, throughSeq });
    return { rows, through: throughSeq };
  });
  assert.ok(found.length > 3);
  assert.equal(found.flat().length, 5);
});
