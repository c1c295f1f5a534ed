import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, test } from 'node:test';
import { fromTypeId } from '#lib/ids.ts';
import { query } from '#test/system/embedded/embedded-server.ts';
import { assertVerified } from './assert-verified.ts';
import { type Answer, createCustomer, deposit, openAccount, send, textOf } from './bank-client.ts';
import { Installation, LINUX_ONLY, untilTrue } from './florin-process.ts';
import { FrozenDatabase } from './frozen-database.ts';
import { Clients } from './load.ts';

/** A commit takes a tenth of a second, so that one can be seen under way, and is when everything stops. */
const SLOW_DISK = { commit_delay: '100000', commit_siblings: '0' };
const FAST_DISK = { commit_delay: '0' };

/** Answers after which the clients are all at work. */
const BEGUN = 100;

/** What this machine's other work may add. */
const SLACK_MS = 1_500;
/** The deadline of every request while the database says nothing. */
const LIMIT_MS = 5_000 + SLACK_MS;
/** The deadline of a batch, which may have been at work for a while when everything stops. */
const BATCH_LIMIT_MS = 10_000 + SLACK_MS;
/** Probes wait a second. */
const PROBE_MS = 1_000 + SLACK_MS;

const bank = await Installation.prepared({ after }, { LOG_LEVEL: 'silent' });

test('while PostgreSQL stands still every request is answered 503 in time, and when it goes on so does the server', {
  skip: LINUX_ONLY,
}, async (t) => {
  const florin = bank.serve();
  const url = await florin.ready();
  const clients = await Clients.open(url);
  const customerId = await createCustomer(url);
  const [payer, payee] = [await openAccount(url, customerId), await openAccount(url, customerId)];
  const databaseUrl = await bank.databaseUrl();
  bank.configureDatabase(SLOW_DISK);

  const begun = Promise.withResolvers<void>();
  const work = clients.work(url, (count) => {
    if (count === BEGUN) begun.resolve();
  });
  await begun.promise;
  const batch = batchOf(10_000, payer, payee);
  const batchKey = randomUUID();
  const posting = within(BATCH_LIMIT_MS, () => send(`${url}/v1/transactions/batch`, batch, batchKey));
  await untilTrue(() => isHeld(databaseUrl, payer));
  await untilTrue(() => isCommitting(databaseUrl));
  const frozen = FrozenDatabase.freeze(bank.dataDir);
  t.after(() => frozen.thaw());
  const frozenMs = performance.now();
  const heardMs = work.then(() => performance.now());
  const postedMs = posting.then(() => performance.now());

  const reads = ['accounts', `accounts/${payer}`, 'transactions', 'accounting/trial-balance', 'products'];
  await Promise.all([
    ...reads.map((path) => refused(LIMIT_MS, () => send(`${url}/v1/${path}`))),
    refused(PROBE_MS, () => send(`${url}/health/ready`), /^not_ready$/),
    within(PROBE_MS, () => send(`${url}/health/live`)).then(({ status }) => assert.equal(status, 200)),
  ]);
  const heard = await work;
  const answered = Math.round((await heardMs) - frozenMs);
  assert.ok(answered < LIMIT_MS, `the clients were answered after ${answered} ms`);
  assert.equal(heard.unanswered, 0);
  // Its COMMIT had not been sent: it is known that nothing was done.
  assertRefused(await posting, /^database_unavailable$/);
  const batchMs = Math.round((await postedMs) - frozenMs);
  assert.ok(batchMs < LIMIT_MS, `the batch was answered after ${batchMs} ms`);
  // All the connections that were in use are cut off now, and new ones cannot be made.
  await Promise.all([
    refused(LIMIT_MS, () => deposit(url, payer, '1.00', randomUUID())),
    refused(LIMIT_MS, () => send(`${url}/v1/accounts/${payer}`)),
    refused(LIMIT_MS, () => send(`${url}/v1/transactions/batch`, batch, batchKey)),
    refused(PROBE_MS, () => send(`${url}/health/ready`), /^not_ready$/),
  ]);

  frozen.thaw();
  bank.configureDatabase(FAST_DISK);
  assert.equal((await send(`${url}/health/ready`)).status, 200);
  const settled = await clients.settle(url);
  t.diagnostic(
    `${heard.acknowledged} acknowledged, all others answered after ${answered} ms: ${heard.unknown} unknown and ${heard.undone} undone, of which ${settled.replayed} had happened and ${settled.posted} had not`,
  );
  assert.equal(settled.replayed + settled.posted, heard.unknown + heard.undone);
  await clients.assertBooksHoldExactlyThis(url, [payer, payee]);
  const repeated = await send(`${url}/v1/transactions/batch`, batch, batchKey);
  assert.equal(repeated.status, 200, JSON.stringify(repeated.body).slice(0, 500));
  assert.equal(repeated.replayed, false);
  const { body } = await send(`${url}/v1/accounts/${payee}/balance`);
  assert.match(JSON.stringify(body), /"100\.00"/);

  await assertVerified(await bank.databaseUrl());
  assert.deepEqual(await florin.stop(), { exitCode: 0, signal: null });
});

function batchOf(count: number, fromAccountId: string, toAccountId: string) {
  const item = { type: 'transfer', fromAccountId, toAccountId, amount: '0.01', currency: 'EUR' };
  return { mode: 'independent', items: Array.from({ length: count }, () => item) };
}

/** Whether somebody holds the account: nobody but the batch pays from it, and it lets go when it commits. */
async function isHeld(databaseUrl: string, accountId: string): Promise<boolean> {
  const id = fromTypeId('account', accountId);
  const lock = `select 1 from ledger_accounts where ledger_account_id = '${id}' for no key update skip locked`;
  return (await query(databaseUrl, lock)).length === 0;
}

/** A flight commits behind the last of its statements. */
async function isCommitting(databaseUrl: string): Promise<boolean> {
  const commits = `select 1 from pg_stat_activity
    where state = 'active' and (query = 'commit' or query like 'insert into unsealed_rows%')`;
  return (await query(databaseUrl, commits)).length > 0;
}

async function within<Result>(limitMs: number, ask: () => Promise<Result>): Promise<Result> {
  const askedMs = performance.now();
  const result = await ask();
  const passedMs = Math.round(performance.now() - askedMs);
  assert.ok(passedMs < limitMs, `answered after ${passedMs} ms`);
  return result;
}

async function refused(limitMs: number, ask: () => Promise<Answer>, code?: RegExp): Promise<void> {
  assertRefused(await within(limitMs, ask), code);
}

function assertRefused(answer: Answer, code = /^(database_unavailable|overloaded)$/): void {
  assert.equal(answer.status, 503, JSON.stringify(answer.body));
  assert.equal(answer.contentType, 'application/problem+json');
  assert.match(textOf(answer.body, 'code'), code);
}
