import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { AccountView } from '#features/accounts/schemas.ts';
import { type Answer, cash, created, move, openApi, person, refused } from '#test/support/api.ts';
import { newKey } from '#test/support/bank.ts';
import { type Breakage, CommitBreaker } from '#test/support/commit-breaker.ts';
import { Lending } from './loans.ts';

let opened: CommitBreaker | undefined;
after(() => opened?.close());
const api = await openApi({
  through: async (databaseUrl) => {
    opened = await CommitBreaker.open(databaseUrl);
    return opened.databaseUrl;
  },
});
const breaker = opened!;
const lending = new Lending(api);

const account = await api.newAccount({ balance: '10000.00' });
const other = await api.newAccount({ balance: '100.00' });

/** The disk answers EIO or is full, and the server that commits dies; an administrator ends it; the network goes. */
const UNKNOWN: [name: string, breakage: Breakage][] = [
  ['the connection is lost before COMMIT arrives', 'cut before'],
  ['the answer to COMMIT is lost', 'cut after'],
  ['the disk fails', { severity: 'PANIC', sqlState: '58030' }],
  ['the disk is full', { severity: 'PANIC', sqlState: '53100' }],
  ['PostgreSQL trips over itself', { severity: 'PANIC', sqlState: 'XX000' }],
  ['the backend is terminated', { severity: 'FATAL', sqlState: '57P01' }],
];

const ROLLED_BACK: Breakage = { severity: 'ERROR', sqlState: '53100' };

type Act = () => Promise<Answer>;
type Acts = Readonly<Record<string, () => Promise<Act>>>;

/** An act of each way to commit: made ready, and then the call that commits. */
const KEYED: Acts = {
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
    pay(`/v1/outgoing-payments/${(await newOutgoing(account)).id}/settle`, {}),
};

const UNKEYED: Acts = {
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

for (const [name, breakage] of UNKNOWN) {
  test(`a transfer is outcome_unknown when ${name} at COMMIT, and its key settles it`, async () => {
    await assertSettled(await KEYED.transfer!(), breakage);
  });
}

for (const [name, prepare] of Object.entries(KEYED)) {
  test(`${name}: outcome_unknown when PostgreSQL dies of a failed disk at COMMIT, and the key settles it`, async () => {
    await assertSettled(await prepare(), { severity: 'PANIC', sqlState: '58030' });
  });

  test(`${name}: database_unavailable, and nothing done, when PostgreSQL says at COMMIT that it rolled back`, async () => {
    const act = await prepare();
    breaker.breakNext(ROLLED_BACK);
    refused(await api.leavesNothing(act), 503, 'database_unavailable');
    assert.ok(breaker.isSpent);
    const answer = await act();
    created(answer);
    assert.equal(answer.headers.get('idempotent-replayed'), null);
  });
}

for (const [name, prepare] of Object.entries(UNKEYED)) {
  test(`${name}: outcome_unknown when PostgreSQL dies of a failed disk at COMMIT`, async () => {
    const act = await prepare();
    breaker.breakNext({ severity: 'PANIC', sqlState: '58030' });
    refused(await act(), 503, 'outcome_unknown');
    assert.ok(breaker.isSpent);
  });
}

for (const name of ['customer', 'account', 'settings of the bank', 'product', 'end of a day']) {
  test(`${name}: outcome_unknown when the database is gone before what was committed can be read`, async () => {
    const act = await UNKEYED[name]!();
    breaker.breakNext('gone after');
    refused(await act(), 503, 'outcome_unknown');
    breaker.mend();
  });
}

test('settlement of an outgoing payment: the same, and the key settles it', async () => {
  const act = await KEYED['settlement of an outgoing payment']!();
  breaker.breakNext('gone after');
  refused(await act(), 503, 'outcome_unknown');
  breaker.mend();
  assert.equal((await act()).headers.get('idempotent-replayed'), 'true');
});

test('the books hold after all of it', () => api.assertVerified());

async function assertSettled(act: Act, breakage: Breakage): Promise<void> {
  breaker.breakNext(breakage);
  refused(await act(), 503, 'outcome_unknown');
  assert.ok(breaker.isSpent);
  const again = await act();
  created(again);
  assert.equal(again.headers.get('idempotent-replayed'), breakage === 'cut before' ? null : 'true');
  assert.deepEqual((await api.leavesNothing(act)).text, again.text);
}

function pay(path: string, body: Readonly<Record<string, unknown>>): Act {
  const key = newKey();
  return () => api.pay(path, body, key);
}

async function newHold(): Promise<{ readonly id: string }> {
  const body = { accountId: account.id, amount: '1.00', currency: 'EUR' };
  return created(await api.pay<{ readonly id: string }>('/v1/holds', body));
}

async function newOutgoing(from: AccountView): Promise<{ readonly id: string }> {
  const body = {
    fromAccountId: from.id,
    toIban: 'NL91ABNA0417164300',
    toName: 'Grace Hopper',
    amount: '1.00',
    currency: 'EUR',
  };
  return created(await api.pay('/v1/transfers', body));
}
