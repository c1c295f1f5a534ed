import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import pg from 'pg';
import type { LoanView } from '#features/loans/schemas.ts';
import { fromTypeId, randomIds } from '#lib/ids.ts';
import { isoDate } from '#lib/time/dates.ts';
import { badFields, created, openApi, refused } from '#test/support/api.ts';
import { TEST_CALLER } from '#test/support/bank.ts';
import { Lending } from './loans.ts';

/** Twelve hours ahead of UTC in July, thirteen in January. */
const api = await openApi();
await api.editBook("time_zone = 'Pacific/Auckland'");

/** The last moment of 1 July, the first and the last of 2 July, and the first of 3 July; two of them are the same one. */
const MOMENTS = [
  '2026-07-01T11:59:59.999999Z',
  '2026-07-01T12:00:00Z',
  '2026-07-02T11:59:59.999998Z',
  '2026-07-02T11:59:59.999999Z',
  '2026-07-02T11:59:59.999999Z',
  '2026-07-02T12:00:00Z',
];
const lending = new Lending(api);
const { id: productId } = await lending.newProduct();

/** Everything of a kind that the bank has, made in the opposite order of the moments at which it says it was. */
const made: Record<'customers' | 'accounts' | 'loans', string[]> = { customers: [], accounts: [], loans: [] };
for (const moment of MOMENTS.toReversed()) {
  const customer = await api.newCustomer();
  const account = await api.newAccount({ customerId: customer.id });
  const loan: LoanView = created(await lending.applyTo(account, productId));
  await createdAt('customers', 'customer_id', fromTypeId('customer', customer.id), moment);
  await createdAt('accounts', 'account_id', fromTypeId('account', account.id), moment);
  await createdAt('loans', 'loan_id', fromTypeId('loan', loan.id), moment);
  made.customers.unshift(customer.id);
  made.accounts.unshift(account.id);
  made.loans.unshift(loan.id);
}

async function createdAt(table: string, key: string, id: string, moment: string): Promise<void> {
  await api.asOwner(`update ${table} set created_at = '${moment}' where ${key} = '${id}'`);
}

type Listed = { readonly id: string; readonly createdAt: string };
const KINDS = ['customers', 'accounts', 'loans'] as const;

/** Which of the moments are listed, in this order. */
async function listed(kind: (typeof KINDS)[number], query: string, limit = 100): Promise<number[]> {
  const rows = (await api.allPages<Listed>(`/v1/${kind}?${query}`, limit)).flat();
  return rows.map(({ id }) => made[kind].indexOf(id));
}

/** Two of one moment are listed by their ids, the newest first. */
const SAME_MOMENT = [3, 4];

for (const kind of KINDS) {
  test(`${kind} are listed by the dates of the bank on which they were created, both included`, async () => {
    const day = await listed(kind, 'createdFrom=2026-07-02&createdTo=2026-07-02');
    assert.deepEqual(day, [...SAME_MOMENT, 2, 1]);
    assert.deepEqual(await listed(kind, 'createdFrom=2026-07-03'), [5]);
    assert.deepEqual(await listed(kind, 'createdTo=2026-07-01'), [0]);
    assert.deepEqual(await listed(kind, 'createdFrom=2026-07-04&createdTo=2026-07-04'), []);
  });

  test(`${kind} created in a range come page by page, none twice and none missing`, async () => {
    const whole = await listed(kind, 'createdFrom=2026-07-01');
    assert.deepEqual(whole, [5, ...SAME_MOMENT, 2, 1, 0]);
    for (const limit of [1, 2, 4])
      assert.deepEqual(await listed(kind, 'createdFrom=2026-07-01', limit), whole);
  });

  test(`a range of ${kind} that is no range is refused, and a cursor of another one`, async () => {
    const path = `/v1/${kind}`;
    for (const wrong of ['2026-02-30', 'today', '2026-07-01T00:00:00Z', '']) {
      assert.deepEqual(badFields(await api.get(`${path}?createdFrom=${wrong}`)), ['createdFrom']);
    }
    assert.deepEqual(badFields(await api.get(`${path}?createdFrom=2026-07-02&createdTo=2026-07-01`)), [
      'createdTo',
    ]);
    const { nextCursor } = created(
      await api.get<{ nextCursor: string }>(`${path}?createdFrom=2026-07-01&limit=2`),
    );
    refused(await api.get(`${path}?limit=2&cursor=${nextCursor}`), 400, 'validation_failed');
  });
}

const { customers, accounts, loans } = api.bank;
const range = { createdFrom: isoDate('2026-07-01'), createdTo: isoDate('2026-07-02'), limit: 25 };
const after = { after: randomIds.next() as never, afterCreated: '2026-07-02T00:00:00Z' };
for (const [kind, list] of [
  ['customers', () => customers.list(TEST_CALLER, { ...range, ...after })],
  ['accounts', () => accounts.list(TEST_CALLER, { ...range, ...after })],
  ['loans', () => loans.list(TEST_CALLER, { ...range, ...after })],
] as const) {
  test(`a page of ${kind} created in a range is read in the order of an index`, async () => {
    const sent = mock.method(pg.Client.prototype, 'query');
    await list();
    sent.mock.restore();
    const text = sent.mock.calls
      .map(textOf)
      .find((one) => one.includes('created_at desc') || one.includes('"created_at" desc'));
    assert.ok(text !== undefined, 'the list was asked for');
    await api.asOwner(
      "set enable_seqscan = off; set enable_sort = off; set plan_cache_mode = 'force_generic_plan'",
    );
    const plan = await api.asOwner<{ 'QUERY PLAN': string }>(`explain (generic_plan, costs off) ${text}`);
    const lines = plan.map((row) => row['QUERY PLAN']);
    assert.ok(
      lines.some((line) => line.includes(`Scan Backward using ${kind}_created`)),
      lines.join('\n'),
    );
    assert.ok(!lines.some((line) => /Sort Key: [acl]\.created_at/.test(line)), lines.join('\n'));
  });
}

/** The text of a statement that was sent. */
function textOf({ arguments: [config] }: { readonly arguments: readonly unknown[] }): string {
  if (typeof config === 'string') return config;
  return typeof config === 'object' && config !== null && 'text' in config ? String(config.text) : '';
}

test('a search for a name, and another order of loans, are narrowed to what was created in a range', async () => {
  const range = 'createdFrom=2026-07-02&createdTo=2026-07-02';
  const byId = [1, 2, ...SAME_MOMENT];
  for (const limit of [1, 3, 100]) {
    assert.deepEqual(await listed('customers', `q=ada&${range}`, limit), byId);
    assert.deepEqual(await listed('loans', `order=next_due_date&${range}`, limit), byId);
  }
});
