import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import pg from 'pg';
import type { SealedTable } from '#db/changed-rows.ts';
import { inTransaction } from '#db/transaction.ts';
import { type Finding, sealAll, verifyTrail } from '#features/audit/contract.ts';
import { sealStates } from '#features/audit/seal-states.ts';
import { SEALED_TABLES } from '#features/audit/sealed-tables.ts';
import { findChangedStates } from '#features/audit/verify-states.ts';
import { fromTypeId, toTypeId } from '#lib/ids.ts';
import { Lending } from '#test/database/api/loans.ts';
import { Depositing } from '#test/database/api/time-deposits.ts';
import { codeAt, login, newUser } from '#test/database/identity/users/staff.ts';
import { cash, created, openApi } from '#test/support/api.ts';
import { newKey } from '#test/support/bank.ts';
import { brokenLaws } from '#test/support/verified.ts';

const closers: (() => Promise<void>)[] = [];
after(async () => {
  for (const close of closers) await close();
});
const api = await openApi();
const { context } = api.bank;
const owner = new pg.Client({ connectionString: api.bank.databaseUrl });
await owner.connect();
closers.push(() => owner.end());

const verify = async () => (await verifyTrail(api.bank.db, 1, { dataKey: context.dataKey })).finding;

/** Something in every table whose rows are sealed. */
async function fillBank(): Promise<void> {
  const admin = await api.as('admin');
  const lending = new Lending(api);
  const [one, other] = [await api.newAccount({ balance: '500.00' }), await api.newAccount()];
  const { id: joint } = await api.newCustomer();
  created(await api.post(`/v1/accounts/${one.id}/holders`, { customerId: joint, role: 'joint' }));
  const { id: asked } = await api.newCustomer();
  created(await api.post(`/v1/accounts/${one.id}/invitations`, { customerId: asked, role: 'joint' }));
  created(await api.raw('PUT', `/v1/accounts/${one.id}/limits`, '{"perDay":"400.00"}'));
  created(await api.raw('PUT', '/v1/limits', '{"currency":"EUR","perDay":"9000.00"}'));
  created(await api.raw('PUT', '/v1/limits', '{"currency":"EUR","product":"current","perDay":"900.00"}'));
  const roleLimit = { role: 'teller', currency: 'EUR', perTransaction: null, perDay: '5000.00' };
  created(await (await api.as('manager')).raw('PUT', '/v1/role-limits', JSON.stringify(roleLimit)));
  created(
    await admin.raw('PUT', '/v1/login-policy', '{"staffSecondFactor":false,"changeFirstPassword":false}'),
  );
  const beneficiaries = `/v1/customers/${one.customerId}/beneficiaries`;
  created(await api.pay(beneficiaries, { name: 'Grace', accountId: other.id }));
  const order = { fromAccountId: one.id, toAccountId: other.id, amount: '1.00', currency: 'EUR' };
  created(await api.pay('/v1/standing-orders', { ...order, frequency: 'monthly', startDate: '2026-02-02' }));
  const holding = { accountId: one.id, amount: '10.00', currency: 'EUR' };
  const { id: hold } = created(await api.pay<{ id: string }>('/v1/holds', holding));
  created(await api.pay(`/v1/holds/${hold}/capture`, {}));
  created(await api.pay('/v1/capture-settlements', { currency: 'EUR' }));
  const attached = { ...holding, amount: '0.01', reasonCode: 'tax', legalReference: '12 M 384/26' };
  created(await api.pay('/v1/attachments', attached));
  const item = { type: 'deposit', ...cash(one, '1.00') };
  created(await api.pay('/v1/transactions/batch', { mode: 'atomic', items: [item] }));
  const abroad = { fromAccountId: one.id, toIban: 'DE89370400440532013000', toName: 'Grace Hopper' };
  created(await api.pay('/v1/transfers', { ...abroad, amount: '4.00', currency: 'EUR' }));
  created(await api.pay('/v1/outgoing-payments/submit', { message: newKey() }));
  const incoming = { externalReference: newKey(), iban: one.iban, amount: '7.00', currency: 'EUR' };
  created(await api.pay('/v1/incoming-payments', incoming));
  const loan = await lending.newLoan(one);
  created(await api.pay(`/v1/loans/${loan.id}/parties`, { customerId: joint, role: 'guarantor' }));
  const collateral = { kind: 'vehicle', description: 'A car', value: '900.00', valuedOn: '2026-01-10' };
  created(await api.pay(`/v1/loans/${loan.id}/collateral`, collateral));
  created(await admin.post('/v1/api-keys', { name: 'payroll', scopes: ['accounts:read'] }));
  created(await api.post('/v1/holidays', { date: '2026-12-25', name: 'Christmas' }));
  created(await api.raw('PUT', '/v1/reference-rates/BASE', '{"rate":"2.15"}'));
  const line = (glAccount: string, side: string) => ({ glAccount, side, amount: '1.00', currency: 'EUR' });
  const lines = [line('1000', 'debit'), line('3000', 'credit')];
  created(await api.pay('/v1/accounting/journal-entries', { lines, reason: 'capital paid in' }));
  const product = { code: 'earning', currency: 'EUR', kind: 'savings', name: 'Savings' };
  created(await api.post('/v1/products', product));
  const fees = [{ code: 'cash', name: 'Cash', event: 'withdrawal', amount: '0.10' }];
  created(await api.post('/v1/products', { ...product, code: 'charging', fees }));
  await api.withdraw(await api.newAccount({ product: 'charging', balance: '5.00' }), '1.00');
  const exemptions = [{ reason: 'A certificate', from: '2026-01-01' }];
  const exempt = `/v1/customers/${one.customerId}/tax-exemptions`;
  created(await api.raw('PUT', exempt, JSON.stringify({ exemptions })));
  const depositing = new Depositing(api);
  await depositing.define('fixed_term');
  await depositing.opened({ amount: '100.00' });
  created(await api.post('/v1/exchange-rates', { pair: 'EUR/USD', bid: '1.10', ask: '1.12' }));
  const dollars = await api.newAccount({ customerId: one.customerId, currency: 'USD' });
  const sold = { fromAccountId: one.id, toAccountId: dollars.id, amount: '1.00', currency: 'EUR' };
  created(await api.pay('/v1/conversions', sold));
  const { id: leaver } = await api.newCustomer();
  assert.equal((await api.delete(`/v1/customers/${leaver}`)).status, 204);
  const user = await newUser(api.bank);
  created(await admin.post(`/v1/users/${toTypeId('user', user.id)}/reset`, {}));
  const second = await newUser(api.bank);
  const { accessToken } = await login(api.bank, second);
  const own = api.withToken(() => Promise.resolve(accessToken));
  const { secret } = created(await own.raw<{ secret: string }>('POST', '/v1/auth/totp', ''));
  created(await own.post('/v1/auth/totp/confirm', { code: codeAt(secret, api.bank.clock.nowMs()) }));
  api.bank.clock.setMs(Date.UTC(2026, 1, 2, 12));
  created(await api.post('/v1/end-of-day', { until: '2026-02-02' }));
  created(await api.post('/v1/accounting/periods/2026-01/close', { reason: 'closed for January' }));
  created(await api.post('/v1/accounting/years/2025/close', { reason: 'nothing happened in it' }));
}

const tables = Object.keys(SEALED_TABLES) as SealedTable[];

/** Runs an edit as somebody who has the database, looks at what is named, and puts back what was there. */
async function planted(table: string, edit: string): Promise<Finding | undefined> {
  await owner.query(`drop table if exists before; create temporary table before as select * from ${table}`);
  try {
    const { rowCount } = await owner.query(edit);
    assert.ok(rowCount! > 0, `there is something in ${table} to edit`);
    return await verify();
  } finally {
    await owner.query(`delete from ${table}`);
    await owner.query(`insert into ${table} select * from before`);
  }
}

await fillBank();
await sealAll(context);
assert.equal(await verify(), undefined);
test('a change that the bank makes is sealed, and one that waits is not mistaken for another’s', async () => {
  const account = await api.newAccount({ balance: '10.00' });
  created(await api.patch(`/v1/accounts/${account.id}`, { overdraftLimit: '70.00' }, '*'));
  assert.equal(await verify(), undefined);
  await sealAll(context);
  assert.equal(await verify(), undefined);
  const key = fromTypeId('account', account.id);
  const setFloor = 'update ledger_accounts set floor_minor = $1 where ledger_account_id = $2';
  await owner.query(setFloor, [-7_001, key]);
  const finding = await verify();
  await owner.query(setFloor, [-7_000, key]);
  assert.deepEqual([finding?.tableName, finding?.rowId], ['ledger_accounts', key]);
});

test('who is erased takes what is theirs along, and nothing about them can be tried out', async () => {
  const account = await api.newAccount();
  const other = await api.newAccount();
  const path = `/v1/customers/${account.customerId}`;
  created(await api.pay(`${path}/beneficiaries`, { name: 'Grace', accountId: other.id }));
  const order = { fromAccountId: account.id, toAccountId: other.id, amount: '1.00', currency: 'EUR' };
  const made = created(
    await api.pay<{ id: string }>('/v1/standing-orders', {
      ...order,
      frequency: 'monthly',
      startDate: '2026-05-02',
    }),
  );
  await sealAll(context);
  created(await api.post(`/v1/standing-orders/${made.id}/cancel`, {}));
  created(await api.post(`/v1/accounts/${account.id}/close`, { reason: 'moving' }));
  created(await api.post(`${path}/close`, {}));
  const erased = await api.post(`${path}/erase`, { reason: 'Art. 17 GDPR', overrideRetention: true });
  assert.equal(erased.status, 204, erased.text);
  assert.equal(await verify(), undefined);
  await sealAll(context);
  assert.equal(await verify(), undefined);
  const customer = fromTypeId('customer', account.customerId);
  const finding = await planted(
    'deleted_customers',
    `delete from deleted_customers where customer_id = '${customer}'`,
  );
  assert.deepEqual([finding?.tableName, finding?.rowId], ['deleted_customers', customer]);
});

test('from here on nothing but the seal guards the rows', async () => {
  const { rows } = await owner.query<{ statement: string }>(`
    select format('alter table %s drop constraint %I', conrelid::regclass, conname) as statement
    from pg_constraint where contype in ('c', 'f') and connamespace = 'public'::regnamespace`);
  for (const { statement } of rows) await owner.query(statement);
});

describe('a row that somebody edits by SQL is named:', () => {
  const edits: readonly (readonly [string, SealedTable, string])[] = [
    [
      'an overdraft floor',
      'ledger_accounts',
      `update ledger_accounts set floor_minor = -1 where floor_minor = 0`,
    ],
    [
      'who is frozen',
      'ledger_accounts',
      `update ledger_accounts set status = 'frozen' where kind = 'customer'`,
    ],
    ['a payee', 'beneficiaries', `update beneficiaries set iban = 'DE89370400440532013000'`],
    ['a standing order', 'standing_orders', 'update standing_orders set amount_minor = 1'],
    ['the limits of an account', 'account_limits', 'update account_limits set per_day_minor = null'],
    ['the limits of the bank', 'book_limits', 'update book_limits set own_transfers_count = false'],
    ['the limits of a role', 'role_limits', 'update role_limits set per_day_minor = null'],
    ['a role', 'users', `update users set role = 'admin' where role = 'teller'`],
    ['a password', 'users', `update users set password_hash = '$argon2id$mine'`],
    ['who did something to a loan', 'loan_events', `update loan_events set actor = 'nobody'`],
    [
      'when it was done',
      'loan_events',
      `update loan_events set created_at = created_at - interval '1 second'`,
    ],
    [
      'the answer to a batch',
      'transaction_batches',
      `update transaction_batches set transaction_ids = '{null}'`,
    ],
    [
      'where a payment goes',
      'transactions',
      `update transactions set counterparty_account = 'X' where type = 'outgoing_payment'`,
    ],
    ['the terms of a product', 'loan_products', `update loan_products set conditions = '{}'`],
    ['a guarantor', 'loan_parties', `update loan_parties set share_percent = '1'`],
    ['what a key may do', 'api_keys', `update api_keys set scopes = '{*}'`],
  ];
  for (const [what, table, edit] of edits) {
    test(what, async () => {
      const finding = await planted(table, edit);
      assert.equal(finding?.tableName, table, JSON.stringify(finding));
      assert.match(finding?.reason ?? '', /not as it was sealed/);
    });
  }
});

test('a row of any of these tables that is deleted is named, and one that is put in', async () => {
  for (const table of tables) {
    const { from } = SEALED_TABLES[table];
    const which =
      from === undefined ? 'true' : 'transaction_id in (select transaction_id from outgoing_payments)';
    const gone = await planted(table, `delete from ${table} where ${which}`);
    assert.deepEqual([gone?.tableName, gone?.reason], [table, 'the row is missing'], JSON.stringify(gone));
  }
  const [iban, id] = ['DE89370400440532013000', '00000000-0000-7000-8000-000000000001'];
  const put = await planted(
    'beneficiaries',
    `insert into beneficiaries select (jsonb_populate_record(b, '{"iban": "${iban}", "beneficiary_id": "${id}"}')).*
     from beneficiaries b limit 1`,
  );
  assert.deepEqual([put?.tableName, put?.rowId], ['beneficiaries', id]);
  assert.match(put?.reason ?? '', /put in by something other/);
});

test('a fingerprint that is changed along with its row, or taken away, is named by its sheet', async () => {
  for (const edit of [
    `update sealed_states set fingerprint = sha256('') where table_name = 'beneficiaries'`,
    `delete from sealed_states where table_name = 'beneficiaries' and row_key = ''`,
    `update state_sheets set salt = '0123456789abcdef'`,
    'delete from state_sheets where sheet_number = (select max(sheet_number) from state_sheets)',
  ]) {
    const finding = await planted(edit.includes('sheets ') ? 'state_sheets' : 'sealed_states', edit);
    assert.match(finding?.reason ?? '', /^the sheet of fingerprints/, edit);
  }
});

test('rows from before there were fingerprints are taken up some time after the upgrade, in parts', async () => {
  await owner.query('create temporary table kept as select * from sealed_states');
  for (const table of ['sealed_states', 'state_sheets', 'state_sealing'])
    await owner.query(`delete from ${table}`);
  await owner.query(`delete from audit_log where operation = 'sealStates'`);
  await owner.query(`insert into state_sealing (book_id, starts_at) values (1, $1)`, [
    new Date(api.bank.clock.nowMs() + 60_000),
  ]);
  assert.equal(await sealStates(context), 0);
  api.bank.clock.setMs(api.bank.clock.nowMs() + 60_000);
  assert.ok((await sealStates(context, 7))! >= 7);
  for (let sheet = 0; sheet < 1_000; sheet++) if ((await sealStates(context, 7)) === 0) break;
  const options = { readOnlySnapshot: true };
  const find = () =>
    inTransaction(
      api.bank.db,
      async (tx) => (await findChangedStates(tx, 1, context.dataKey, 1))[0],
      options,
    );
  assert.equal(await find(), undefined);
  await owner.query(`update users set role = 'admin' where role = 'teller'`);
  assert.equal((await find())?.tableName, 'users');
});

test('a line of a customer that is deleted is named by the laws', async () => {
  await owner.query(`delete from transactions where type = 'deposit'`);
  const broken = (await brokenLaws(api.bank.databaseUrl)).map(({ name }) => name);
  const law = 'every entry that moved the money of customers who are still here has its transaction';
  assert.ok(broken.includes(law), broken.join());
});
