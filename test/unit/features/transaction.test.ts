import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Product, type ProductState } from '#features/products/product.ts';
import { cashCode } from '#features/transactions/resolve-payees.ts';
import { transactionView } from '#features/transactions/schemas.ts';
import {
  NOT_REVERSED,
  PAYMENT_MODES,
  TRANSACTION_TYPES,
  Transaction,
  type TransactionState,
} from '#features/transactions/transaction.ts';
import type { AccountId, TransactionId } from '#lib/ids.ts';
import type { Currency } from '#lib/money/currencies.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import { isoDate } from '#lib/time/dates.ts';

const OTHER = '01890a5d-ac96-774b-bcce-b302099a8057' as TransactionId;

const transaction = (fields: Partial<TransactionState> = {}) =>
  new Transaction({
    id: '00000000-0000-0000-0000-000000000001' as TransactionId,
    accountId: '00000000-0000-0000-0000-00000000000a' as AccountId,
    type: 'deposit',
    mode: 'cash',
    amountMinor: 1250n,
    currency: 'EUR' as Currency,
    counterpartyAccountId: undefined,
    balanceAfterMinor: -5n,
    payerName: undefined,
    settlement: undefined,
    reverses: undefined,
    ...NOT_REVERSED,
    businessDate: '2026-01-14' as IsoDate,
    valueDate: '2026-01-13' as IsoDate,
    postedAtMs: Date.UTC(2026, 0, 14, 12),
    sequence: undefined,
    ...fields,
  });

const REVERSED = { reversedBy: OTHER, reversedMinor: 1250n, isReversed: true };

test('a transaction is posted until all of it is reversed', () => {
  assert.equal(transaction().status, 'posted');
  assert.equal(transaction({ reversedBy: OTHER, reversedMinor: 1n }).status, 'posted');
  assert.equal(transaction(REVERSED).status, 'reversed');
});

test('every transaction may be reversed but a reversal, interest and the tax on it', () => {
  const refused = new Map([
    ['reversal', /repeat the transaction/],
    ['interest', /valueDate/],
    ['withholding_tax', /valueDate/],
  ]);
  for (const type of TRANSACTION_TYPES) {
    const check = () => transaction({ type }).assertReversible();
    const says = refused.get(type);
    if (says !== undefined) assert.throws(check, { status: 422, code: 'not_reversible', message: says });
    else check();
  }
});

test('a transaction as first answered knows nothing of its reversal, and is otherwise the same', () => {
  const reversed = transaction({ ...REVERSED, sequence: 7n, reference: 'R' });
  assert.equal(reversed.asFirstAnswered().status, 'posted');
  assert.deepEqual(reversed.asFirstAnswered().state, {
    ...reversed.state,
    ...NOT_REVERSED,
    holder: undefined,
    sequence: undefined,
  });
  assert.equal(reversed.status, 'reversed');
});

test('a transaction is shown in major units, with null for what is not known', () => {
  assert.deepEqual(transactionView(transaction({ type: 'reversal', reverses: OTHER })), {
    id: 'txn_00000000000000000000000001',
    type: 'reversal',
    mode: 'cash',
    status: 'posted',
    amount: '12.50',
    currency: 'EUR',
    accountId: 'acc_0000000000000000000000000a',
    counterpartyAccountId: null,
    counterparty: null,
    balanceAfter: '-0.05',
    payerName: null,
    reason: null,
    externalId: null,
    metadata: {},
    description: null,
    reference: null,
    purpose: null,
    sequence: null,
    settlement: null,
    reverses: 'txn_01h455vb4pex5vsknk084sn02q',
    reversedBy: null,
    reversedAmount: '0.00',
    businessDate: '2026-01-14',
    valueDate: '2026-01-13',
    createdAt: '2026-01-14T12:00:00.000Z',
  });
});

test('a counterparty outside the bank is shown with what is known of it', () => {
  const { counterparty } = transactionView(transaction({ counterparty: { bank: 'AB' } }));
  assert.deepEqual(counterparty, { name: null, bank: 'AB', bankCodeType: null, iban: null, account: null });
});

test('cash lies in the till, all else is on its way through clearing', () => {
  const codes = Object.fromEntries(PAYMENT_MODES.map((mode) => [mode, cashCode(mode)]));
  assert.deepEqual(codes, {
    cash: '1000',
    branch: '1000',
    atm: '1000',
    cheque: '1100',
    card: '1100',
    online: '1100',
  });
});

const product = (fields: Partial<ProductState>) =>
  new Product(
    {
      code: 'savings',
      currency: 'EUR' as Currency,
      kind: 'savings',
      name: 'Savings',
      glCode: '2100',
      overdraftAllowed: false,
      captureTolerancePercent: 0,
      status: 'active',
      ...fields,
    },
    isoDate('2026-01-05'),
  );

test('a retired product is no longer offered', () => {
  product({}).assertOffered();
  const retired = () => product({ status: 'retired' }).assertOffered();
  assert.throws(retired, { status: 422, code: 'product_retired' });
});

test('an overdraft above zero is for products that allow one', () => {
  product({}).assertOverdraft(0n);
  assert.throws(() => product({}).assertOverdraft(1n), { status: 422, code: 'overdraft_not_allowed' });
  product({ overdraftAllowed: true }).assertOverdraft(1n);
});
