import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { created, openApi, refused } from '#test/support/api.ts';
import { type Breakage, CommitBreaker } from '#test/support/commit-breaker.ts';
import { type Act, commitActs } from './commit-acts.ts';

let opened: CommitBreaker | undefined;
after(() => opened?.close());
const api = await openApi({
  through: async (databaseUrl) => {
    opened = await CommitBreaker.open(databaseUrl);
    return opened.databaseUrl;
  },
});
const breaker = opened!;
const { keyed: KEYED, unkeyed: UNKEYED } = await commitActs(api);

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
