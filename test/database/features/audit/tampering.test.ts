import assert from 'node:assert/strict';
import { generateKeyPairSync, hash } from 'node:crypto';
import { beforeEach, test } from 'node:test';
import { blockHash } from '#features/audit/block-hash.ts';
import { exportCheckpoint, readCheckpoint, verifyTrail } from '#features/audit/contract.ts';
import { leafOf } from './reference.ts';
import { openTrail } from './trail.ts';

/** What this file does as the owner is undone by a copy of the rows; what the application did stays. */
const trail = await openTrail();
const { owner, bank } = trail;
for (let block = 0; block < 3; block++) {
  for (let entry = 0; entry < 3; entry++) await trail.deposit();
  await trail.act(3);
  await trail.seal();
}
const TABLES = ['audit_log', 'journal_entries', 'postings', 'audit_blocks', 'unsealed_rows'];
for (const table of TABLES) await owner.query(`create table copy_of_${table} as select * from ${table}`);
// Who owns the tables is held up by no foreign key.
const { rows: keys } = await owner.query<{ statement: string }>(
  `
  select format('alter table %s drop constraint %I', conrelid::regclass, conname) as statement
  from pg_constraint where contype = 'f' and confrelid::regclass::text = any($1)`,
  [TABLES],
);
for (const { statement } of keys) await owner.query(statement);

beforeEach(async () => {
  for (const table of TABLES) {
    await owner.query(`delete from ${table}`);
    await owner.query(`insert into ${table} select * from copy_of_${table}`);
  }
  assert.equal((await trail.verify()).finding, undefined);
});

type Kind = 'audit' | 'entry';
type Listed = { kind: Kind; block: string; position: string; row_id: string };

/** The row in this place among those of its kind, as the blocks list them. */
async function listed(kind: Kind, index: number): Promise<Listed> {
  const before = kind === 'audit' ? '0' : 'cardinality(audit_ids)';
  const { rows } = await owner.query<Listed>(
    `select $1 as kind, block_number::text as block, (first_position + ${before} + ids.ordinal - 1)::text as position,
       ids.id as row_id
     from audit_blocks cross join unnest(${kind}_ids) with ordinality as ids (id, ordinal)
     order by block_number, ids.ordinal offset $2 limit 1`,
    [kind, index],
  );
  return rows[0]!;
}

/** Rewrites the lists of a block: `ids` and `hashes` are of the rows of a kind. */
async function rewriteList(
  { kind, block }: Listed,
  edit: (rows: { id: string; hash: string }[]) => void,
): Promise<void> {
  const { rows } = await owner.query<{ ids: string[]; hashes: string; before: number }>(
    `select ${kind}_ids as ids, encode(row_hashes, 'hex') as hashes,
       ${kind === 'audit' ? 0 : 'cardinality(audit_ids)'} as before from audit_blocks where block_number = $1`,
    [block],
  );
  const { ids, hashes, before } = rows[0]!;
  const all = hashes.match(/.{64}/g)!;
  const list = ids.map((id, index) => ({ id, hash: all[before + index]! }));
  edit(list);
  all.splice(before, ids.length, ...list.map(({ hash }) => hash));
  await owner.query(
    `update audit_blocks set ${kind}_ids = $2, row_hashes = decode($3, 'hex') where block_number = $1`,
    [block, list.map(({ id }) => id), all.join('')],
  );
}

async function assertNamed({ position, row_id: rowId }: Listed, reason: RegExp): Promise<void> {
  const { finding } = await trail.verify();
  assert.deepEqual([finding?.position, finding?.rowId], [position, rowId], JSON.stringify(finding));
  assert.match(finding?.reason ?? '', reason);
}

const EDITS: readonly (readonly ['audit' | 'entry', string, string])[] = [
  ['audit', 'who did it', `update audit_log set actor = 'nobody' where audit_id = $1`],
  ['audit', 'what was after', `update audit_log set after = '{"name": "other"}' where audit_id = $1`],
  ['audit', 'a null that becomes a text', `update audit_log set address = '10.0.0.1' where audit_id = $1`],
  ['audit', 'a microsecond', `update audit_log set at = at + interval '1 microsecond' where audit_id = $1`],
  ['entry', 'its value date', `update journal_entries set value_date = value_date + 1 where entry_id = $1`],
  ['entry', 'its caller', `update journal_entries set actor = 'nobody' where entry_id = $1`],
  [
    'entry',
    'the amount of its posting',
    `update postings set amount_minor = amount_minor + 1 where entry_id = $1`,
  ],
  [
    'entry',
    'a balance',
    `update postings set credit_balance_minor = credit_balance_minor + 1 where entry_id = $1`,
  ],
  [
    'entry',
    'a second posting',
    `insert into postings select book_id, entry_id, 2, debit_account_id, credit_account_id, currency, amount_minor,
       business_date, null, null, null, null from postings where entry_id = $1`,
  ],
  ['entry', 'no posting any more', `delete from postings where entry_id = $1`],
];

for (const [kind, what, statement] of EDITS) {
  test(`an edited row is named: ${kind}, ${what}`, async () => {
    const row = await listed(kind, 4);
    const later = await listed(kind, 6);
    for (const { row_id } of [row, later]) assert.ok((await owner.query(statement, [row_id])).rowCount! > 0);
    await assertNamed(row, /not as it was sealed/);
  });
}

test('a deleted row is named', async () => {
  for (const [kind, table, id] of [
    ['audit', 'audit_log', 'audit_id'],
    ['entry', 'journal_entries', 'entry_id'],
  ] as const) {
    const row = await listed(kind, 2);
    await owner.query(`delete from ${table} where ${id} = $1`, [row.row_id]);
    await assertNamed(row, /missing/);
    await owner.query(`insert into ${table} select * from copy_of_${table} where ${id} = $1`, [row.row_id]);
  }
});

test('a row that is taken out of the list too breaks its block', async () => {
  await owner.query('alter table audit_blocks drop constraint audit_blocks_rows');
  const row = await listed('entry', 2);
  await owner.query('delete from postings where entry_id = $1', [row.row_id]);
  await owner.query('delete from journal_entries where entry_id = $1', [row.row_id]);
  await rewriteList(row, (rows) => void rows.splice(2, 1));
  assert.equal((await trail.verify()).finding?.blockNumber, row.block);
});

test('a row that is put in is named, and so is one whose place among those that wait was taken away', async () => {
  await owner.query(`insert into audit_log (book_id, audit_id, at, actor, role, operation, resource_type)
    values (1, '00000000-0000-7000-8000-000000000001', now(), 'test', 'operator', 'login', 'session')`);
  const { finding } = await trail.verify();
  assert.deepEqual([finding?.rowKind, finding?.rowId], ['audit', '00000000-0000-7000-8000-000000000001']);
  assert.match(finding?.reason ?? '', /neither sealed nor waits/);
  await owner.query(`delete from audit_log where actor = 'test' and operation = 'login'`);
  await trail.deposit();
  assert.equal((await trail.verify()).finding, undefined);
  await owner.query(`delete from unsealed_rows where row_kind = 'entry'`);
  const last = await owner.query('select entry_id from journal_entries order by entry_id desc limit 1');
  const taken = (await trail.verify()).finding;
  assert.deepEqual([taken?.rowKind, taken?.rowId], ['entry', last.rows[0].entry_id]);
  await undoLastDeposit();
});

test('a row that is deleted while it waits is named', async () => {
  await trail.deposit();
  const last = await owner.query('select audit_id from audit_log order by audit_id desc limit 1');
  await owner.query('delete from audit_log where audit_id = $1', [last.rows[0].audit_id]);
  const { finding } = await trail.verify();
  assert.deepEqual([finding?.rowKind, finding?.rowId], ['audit', last.rows[0].audit_id]);
  assert.match(finding?.reason ?? '', /waits to be sealed and is missing/);
  await undoLastDeposit();
});

test('a row that is sealed a second time is named', async () => {
  for (const kind of ['audit', 'entry'] as const) {
    const row = await listed(kind, 1);
    await owner.query(
      `insert into unsealed_rows (book_id, unsealed_id, row_kind, row_ids) values (1, gen_random_uuid(), $1, $2)`,
      [kind, [row.row_id]],
    );
    assert.equal(await trail.seal(), 1);
    const { finding } = await trail.verify();
    assert.deepEqual([finding?.rowId, finding?.blockNumber], [row.row_id, '4']);
    assert.match(finding?.reason ?? '', /a second time/);
    await owner.query('delete from audit_blocks where block_number = 4');
  }
});

test('two rows that change places are named', async () => {
  const [one, other] = [await listed('audit', 3), await listed('audit', 4)];
  await owner.query('update audit_log set audit_id = gen_random_uuid(), actor = $2 where audit_id = $1', [
    one.row_id,
    'was first',
  ]);
  await owner.query('update audit_log set audit_id = $2 where audit_id = $1', [other.row_id, one.row_id]);
  await owner.query('update audit_log set audit_id = $1 where actor = $2', [other.row_id, 'was first']);
  await assertNamed(one, /not as it was sealed/);
});

test('two rows that change places in the list are named', async () => {
  const [one, other] = [await listed('entry', 3), await listed('entry', 4)];
  await rewriteList(one, (rows) => void rows.splice(0, 2, rows[1]!, rows[0]!));
  await assertNamed({ ...one, position: other.position }, /another place/);
});

test('an edit that takes the listed hash with it still breaks the root of its block', async () => {
  for (const [kind, statement] of [
    ['audit', `update audit_log set actor = 'nobody' where audit_id = $1`],
    ['entry', `update journal_entries set actor = 'nobody' where entry_id = $1`],
  ] as const) {
    const row = await listed(kind, 3);
    await owner.query(statement, [row.row_id]);
    const hash = (await leafOf(owner, kind, row.row_id)).toString('hex');
    await rewriteList(row, (rows) => {
      const at = rows.findIndex(({ id }) => id === row.row_id);
      rows.splice(at, 1, { id: row.row_id, hash });
    });
    const { finding } = await trail.verify();
    assert.match(finding?.reason ?? '', /one of the rows at positions \d+ to \d+/);
    assert.equal(finding?.blockNumber, row.block);
    await owner.query('delete from audit_blocks');
    await owner.query('insert into audit_blocks select * from copy_of_audit_blocks');
    await owner.query(`update audit_log set actor = 'test'`);
  }
});

test('a block that is edited, or missing, is named', async () => {
  await owner.query(
    `update audit_blocks set sealed_at = sealed_at + interval '1 second' where block_number = 2`,
  );
  assert.equal((await trail.verify()).finding?.blockNumber, '2');
  await owner.query('delete from audit_blocks where block_number = 2');
  assert.deepEqual((await trail.verify()).finding, { reason: 'the block is missing', blockNumber: '2' });
});

test('a block that is rewritten with a hash of its own breaks the chain at the next', async () => {
  const { rows } = await owner.query<{
    root: Buffer;
    previous: Buffer;
    first: string;
    last: string;
    at: Date;
  }>(
    `update audit_blocks set sealed_at = sealed_at + interval '1 second' where block_number = 2
     returning merkle_root as root, previous_hash as previous, first_position::text as first,
       last_position::text as last, sealed_at as at`,
  );
  const { root, previous, first, last, at } = rows[0]!;
  const rewritten = blockHash({
    bookId: 1,
    blockNumber: 2n,
    firstPosition: BigInt(first),
    lastPosition: BigInt(last),
    merkleRoot: root,
    previousHash: previous,
    sealedAtMs: at.getTime(),
  });
  await owner.query('update audit_blocks set block_hash = $1 where block_number = 2', [rewritten]);
  assert.equal((await trail.verify()).finding?.blockNumber, '3');
});

test('a dropped tail is seen against a checkpoint, with the first block that is missing', async () => {
  const checkpoint = await signedCheckpoint();
  await dropLastBlock();
  assert.equal((await trail.verify()).finding, undefined, 'without a checkpoint nobody can know');
  const { finding } = await verifyTrail(bank.db, 1, { checkpoints: [checkpoint] });
  assert.equal(finding?.blockNumber, '3');
  assert.match(finding?.reason ?? '', /the tail is missing/);
});

test('a rewritten tail is seen against a checkpoint', async () => {
  const checkpoint = await signedCheckpoint();
  await dropLastBlock();
  await trail.deposit();
  await trail.act(5);
  await trail.seal();
  assert.equal((await trail.verify()).finding, undefined, 'without a checkpoint nobody can know');
  const { finding } = await verifyTrail(bank.db, 1, { checkpoints: [checkpoint] });
  assert.equal(finding?.blockNumber, '3');
  assert.match(finding?.reason ?? '', /not those that the checkpoint signed/);
});

test('a checkpoint that was changed is refused', async () => {
  const checkpoint = await signedCheckpoint();
  const changes = [
    { blockNumber: '1' },
    { lastPosition: '1' },
    { blockHash: '0'.repeat(64) },
    { bookId: 2 },
    { exportedAt: '2026-01-01T00:00:00.000Z' },
    { publicKey: newSigner().publicJwk },
    { kid: newSigner().kid },
    { format: 'other' },
  ];
  for (const change of changes) {
    const text = JSON.stringify({ ...checkpoint, ...change });
    assert.throws(() => readCheckpoint(text), { name: 'CheckpointError' }, text);
  }
  assert.throws(() => readCheckpoint('{'), { name: 'CheckpointError' });
  assert.deepEqual(readCheckpoint(JSON.stringify(checkpoint)), checkpoint);
});

function newSigner() {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const { crv = '', kty = '', x = '' } = publicKey.export({ format: 'jwk' });
  const publicJwk = { crv, kty, x };
  return { kid: hash('sha256', JSON.stringify(publicJwk), 'base64url'), publicJwk, privateKey };
}

async function signedCheckpoint() {
  const checkpoint = await exportCheckpoint(bank.context, newSigner());
  return readCheckpoint(JSON.stringify(checkpoint));
}

/** As somebody would who knows the tables: rows and block. */
async function dropLastBlock(): Promise<void> {
  const last = 'audit_blocks where block_number = (select max(block_number) from audit_blocks)';
  await owner.query(`delete from postings where entry_id in (select unnest(entry_ids) from ${last})`);
  await owner.query(`delete from journal_entries where entry_id in (select unnest(entry_ids) from ${last})`);
  await owner.query(`delete from audit_log where audit_id in (select unnest(audit_ids) from ${last})`);
  await owner.query(`delete from ${last}`);
  await resetAccount();
}

/** The account goes back with what was taken away, so that the bank can go on. */
async function resetAccount(): Promise<void> {
  await owner.query(`update ledger_accounts set (seq, balance_minor) = (
    select coalesce(max(credit_seq), 0), coalesce(max(credit_balance_minor), 0) from postings
    where credit_account_id = ledger_account_id) where kind = 'customer'`);
}

async function undoLastDeposit(): Promise<void> {
  for (const table of ['postings', 'journal_entries', 'transactions']) {
    const id = table === 'transactions' ? 'transaction_id' : 'entry_id';
    await owner.query(
      `delete from ${table} where ${id} not in (select entry_id from copy_of_journal_entries)`,
    );
  }
  await resetAccount();
}
