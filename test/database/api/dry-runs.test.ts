import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AccountView } from '#features/accounts/schemas.ts';
import { fromTypeId } from '#lib/ids.ts';
import {
  type AccountWithIban,
  type Answer,
  badFields,
  cash,
  created,
  move,
  openApi,
  refused,
  triedOut,
} from '#test/support/api.ts';
import { newKey } from '#test/support/bank.ts';
import type { Tried } from './tried-out.ts';

const api = await openApi();

type Fields = Readonly<Record<string, unknown>>;

const tryOut = async (path: string, body: Fields, by = api): Promise<Tried> =>
  created(await by.raw<Tried>('POST', `${path}?dryRun=true`, JSON.stringify(body)));
const account = (fields: Fields = {}) => api.newAccount({ balance: '100.00', ...fields });
const setLimits = async ({ id }: AccountView, limits: Fields) =>
  created(await api.raw('PUT', `/v1/accounts/${id}/limits`, JSON.stringify(limits)));
const codes = ({ warnings }: Tried) => warnings.map(({ code }) => code);

/** An account of a product with a fee of 1.00 and 19 % tax for a withdrawal. */
async function withFee(balance: string): Promise<AccountWithIban> {
  const code = `dry_run_${newKey().slice(0, 8).replaceAll('-', '')}`;
  const tax = { name: 'VAT', percent: '19' };
  const fee = { code: 'cash', name: 'Cash', event: 'withdrawal', amount: '1.00', whenShort: 'queue', tax };
  created(
    await api.post('/v1/products', { code, currency: 'EUR', kind: 'current', name: 'Fees', fees: [fee] }),
  );
  return api.newAccount({ product: code, balance });
}

test('a dry run of a transfer says what it would do, and does nothing', async () => {
  const [from, to] = [await account(), await account({ balance: '5.00' })];
  const { result, ...shown } = await api.leavesNothing(() =>
    tryOut('/v1/transfers', move(from, to, '30.00')),
  );
  assert.deepEqual([result.type, result.amount, result.balanceAfter], ['transfer', '30.00', '70.00']);
  const money = { amount: '30.00', currency: 'EUR', glAccount: null };
  const [debit, credit] = [
    { ...money, side: 'debit', accountId: from.id, balanceBefore: '100.00', balanceAfter: '70.00' },
    { ...money, side: 'credit', accountId: to.id, balanceBefore: '5.00', balanceAfter: '35.00' },
  ];
  const dates = { businessDate: '2026-01-14', valueDate: '2026-01-14' };
  const balance = (posted: string) => ({ posted, held: '0.00', available: posted });
  const of = ({ id }: AccountView, before: string, after: string) => {
    return { accountId: id, currency: 'EUR', before: balance(before), after: balance(after) };
  };
  const balances = shown.balances.toSorted((one, other) =>
    one.before.posted.localeCompare(other.before.posted),
  );
  assert.deepEqual(
    { ...shown, balances },
    {
      entries: [{ kind: 'transfer', ...dates, lines: [debit, credit] }],
      entryCount: 1,
      balances: [of(from, '100.00', '70.00'), of(to, '5.00', '35.00')],
      fees: [],
      limits: [],
      warnings: [],
    },
  );
});

test('a dry run needs no key, looks at none and uses up none', async () => {
  const [from, to] = [await account(), await account()];
  const key = newKey();
  const send = (query: string, amount: string) =>
    api.post<Fields>(`/v1/transfers${query}`, move(from, to, amount), { 'idempotency-key': key });
  created(await send('?dryRun=true', '1.00'));
  const { id } = created(await send('', '2.00'));
  assert.equal((created(await send('?dryRun=true', '3.00')) as Tried).result.amount, '3.00');
  const again = await send('?dryRun=false', '2.00');
  assert.deepEqual([created(again).id, again.headers.get('idempotent-replayed')], [id, 'true']);
});

test('what a payment would cost is in its dry run, and what of it would wait is a warning', async () => {
  const { fees, entries, balances, warnings } = await tryOut(
    '/v1/withdrawals',
    cash(await withFee('20.00'), '10.00'),
  );
  assert.deepEqual(
    fees.map(({ status, amount, tax, total }) => [status, amount, tax, total]),
    [['charged', '1.00', '0.19', '1.19']],
  );
  assert.deepEqual(
    entries.flatMap(({ lines }) => lines.map(({ side, amount, glAccount }) => [side, amount, glAccount])),
    [
      ['debit', '10.00', null],
      ['credit', '10.00', '1000'],
      ['debit', '1.00', null],
      ['credit', '1.00', '4100'],
      ['debit', '0.19', null],
      ['credit', '0.19', '2620'],
    ],
  );
  assert.equal(balances[0]?.after.posted, '8.81');
  assert.deepEqual(warnings, []);
  const short = await tryOut('/v1/withdrawals', cash(await withFee('10.00'), '10.00'));
  assert.deepEqual([short.fees[0]?.status, codes(short)], ['due', ['fee_stays_due']]);
});

test('limits are shown as the payment would leave them: of the account, the beneficiary and the teller', async () => {
  const teller = await api.as('teller');
  const [from, to] = [await account(), await account()];
  await setLimits(from, { perDay: '50.00', perTransaction: '40.00' });
  const saved = { name: 'Grace', accountId: to.id, limitPerDay: '25.00' };
  const path = `/v1/customers/${from.customerId}/beneficiaries`;
  const { id: beneficiaryId } = created(await api.post<{ id: string }>(path, saved));
  created(await teller.pay('/v1/withdrawals', cash(from, '10.00')));
  const { toAccountId: _, ...payment } = move(from, to, '20.00');
  const { limits, warnings } = await tryOut('/v1/transfers', { ...payment, beneficiaryId }, teller);
  assert.deepEqual(
    limits.map(({ of, name, amount, used, left }) => [of, name, amount, used, left]),
    [
      ['account', 'perDay', '50.00', '30.00', '20.00'],
      ['beneficiary', 'perDay', '25.00', '20.00', '5.00'],
      ['teller', 'perDay', '30000.00', '30.00', '29970.00'],
    ],
  );
  assert.deepEqual(warnings, []);
  assert.deepEqual(codes(await tryOut('/v1/withdrawals', cash(from, '40.00'), teller)), ['limit_used_up']);
});

test('a dry run warns of an overdraft, arranged or not', async () => {
  const from = await api.newAccount({ overdraftLimit: '50.00', balance: '10.00' });
  assert.deepEqual(codes(await tryOut('/v1/withdrawals', cash(from, '10.00'))), []);
  assert.deepEqual(codes(await tryOut('/v1/withdrawals', cash(from, '10.01'))), ['uses_overdraft']);
  const mistaken = await api.deposit(from, '20.00');
  await api.withdraw(from, '80.00');
  const body = { reason: 'wrong account', overdrawReason: 'case 4711' };
  const tried = await tryOut(`/v1/transactions/${mistaken.id}/reverse`, body);
  assert.deepEqual(codes(tried), ['unarranged_overdraft']);
});

test('an independent batch is tried out item by item, as it would be posted', async () => {
  const [one, other] = [await account(), await account({ balance: '1.00' })];
  const items = [
    { type: 'transfer', ...move(one, other, '99.00') },
    { type: 'withdrawal', ...cash(one, '1.01') },
    { type: 'withdrawal', ...cash(other, '100.00') },
  ];
  const batch = { mode: 'independent', items };
  const tried = await api.leavesNothing(() => tryOut('/v1/transactions/batch', batch));
  const results = tried.result.results as readonly { status: string; code?: string }[];
  assert.deepEqual(
    results.map(({ status, code }) => code ?? status),
    ['posted', 'insufficient_funds', 'posted'],
  );
  assert.deepEqual([tried.entryCount, codes(tried)], [2, ['items_refused']]);
  const atomic = await api.raw(
    'POST',
    '/v1/transactions/batch?dryRun=true',
    JSON.stringify({ ...batch, mode: 'atomic' }),
  );
  refused(atomic, 422, 'batch_refused');
});

test('what is refused is refused in the same words, and a dry run of it leaves nothing either', async () => {
  const [from, to, dollars] = [await account(), await account(), await api.newAccount({ currency: 'USD' })];
  const frozen = await account();
  created(await api.post(`/v1/accounts/${frozen.id}/freeze`, { reason: 'lost' }));
  await setLimits(to, { perDay: '10.00' });
  const { id } = await api.deposit(to, '1.00');
  created(await api.pay(`/v1/transactions/${id}/reverse`, { reason: 'twice' }));
  const bad: readonly [string, Fields][] = [
    ['/v1/transfers', move(from, to, '100.01')],
    ['/v1/transfers', move(from, from, '1.00')],
    ['/v1/transfers', move(from, dollars, '1.00')],
    ['/v1/transfers', move(frozen, to, '1.00')],
    ['/v1/transfers', move(to, from, '10.01')],
    ['/v1/transfers', { ...move(from, to, '0.00'), description: '', surprise: 1 }],
    ['/v1/deposits', { ...cash(from, '1.00'), accountId: newKey() }],
    ['/v1/deposits', cash(from, '1.00', { valueDate: '2019-01-01', mode: 'pigeon' })],
    [`/v1/transactions/${id}/reverse`, { reason: 'thrice' }],
    [`/v1/holds/${newKey()}/capture`, {}],
  ];
  const told = ({ status, body }: Answer) => ({ status, ...(body as object), requestId: '' });
  for (const [path, body] of bad) {
    const tried = await api.leavesNothing(() => triedOut(() => api.pay(path, body)));
    assert.deepEqual(told(tried), told(await api.pay(path, body)), path);
    assert.ok(tried.status >= 400, path);
  }
});

test('an operation that offers no dry run refuses it, and so does a value that is not one of two', async () => {
  for (const path of ['/v1/customers', '/v1/holds', '/v1/outgoing-payments/settle']) {
    assert.ok(badFields(await api.post(`${path}?dryRun=true`, {})).includes('dryRun'), path);
  }
  const body = cash(await account(), '1.00');
  for (const value of ['yes', '1', '']) {
    const answer = await api.pay(`/v1/deposits?dryRun=${value}`, body);
    assert.deepEqual(badFields(answer), ['dryRun'], value);
  }
});

test('a customer’s user sees the own side of a dry run alone', async () => {
  const [from, to] = [await account(), await account()];
  const customer = await api.as('customer', fromTypeId('customer', from.customerId));
  const { entries, balances, result } = await tryOut('/v1/transfers', move(from, to, '1.00'), customer);
  assert.deepEqual(
    entries[0]?.lines.map(({ accountId, balanceAfter }) => [accountId, balanceAfter]),
    [
      [from.id, '99.00'],
      [to.id, null],
    ],
  );
  assert.deepEqual(
    balances.map(({ accountId }) => accountId),
    [from.id],
  );
  assert.equal(result.balanceAfter, '99.00');
  const foreign = await triedOut(() => customer.pay('/v1/transfers', move(to, from, '1.00')));
  refused(foreign, 404, 'not_found');
});

test('a key sees of a dry run what its scopes and bounds let it read', async () => {
  const admin = await api.as('admin');
  const [from, to] = [await account(), await account()];
  const keyWith = async (scopes: readonly string[], bounds: Fields = {}) => {
    const key = { name: 'Tries', scopes, ...bounds };
    const { token } = created(await admin.post<{ token: string }>('/v1/api-keys', key));
    return api.withToken(() => Promise.resolve(token));
  };
  const seen = async (by: typeof api) => {
    const { balances, entries } = await tryOut('/v1/transfers', move(from, to, '1.00'), by);
    return [balances.length, entries[0]?.lines.filter(({ balanceAfter }) => balanceAfter !== null).length];
  };
  assert.deepEqual(await seen(await keyWith(['transactions:write'])), [0, 0]);
  assert.deepEqual(await seen(await keyWith(['transactions:write', 'accounts:read'])), [2, 2]);
  const bound = await keyWith(['transactions:write', 'accounts:read'], { accounts: [from.id] });
  assert.deepEqual(await seen(bound), [1, 1]);
});

test('a currency that a dry run was the first to convert is converted afterwards', async () => {
  const [euros, yen] = [await account(), await api.newAccount({ currency: 'JPY' })];
  created(await api.post('/v1/exchange-rates', { pair: 'EUR/JPY', bid: '161.20', ask: '161.60' }));
  const body = { fromAccountId: euros.id, toAccountId: yen.id, amount: '10.00', currency: 'EUR' };
  const tried = await api.leavesNothing(() => tryOut('/v1/conversions', body));
  const { bought } = created(await api.pay<Fields>('/v1/conversions', body));
  assert.deepEqual([tried.result.bought, bought], ['1612', '1612']);
  assert.equal(await api.postedBalance(yen), '1612');
});

test('the books hold together', () => api.assertVerified());
