import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { compare, type Findings } from '../../../crash-lab/model/compare.ts';
import { replayJournal } from '../../../crash-lab/model/replay.ts';
import { readRequests } from '../../../crash-lab/model/requests.ts';
import type { HeardLine, Journal, LogLine, PostingRow } from '../../../crash-lab/records.ts';

const ALICE = '01890a5d-96eb-7000-8000-000000000001';
const BOB = '01890a5d-96eb-7000-8000-000000000002';
const CASH = '01890a5d-96eb-7000-8000-000000000003';
const ALICE_ID = typeId('acc', ALICE);
const BOB_ID = typeId('acc', BOB);

/** The other way round, to check the way that the model has of its own. */
function typeId(prefix: string, uuid: string): string {
  const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';
  let value = BigInt(`0x${uuid.replaceAll('-', '')}`);
  let suffix = '';
  while (suffix.length < 26) {
    suffix = `${alphabet[Number(value % 32n)]}${suffix}`;
    value /= 32n;
  }
  return `${prefix}_${suffix}`;
}

const entry = (number: number) => `01890a5d-96eb-7000-8000-0000000001${String(number).padStart(2, '0')}`;
const transaction = (number: number) => typeId('txn', entry(number));

function posting(number: number, fields: Partial<PostingRow>): PostingRow {
  return {
    entryId: entry(number),
    kind: 'deposit',
    key: null,
    reverses: null,
    debit: CASH,
    credit: ALICE,
    amountMinor: 1000n,
    debitSeq: null,
    debitBalanceMinor: null,
    creditSeq: 1n,
    creditBalanceMinor: 1000n,
    mark: `k${number}`,
    ...fields,
  };
}

/** A deposit of 10.00 to Alice, 4.00 of it to Bob, and that taken back. */
const POSTINGS: readonly PostingRow[] = [
  posting(1, {}),
  posting(2, {
    kind: 'transfer',
    debit: ALICE,
    credit: BOB,
    amountMinor: 400n,
    debitSeq: 2n,
    debitBalanceMinor: 600n,
    creditSeq: 1n,
    creditBalanceMinor: 400n,
  }),
  posting(3, {
    kind: 'reversal',
    reverses: entry(2),
    debit: BOB,
    credit: ALICE,
    amountMinor: 400n,
    debitSeq: 2n,
    debitBalanceMinor: 0n,
    creditSeq: 3n,
    creditBalanceMinor: 1000n,
  }),
];
const ACCOUNTS: Journal['accounts'] = [
  { id: ALICE, kind: 'customer', balanceMinor: 1000n, floorMinor: 0n, seq: 3n },
  { id: BOB, kind: 'customer', balanceMinor: 0n, floorMinor: 0n, seq: 2n },
  { id: CASH, kind: 'internal', balanceMinor: 0n, floorMinor: null, seq: 0n },
];

const sent = (attempt: number, key: string, ask: Extract<LogLine, { key: string }>['ask']): LogLine => ({
  attempt,
  atMs: attempt,
  key,
  ask,
});
const heard = (attempt: number, fields: Partial<HeardLine> = {}): LogLine => ({
  attempt,
  atMs: attempt,
  outcome: 'ok',
  ...fields,
});

const LOG: readonly LogLine[] = [
  sent(1, 'k1', { type: 'deposit', accountId: ALICE_ID, amount: '10.00' }),
  heard(1, { id: transaction(1), balanceAfter: '10.00' }),
  sent(2, 'k2', { type: 'transfer', fromAccountId: ALICE_ID, toAccountId: BOB_ID, amount: '4.00' }),
  heard(2, { outcome: 'unknown' }),
  sent(3, 'k2', { type: 'transfer', fromAccountId: ALICE_ID, toAccountId: BOB_ID, amount: '4.00' }),
  heard(3, { id: transaction(2), balanceAfter: '6.00', replayed: true }),
  sent(4, 'k3', { type: 'reversal', transactionId: transaction(2) }),
  heard(4, { id: transaction(3) }),
  sent(5, 'k4', { type: 'withdrawal', accountId: BOB_ID, amount: '1.00' }),
  heard(5, { outcome: 'refused', code: 'insufficient_funds' }),
];

/** The findings that are not empty. */
function findings(log: readonly LogLine[], postings: readonly PostingRow[]): Partial<Findings> {
  const found = Object.entries(compare(readRequests(log), postings));
  return Object.fromEntries(found.filter(([, list]) => list.length > 0));
}

const without = (number: number) => POSTINGS.filter(({ entryId }) => entryId !== entry(number));
const replace = (number: number, fields: Partial<PostingRow>) =>
  POSTINGS.map((one) => (one.entryId === entry(number) ? { ...one, ...fields } : one));

test('the model finds nothing where log and journal agree', () => {
  assert.deepEqual(findings(LOG, POSTINGS), {});
  const { balances, broken } = replayJournal({ postings: POSTINGS, accounts: ACCOUNTS });
  assert.deepEqual(broken, []);
  assert.deepEqual(
    [...balances],
    [
      [ALICE, 1000n],
      [BOB, 0n],
    ],
  );
});

test('the model names what was acknowledged and is not there', () => {
  assert.deepEqual(findings(LOG, without(1)), { lost: ['k1'] });
  assert.deepEqual(findings(LOG, without(2)), { lost: ['k2'] });
});

test('the model names what is there twice, under whatever id, and what two answers call new', () => {
  assert.deepEqual(findings(LOG, [...POSTINGS, posting(9, { mark: 'k1' })]), { duplicated: ['k1'] });
  const again = [...LOG, sent(6, 'k1', { type: 'deposit', accountId: ALICE_ID, amount: '10.00' })];
  const twice = [...again, heard(6, { id: transaction(1), balanceAfter: '10.00' })];
  assert.deepEqual(findings(twice, POSTINGS), { duplicated: ['k1, twice new'] });
});

test('the model names what is there otherwise than it was asked for or answered', () => {
  for (const fields of [
    { amountMinor: 999n },
    { credit: BOB },
    { kind: 'withdrawal' },
    { creditBalanceMinor: 1001n },
    { entryId: entry(8) },
  ]) {
    assert.deepEqual(findings(LOG, replace(1, fields)), { wrong: ['k1'] });
  }
  assert.deepEqual(findings(LOG, replace(2, { debit: BOB, credit: ALICE })), { wrong: ['k2'] });
  assert.deepEqual(findings(LOG, replace(3, { reverses: entry(1) })), { wrong: ['k3'] });
});

test('the model names what was refused and done all the same, and what nobody asked for', () => {
  assert.deepEqual(findings(LOG, [...POSTINGS, posting(4, {})]), { undenied: ['k4'] });
  assert.deepEqual(findings(LOG, [...POSTINGS, posting(7, {})]), { unasked: [`entry ${entry(7)} (k7)`] });
});

test('the model names what nobody knows, though the log stopped before the answer', () => {
  const open = [...LOG, sent(6, 'k6', { type: 'deposit', accountId: ALICE_ID, amount: '1.00' })];
  assert.deepEqual(findings(open, POSTINGS), { unsettled: ['k6'] });
});

test('the model judges every item of a batch, those that were refused, too', () => {
  const ask = {
    type: 'batch',
    mode: 'independent',
    items: [
      { type: 'deposit', accountId: BOB_ID, amount: '1.00' },
      { type: 'withdrawal', accountId: BOB_ID, amount: '9.00' },
    ],
  } as const;
  const results = [{ status: 'posted', transactionId: transaction(5) }, { status: 'refused' }];
  const log = [...LOG, sent(6, 'k6', ask), heard(6, { id: 'bat_1', results })];
  const item = posting(5, { mark: 'k6.0', credit: BOB, amountMinor: 100n });
  assert.deepEqual(findings(log, [...POSTINGS, item]), {});
  assert.deepEqual(findings(log, POSTINGS), { lost: ['k6.0'] });
  assert.deepEqual(findings(log, [...POSTINGS, item, { ...item, mark: 'k6.1' }]), { undenied: ['k6.1'] });
});

test('the model adds up by itself: gaps, wrong balances, floors and reversals', () => {
  const broken = (postings: readonly PostingRow[], accounts = ACCOUNTS) =>
    replayJournal({ postings, accounts }).broken.length;
  assert.ok(broken(replace(2, { debitSeq: 3n })) > 0, 'a sequence number twice');
  assert.ok(broken(replace(2, { debitBalanceMinor: 601n })) > 0, 'a wrong running balance');
  assert.ok(broken(without(3)) > 0, 'an account that is not where its postings leave it');
  assert.ok(broken(replace(3, { amountMinor: 300n })) > 0, 'half a reversal');
  assert.ok(broken([...POSTINGS, { ...POSTINGS[2]!, entryId: entry(4) }]) > 0, 'a second reversal');
  const negative = ACCOUNTS.map((one) => (one.id === ALICE ? { ...one, floorMinor: 700n } : one));
  assert.equal(broken(POSTINGS, negative), 1, 'below the floor on the way');
});

test('the model is small and imports nothing of the bank', () => {
  const folder = new URL('../../../crash-lab/model/', import.meta.url);
  const files = readdirSync(folder).map((name) => readFileSync(new URL(name, folder), 'utf8'));
  assert.ok(files.length >= 4, 'the model was found');
  assert.ok(files.reduce((sum, text) => sum + text.split('\n').length - 1, 0) <= 300);
  for (const [, from] of files.flatMap((text) => [...text.matchAll(/from '([^']+)'/g)])) {
    assert.match(from!, /^\.\/|^\.\.\/records\.ts$/);
  }
});
