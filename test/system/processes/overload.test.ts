import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, test } from 'node:test';
import { query } from '#test/system/embedded/embedded-server.ts';
import { assertVerified } from './assert-verified.ts';
import { createCustomer, deposit, openAccount } from './bank-client.ts';
import { Installation } from './florin-process.ts';
import { HttpLoad } from './http-load.ts';

const ACCOUNTS = 50;

/** As many as are never refused: each waits for its answer. */
const CLIENTS = 256;
const WARM_UP_MS = 1_500;
const MEASURE_MS = 1_500;
const OFFER_MS = 2_500;

/** The deadline of every request. */
const DEADLINE_MS = 10_000;
/** Who is let in is to be answered in well under this. */
const SECOND_MS = 1_000;
/** An idle server answers in milliseconds; this machine does other work too. */
const PROMPT_MS = 2_000;

const bank = await Installation.prepared({ after }, { LOG_LEVEL: 'silent', FLORIN_RATE_LIMIT: 'off' });

test('twice the load that it sustains is answered or refused at once, and what is refused leaves nothing behind', async (t) => {
  const florin = bank.serve();
  const url = await florin.ready();
  const customerId = await createCustomer(url);
  const accounts: string[] = [];
  while (accounts.length < ACCOUNTS) accounts.push(await openAccount(url, customerId));

  const sustained = new HttpLoad(url, accounts);
  await sustained.repeat(CLIENTS, WARM_UP_MS);
  const measured = new HttpLoad(url, accounts);
  const perSecond = await measured.repeat(CLIENTS, MEASURE_MS);
  for (const load of [sustained, measured]) {
    assert.deepEqual(load.others, []);
    assert.equal(load.refusedMs.size, 0, 'clients that wait for their answers are refused nothing');
  }

  const offered = new HttpLoad(url, accounts);
  await offered.offer(2 * perSecond, OFFER_MS);
  const { acceptedMs, refusedMs } = offered;
  t.diagnostic(
    `sustained ${Math.round(perSecond)}/s; of twice that, ${describe('accepted', acceptedMs)}, ${describe('refused', refusedMs)}`,
  );
  assert.deepEqual(offered.others, []);
  assert.equal(acceptedMs.size + refusedMs.size, offered.sent);
  assert.ok(offered.sent > 1.9 * perSecond * (OFFER_MS / 1_000), 'the load was not offered');
  const last = percentile([...acceptedMs.values(), ...refusedMs.values()], 1);
  assert.ok(last < DEADLINE_MS, `somebody waited ${last} ms`);
  // Whoever is not refused is served: by a machine that found its second wind, or else too late.
  assert.ok(
    refusedMs.size > 0 || percentile([...acceptedMs.values()], 0.99) < SECOND_MS,
    'nobody was refused',
  );

  const askedMs = performance.now();
  const key = randomUUID();
  assert.equal((await deposit(url, accounts[0]!, '1.00', key)).status, 201);
  assert.ok(performance.now() - askedMs < PROMPT_MS);

  const entries = await query(await bank.databaseUrl(), 'select idempotency_key as key from journal_entries');
  const acknowledged = [sustained, measured, offered].flatMap((load) => [...load.acceptedMs.keys()]);
  const posted = new Set(entries.map((entry) => entry.key));
  assert.equal(posted.size, entries.length);
  assert.deepEqual(posted, new Set([...acknowledged, key]));
  await assertVerified(await bank.databaseUrl());
  assert.deepEqual(await florin.stop(), { exitCode: 0, signal: null });
});

function describe(name: string, answeredMs: ReadonlyMap<string, number>): string {
  const values = [...answeredMs.values()];
  const [median, late, last] = [0.5, 0.99, 1].map((share) => Math.round(percentile(values, share)));
  return `${values.length} ${name} (p50 ${median} ms, p99 ${late} ms, last ${last} ms)`;
}

function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
