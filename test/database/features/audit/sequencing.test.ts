import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import pg from 'pg';
import type { Services } from '#bank/services.ts';
import { Sequencer, sealAll, sequenceAll } from '#features/audit/contract.ts';
import type { AccountId, TransactionId } from '#lib/ids.ts';
import { EUR, newKey, openTestBank, TEST_CALLER, withServers } from '#test/support/bank.ts';
import { brokenLaws } from '#test/support/verified.ts';

// Before the database is dropped.
after(() => owner.end());
const bank = await openTestBank();
const owner = new pg.Client({ connectionString: bank.databaseUrl });
await owner.connect();

async function deposit(account: AccountId, { transactions }: Pick<Services, 'transactions'> = bank) {
  const request = { caller: TEST_CALLER, idempotencyKey: newKey(), accountId: account } as const;
  const answer = await transactions.deposit({ ...request, amountMinor: 100n, currency: EUR, mode: 'cash' });
  return answer.transaction.state.id;
}

/** The entries that have a number, in their order. */
async function numbered(): Promise<TransactionId[]> {
  const { rows } = await owner.query<{ id: TransactionId }>(
    'select entry_id as id from sequenced_entries order by sequence',
  );
  return rows.map(({ id }) => id);
}

const number = () => sequenceAll(bank.context);

test('what was sealed before there was a sequence comes first, in the order of the blocks', async () => {
  const account = await bank.newAccount();
  const sealed: TransactionId[] = [];
  for (let block = 0; block < 12; block++) {
    sealed.push(await deposit(account));
    await sealAll(bank.context);
  }
  await owner.query('delete from sequenced_entries');
  await owner.query('update audit_sealing set sequenced_blocks = 0, last_sequence = 0');
  const waiting = await deposit(account);
  assert.equal(await number(), 13);
  assert.deepEqual(await numbered(), [...sealed, waiting]);
  assert.equal(await number(), 0);
});

test('an entry whose transaction was open while later ones got their numbers comes after them', async () => {
  const slow = await bank.newAccount();
  const quick = await bank.newAccount();
  await number();
  await withServers(bank, 2, async ([one, other]) => {
    await owner.query('begin');
    await owner.query('select 1 from ledger_accounts where ledger_account_id = $1 for update', [slow]);
    const late = deposit(slow, one!);
    await untilWaiting();
    const early = await deposit(quick, other!);
    await number();
    await owner.query('commit');
    const lateId = await late;
    assert.ok(lateId < early, 'by their ids a reader would have passed it');
    await number();
    assert.deepEqual((await numbered()).slice(-2), [early, lateId]);
  });
});

async function untilWaiting(): Promise<void> {
  const waiting = `select count(*)::int as count from pg_locks where not granted`;
  while ((await owner.query<{ count: number }>(waiting)).rows[0]?.count === 0);
}

test('entries of an account have the order of its lines, whichever server posted them', async () => {
  const account = await bank.newAccount();
  await number();
  await withServers(bank, 3, async (servers) => {
    await Promise.all(
      servers.map(async (server) => {
        for (let turn = 0; turn < 20; turn++) await deposit(account, server);
      }),
    );
  });
  assert.equal(await number(), 60);
  const { rows } = await owner.query<{ id: TransactionId }>(
    'select entry_id as id from postings where credit_account_id = $1 order by credit_seq',
    [account],
  );
  assert.deepEqual(
    (await numbered()).slice(-60),
    rows.map(({ id }) => id),
  );
});

test('an entry is numbered once, before it is sealed or with it', async () => {
  const account = await bank.newAccount();
  const before = await deposit(account);
  await number();
  const sealedFirst = await deposit(account);
  await sealAll(bank.context);
  const last = await deposit(account);
  assert.equal(await number(), 1);
  assert.deepEqual((await numbered()).slice(-3), [before, sealedFirst, last]);
});

test('what a server of the version before sealed is numbered when the next one looks', async () => {
  const account = await bank.newAccount();
  await sealAll(bank.context);
  const known = await deposit(account);
  await number();
  const unknown = await deposit(account);
  await sealAll(bank.context);
  // It knows nothing of numbers: what it seals has those that another server gave, or none.
  await owner.query('delete from sequenced_entries where entry_id = $1', [unknown]);
  await owner.query('update audit_sealing set sequenced_blocks = sequenced_blocks - 1');
  const last = await deposit(account);
  assert.equal(await number(), 3, 'the known one keeps its number, and leaves a place empty');
  const { rows } = await owner.query<{ id: TransactionId }>(
    'select entry_id as id from sequenced_entries order by sequence desc limit 3',
  );
  assert.deepEqual(
    rows.map(({ id }) => id),
    [last, unknown, known],
  );
  assert.deepEqual(await brokenLaws(bank.databaseUrl), []);
});

test('several number at once, and none waits', async () => {
  const account = await bank.newAccount();
  await number();
  const start = (await numbered()).length;
  await withServers(bank, 3, async (servers) => {
    for (let round = 0; round < 10; round++) {
      await Promise.all([
        deposit(account),
        ...servers.map(({ context }) => sequenceAll(context)),
        sealAll(bank.context),
      ]);
    }
  });
  await number();
  assert.equal((await numbered()).length, start + 10);
  assert.deepEqual(await brokenLaws(bank.databaseUrl), []);
});

test('a server numbers without being asked, and where nothing is posted it writes nothing', async () => {
  const account = await bank.newAccount();
  const errors: unknown[] = [];
  const sequencer = new Sequencer(bank.context, (error) => errors.push(error));
  sequencer.start();
  const id = await deposit(account);
  while (!(await numbered()).includes(id));
  await sequencer.stop();
  assert.deepEqual(errors, []);
  const written = async () => (await owner.query('select xmin, * from audit_sealing')).rows;
  const before = await written();
  assert.equal(await number(), 0);
  assert.deepEqual(await written(), before);
});

test('verify names an entry whose number is missing', async () => {
  await owner.query('delete from sequenced_entries where sequence = 3');
  const broken = await brokenLaws(bank.databaseUrl);
  assert.equal(broken.length, 1);
  assert.match(String(broken[0]?.name), /gone through has a number/);
});
