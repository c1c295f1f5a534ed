import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import pg from 'pg';
import { createServices, type Services } from '#bank/services.ts';
import { openDatabase, PLANS_MADE_ONCE } from '#db/database.ts';
import { type AccountId, randomIds } from '#lib/ids.ts';
import { EUR, newKey, openTestBank, TEST_CALLER } from '#test/support/bank.ts';
import { TEST_DATA_KEY } from '#test/support/data-key.ts';

/** Tables of a few rows a book; the others grow with its customers and its days. */
const SMALL = new Set([
  'books',
  'closing_requests',
  'limited_books',
  'charged_books',
  'currencies',
  'products',
  'role_limits',
]);
/** An index of nothing but the bank's own ledger accounts: some for each currency. */
const SMALL_INDEXES = new Set(['ledger_accounts_internal']);
/** Ten times the customers that a bank had when its plans were made. */
const MORE_CUSTOMERS = 1_000;

type Plan = {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly 'Index Cond'?: string;
  readonly Plans?: readonly Plan[];
};

const bank = await openTestBank();

async function asOwner(text: string, values: readonly unknown[] = []): Promise<void> {
  const client = new pg.Client({ connectionString: bank.databaseUrl });
  await client.connect();
  try {
    await client.query(text, [...values]);
  } finally {
    await client.end();
  }
}

/** All statements that the services send while they work: the driver is watched, not replaced. */
async function statementsOf(work: (services: Services) => Promise<unknown>): Promise<string[]> {
  const { db, postingPool, close } = openDatabase({ databaseUrl: bank.databaseUrl, clock: bank.clock });
  const sent = mock.method(pg.Client.prototype, 'query');
  try {
    const { clock } = bank;
    await work(createServices({ db, postingPool, bookId: 1, clock, ids: randomIds, dataKey: TEST_DATA_KEY }));
  } finally {
    sent.mock.restore();
    await close();
  }
  const texts = sent.mock.calls.flatMap(({ arguments: [config] }) => textsOf(config));
  return [...new Set(texts)].filter((text) => /^\s*(select|insert|update|delete|with)\b/.test(text));
}

/** A flight has several. */
function textsOf(config: unknown): string[] {
  if (typeof config === 'string') return [config];
  if (typeof config !== 'object' || config === null) return [];
  if ('statements' in config && Array.isArray(config.statements)) return config.statements.flatMap(textsOf);
  return 'text' in config ? [String(config.text)] : [];
}

/** Where a plan, kept, would read a whole table or all of a book's part of it. */
async function wholeReads(text: string): Promise<string[]> {
  const client = new pg.Client({
    connectionString: bank.databaseUrl,
    options: `-c role=florin_app -c florin.book_id=1 ${PLANS_MADE_ONCE}`,
  });
  await client.connect();
  try {
    const { rows } = await client.query(`explain (generic_plan, format json) ${text}`);
    return scansOf(rows[0]['QUERY PLAN'][0].Plan)
      .filter((scan) => !SMALL.has(scan['Relation Name'] ?? '') && !isByKey(scan))
      .map((scan) => `${scan['Node Type']} of ${scan['Relation Name']} on ${scan['Index Cond']}: ${text}`);
  } finally {
    await client.end();
  }
}

function scansOf(plan: Plan): Plan[] {
  const isScan = plan['Relation Name'] !== undefined && plan['Node Type'].endsWith('Scan');
  return [...(isScan ? [plan] : []), ...(plan.Plans ?? []).flatMap(scansOf)];
}

/** By its place, or by an index of which more than the book is given. */
function isByKey(scan: Plan): boolean {
  if (scan['Node Type'] === 'Tid Scan' || SMALL_INDEXES.has(scan['Index Name'] ?? '')) return true;
  return /\((?!book_id\b)\w+ (=|>|<|>=|<=) /.test(scan['Index Cond'] ?? '');
}

/** One of everything that is posted through the queue. */
async function postEach({ transactions }: Services, from: AccountId, to: AccountId): Promise<void> {
  const money = { amountMinor: 1n, currency: EUR };
  const keyed = () => ({ caller: TEST_CALLER, idempotencyKey: newKey() });
  // With locks, and then in one flight.
  for (const _ of [1, 2]) {
    await transactions.transfer({ ...keyed(), fromAccountId: from, to: { accountId: to }, ...money });
  }
  await transactions.deposit({ ...keyed(), accountId: from, mode: 'cash', ...money });
  await transactions.withdraw({ ...keyed(), accountId: from, mode: 'cash', ...money });
}

/** An account whose payments cost something, the first of the bank. */
async function openWithFees(): Promise<AccountId> {
  const fees = ['withdrawal', 'transfer'].map((event) => ({
    code: event,
    name: 'Fee',
    event,
    amount: '0.05',
  }));
  const product = { code: 'dear', currency: EUR, kind: 'current', name: 'Dear', accounting: {} } as const;
  await bank.products.create(TEST_CALLER, { ...product, terms: { fees, overdraft: { allowed: true } } });
  const opened = { product: 'dear', currency: EUR, overdraftLimitMinor: 1_000n };
  return (await bank.accounts.open(TEST_CALLER, { ...opened, customerId: await bank.newCustomer() })).id;
}

/** Each look-up that a read of the API makes. */
async function lookUpEach({ accounts, transactions }: Services, id: AccountId): Promise<void> {
  await accounts.get(TEST_CALLER, id);
  await accounts.balance(TEST_CALLER, id);
  const [line] = await transactions.listLines(TEST_CALLER, id, { limit: 10 });
  assert.ok(line !== undefined);
  await transactions.get(TEST_CALLER, line.id);
}

const posting: string[] = [];
const lookUps: string[] = [];

async function refuseWholeReads(): Promise<void> {
  const found: string[] = [];
  for (const text of [...posting, ...lookUps]) found.push(...(await wholeReads(text)));
  assert.deepEqual(found, []);
}

/** Customers' ledger accounts, and keys of requests, that nobody analyses. */
async function addRows(): Promise<void> {
  await asOwner(
    `insert into ledger_accounts (book_id, ledger_account_id, kind, gl_code, currency, floor_minor)
     select 1, gen_random_uuid(), 'customer', '2000', 'EUR', 0 from generate_series(1, $1)`,
    [MORE_CUSTOMERS],
  );
  await asOwner(
    `insert into idempotency_keys (book_id, actor, idempotency_key, operation, request_hash, created_at)
     select 1, 'test', n::text, 'placeHold', sha256(n::text::bytea), now() from generate_series(1, $1) as n`,
    [MORE_CUSTOMERS],
  );
}

test('what is posted or looked up finds each row by its key, as planned in an empty bank', async () => {
  const [from, to] = [await bank.newAccount({ balanceMinor: 100n }), await bank.newAccount()];
  posting.push(...(await statementsOf((services) => postEach(services, from, to))));
  assert.ok(posting.some((text) => text.includes('update ledger_accounts')));
  assert.ok(posting.some((text) => text.includes('with moved as')));
  assert.ok(posting.some((text) => text.includes('as saved')));
  const dear = await openWithFees();
  const withFees = await statementsOf(async (services) => {
    for (const payer of [dear, from, from]) await postEach(services, payer, to);
  });
  posting.push(...withFees);
  for (const part of ['as later', 'insert into fee_lines']) {
    assert.ok(posting.some((text) => text.includes(part)));
  }
  lookUps.push(...(await statementsOf((services) => lookUpEach(services, from))));
  assert.ok(lookUps.length > 1 && lookUps.every((text) => text.includes('asked')));
  await refuseWholeReads();
});

test('… in a bank that was analysed while it was empty', async () => {
  await asOwner('analyze');
  await refuseWholeReads();
});

test('… in a bank that has grown since', async () => {
  await addRows();
  await refuseWholeReads();
});

test('… in one that is analysed', async () => {
  await asOwner('analyze');
  await refuseWholeReads();
});
