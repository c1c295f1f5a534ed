import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { waitUntil } from '#test/system/embedded/embedded-server.ts';
import { createCustomer, deposit, listAll, openAccount, send, textOf } from './bank-client.ts';
import { type FlorinProcess, Installation } from './florin-process.ts';
import { HeldBook, refusesRequests } from './held-book.ts';

const bank = new Installation({ after });
const kept = { customerId: '', accountId: '', ledgerAccounts: '' };

/** The bank's own ledger accounts with their ids: opened anew, they would have others. */
async function ledgerAccountsOf(url: string): Promise<string> {
  const { status, body } = await send(`${url}/v1/accounting/ledger-accounts`);
  assert.equal(status, 200);
  return JSON.stringify(body);
}

/** Signals a server in the middle of a deposit, which is to have its answer before the server ends. */
async function assertDrains(florin: FlorinProcess, url: string, signals: NodeJS.Signals[]): Promise<void> {
  const book = await HeldBook.hold(await bank.databaseUrl());
  const answer = deposit(url, kept.accountId, '12.34', randomUUID());
  await book.somebodyWaits();
  for (const signal of signals) florin.signal(signal);
  await refusesRequests(url);
  assert.ok(florin.isRunning, 'it ended with a request under way');
  await book.release();
  assert.equal((await answer).status, 201);
  assert.deepEqual(await florin.ended(), { exitCode: 0, signal: null });
  assert.ok(bank.isDatabaseStopped);
}

test('a first start says where everything is; SIGTERM lets it finish what it does and stop its database', async () => {
  const florin = bank.serve();
  const url = await florin.ready();
  assert.match(florin.stdout, /^Florin \d+\.\d+\.\d+ is running\.$/m);
  assert.match(florin.stdout, new RegExp(`^ +API +${url}/v1$`, 'm'));
  assert.match(florin.stdout, new RegExp(`^ +Docs +${url}/docs$`, 'm'));
  assert.match(florin.stdout, /^ +Database +embedded PostgreSQL \d+\.\d+ in (.+)$/m);
  assert.ok(florin.stdout.includes(` in ${bank.dataDir}\n`));
  const login = / Login +as admin@florin\.localhost, with the password in (.+)\n/.exec(florin.stdout)?.[1];
  assert.equal(login, join(bank.dataDir, 'admin-password'));
  assert.doesNotMatch(florin.stdout, /demo/i);

  kept.customerId = await createCustomer(url);
  kept.accountId = await openAccount(url, kept.customerId);
  kept.ledgerAccounts = await ledgerAccountsOf(url);
  await assertDrains(florin, url, ['SIGTERM']);
});

test('a second start finds everything there and seeds nothing, and two signals at once are one', async (t) => {
  const florin = bank.serve({ FLORIN_DEMO: 'on' });
  const url = await florin.ready();
  assert.doesNotMatch(florin.stdout, /demo/i);
  const customers = await listAll(`${url}/v1/customers`);
  assert.deepEqual(
    customers.map((customer) => textOf(customer, 'id')),
    [kept.customerId],
  );
  const account = await send(`${url}/v1/accounts/${kept.accountId}/balance`);
  assert.equal(JSON.stringify(account.body).includes('"posted":"12.34"'), true);
  assert.equal(await ledgerAccountsOf(url), kept.ledgerAccounts);
  await t.test('and only this machine reaches it', (t) => assertOnLoopbackOnly(t, url));
  await assertDrains(florin, url, ['SIGINT', 'SIGTERM']);
});

async function assertOnLoopbackOnly(t: { skip: (why: string) => void }, url: string): Promise<void> {
  const addresses = Object.values(networkInterfaces()).flatMap((one) => one ?? []);
  const outside = addresses.find(({ internal, family }) => !internal && family === 'IPv4');
  if (outside === undefined) return t.skip('this machine has no address but loopback');
  const { port } = new URL(url);
  await assert.rejects(fetch(`http://${outside.address}:${port}/health/live`), TypeError);
}

test('a bank that is no demo may listen on any address', async (t) => {
  const open = await Installation.prepared(t);
  const florin = open.serve({ HOST: '0.0.0.0' });
  const url = await florin.ready();
  assert.equal((await fetch(`${url}/v1/customers`)).status, 401);
  const addresses = Object.values(networkInterfaces()).flatMap((one) => one ?? []);
  const outside = addresses.find(({ internal, family }) => !internal && family === 'IPv4');
  if (outside !== undefined) {
    const { port } = new URL(url);
    assert.equal((await fetch(`http://${outside.address}:${port}/health/live`)).status, 200);
  }
  await florin.stop();
});

test('a start that a signal interrupts leaves no database running', async () => {
  const florin = bank.serve();
  await waitUntil(() => !bank.isDatabaseStopped);
  assert.deepEqual(await florin.stop('SIGINT'), { exitCode: 0, signal: null });
  assert.ok(bank.isDatabaseStopped);
});

test('two first starts at once share one bank, and the last one out stops its database', async (t) => {
  const shared = new Installation(t);
  const [one, other] = [shared.serve(), shared.serve()];
  const [oneUrl, otherUrl] = await Promise.all([one.ready(), other.ready()]);
  assert.notEqual(oneUrl, otherUrl);
  assert.equal(await ledgerAccountsOf(oneUrl), await ledgerAccountsOf(otherUrl));
  const customerId = await createCustomer(oneUrl);
  assert.equal((await send(`${otherUrl}/v1/customers/${customerId}`)).status, 200);

  assert.equal((await one.stop()).exitCode, 0);
  assert.equal((await send(`${otherUrl}/v1/customers/${customerId}`)).status, 200);
  assert.ok(!shared.isDatabaseStopped);
  assert.equal((await other.stop()).exitCode, 0);
  assert.ok(shared.isDatabaseStopped);
});
