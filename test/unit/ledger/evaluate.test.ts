import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EntryDraft, InternalAccount, PostingDraft, RefusalCode } from '#ledger/entry.ts';
import { type AccountState, type AccountStates, evaluateEntry } from '#ledger/evaluate.ts';
import type { AccountId, InternalAccountId, TransactionId } from '#lib/ids.ts';
import type { Currency } from '#lib/money/currencies.ts';
import type { IsoDate } from '#lib/time/dates.ts';

const EUR = 'EUR' as Currency;
const USD = 'USD' as Currency;
const TODAY = '2026-01-14' as IsoDate;
const A = 'a' as AccountId;
const B = 'b' as AccountId;
const CASH: InternalAccount = { id: 'cash' as InternalAccountId, currency: EUR, glCode: '1000' };
const MAX = 9_223_372_036_854_775_807n;

function account(id: AccountId, change: Partial<AccountState> = {}): AccountState {
  return {
    id,
    currency: EUR,
    status: 'active',
    isContract: false,
    balanceMinor: 0n,
    heldMinor: 0n,
    floorMinor: 0n,
    unarrangedMinor: 0n,
    minimumMinor: 0n,
    openingDepositMinor: 0n,
    seq: 0n,
    lastBusinessDate: undefined,
    ...change,
  };
}

function states(...accounts: AccountState[]): AccountStates {
  return new Map(accounts.map((one) => [one.id, one]));
}

function draft(...postings: Partial<PostingDraft>[]): EntryDraft {
  return {
    entryId: 'entry' as TransactionId,
    kind: 'transfer',
    actor: 'test',
    postings: postings.map((one) => ({ debit: A, credit: B, amountMinor: 100n, currency: EUR, ...one })),
  };
}

function refusal(accounts: AccountStates, entry: EntryDraft, date = TODAY): RefusalCode | undefined {
  const result = evaluateEntry(accounts, entry, date);
  return result.accepted ? undefined : result.code;
}

test('what an entry releases is free for itself, and for nothing else', () => {
  const held = (heldMinor: bigint, releasedMinor: bigint) => {
    const accounts = states(account(A, { balanceMinor: 100n, heldMinor }), account(B));
    return evaluateEntry(
      accounts,
      { ...draft({}), releases: { accountId: A, amountMinor: releasedMinor } },
      TODAY,
    );
  };
  const whole = held(100n, 100n);
  assert.ok(whole.accepted);
  const { balanceMinor, heldMinor, seq } = whole.changed.get(A)!;
  assert.deepEqual([balanceMinor, heldMinor, seq], [0n, 0n, 1n]);
  assert.deepEqual(held(100n, 99n), { accepted: false, code: 'insufficient_funds' });
  assert.equal(
    refusal(states(account(A, { balanceMinor: 100n, heldMinor: 100n }), account(B)), draft({})),
    'insufficient_funds',
  );
  assert.throws(() => held(99n, 100n), /no more is released than is held/);
});

test('an account may be drawn down to its floor and not one cent further', () => {
  const drawn = (balanceMinor: bigint, heldMinor: bigint, floorMinor: bigint) =>
    refusal(states(account(A, { balanceMinor, heldMinor, floorMinor }), account(B)), draft({}));
  assert.equal(drawn(101n, 0n, 0n), undefined);
  assert.equal(drawn(100n, 0n, 0n), undefined);
  assert.equal(drawn(99n, 0n, 0n), 'insufficient_funds');
  assert.equal(drawn(100n, 1n, 0n), 'insufficient_funds', 'what is held is not available');
  assert.equal(drawn(0n, 0n, -100n), undefined);
  assert.equal(drawn(0n, 0n, -99n), 'insufficient_funds');
  assert.equal(drawn(0n, 1n, -101n), undefined);
});

test('a balance reaches the largest number that can be stored and not one beyond', () => {
  const credited = (balanceMinor: bigint) =>
    refusal(states(account(A, { balanceMinor })), draft({ debit: CASH, credit: A, amountMinor: 1n }));
  assert.equal(credited(MAX - 1n), undefined);
  assert.equal(credited(MAX), 'balance_overflow');
});

test('a balance does not fall below the smallest number that can be stored', () => {
  const debited = (balanceMinor: bigint) =>
    refusal(
      states(account(A, { balanceMinor, floorMinor: -(MAX + 10n) })),
      draft({ credit: CASH, amountMinor: 1n }),
    );
  assert.equal(debited(-MAX + 1n), undefined);
  assert.equal(debited(-MAX), 'balance_overflow');
});

test('refusals come in the documented order of precedence', () => {
  const poor = account(A, { currency: USD, status: 'closed', lastBusinessDate: '2026-01-15' as IsoDate });
  const frozen = account(B, { status: 'frozen' });
  assert.equal(refusal(states(frozen), draft({})), 'not_found');
  assert.equal(refusal(states(poor), draft({ credit: A })), 'same_account');
  assert.equal(refusal(states(poor, frozen), draft({})), 'account_closed');
  assert.equal(refusal(states({ ...poor, status: 'active' }, frozen), draft({})), 'account_frozen');
  const open = { ...poor, status: 'active' } as const;
  assert.equal(refusal(states(open, account(B)), draft({})), 'currency_mismatch');
  assert.equal(refusal(states({ ...open, currency: EUR }, account(B)), draft({})), 'business_date_closed');
  const current = { ...open, currency: EUR, lastBusinessDate: TODAY };
  assert.equal(refusal(states(current, account(B)), draft({})), 'insufficient_funds');
});

test('a currency must be that of both sides, the bank’s own included', () => {
  const rich = account(A, { balanceMinor: 500n });
  assert.equal(refusal(states(rich), draft({ credit: { ...CASH, currency: USD } })), 'currency_mismatch');
  assert.equal(refusal(states(rich, account(B)), draft({ currency: USD })), 'currency_mismatch');
});

test('an accepted posting carries both balances and sequence numbers', () => {
  const before = states(
    account(A, { balanceMinor: 150n, seq: 7n }),
    account(B, { balanceMinor: -20n, seq: 2n }),
  );
  const result = evaluateEntry(before, draft({}), TODAY);
  assert.ok(result.accepted);
  assert.deepEqual(result.postings[0]?.debitAfter, { seq: 8n, balanceMinor: 50n });
  assert.deepEqual(result.postings[0]?.creditAfter, { seq: 3n, balanceMinor: 80n });
  assert.equal(result.changed.get(A)?.lastBusinessDate, TODAY);
  assert.equal(before.get(A)?.balanceMinor, 150n, 'the states given are left as they are');
});

test('a side of the bank’s own keeps no balance and no sequence', () => {
  const result = evaluateEntry(states(account(A)), draft({ debit: CASH, credit: A }), TODAY);
  assert.ok(result.accepted);
  assert.equal(result.postings[0]?.debitAfter, undefined);
  assert.deepEqual([...result.changed.keys()], [A]);
});

test('each posting of an entry stands on the state that the one before left', () => {
  const accounts = states(account(A, { balanceMinor: 150n }), account(B));
  assert.equal(refusal(accounts, draft({}, {})), 'insufficient_funds');
  const back = draft({}, { debit: B, credit: A }, {});
  const result = evaluateEntry(accounts, back, TODAY);
  assert.ok(result.accepted);
  assert.deepEqual(result.postings[2]?.debitAfter, { seq: 3n, balanceMinor: 50n });
});

test('an entry without postings or with an amount of zero is a bug, not a refusal', () => {
  assert.throws(() => evaluateEntry(states(account(A)), draft(), TODAY), /at least one posting/);
  assert.throws(
    () => evaluateEntry(states(account(A), account(B)), draft({ amountMinor: 0n }), TODAY),
    /positive/,
  );
});

const takenBack = (change: Partial<EntryDraft> = {}): EntryDraft => ({
  ...draft({}),
  kind: 'reversal',
  mayOverdraw: true,
  ...change,
});

test('a reversal that may overdraw takes an account below its floor, and says how far', () => {
  const accounts = states(account(A, { balanceMinor: 60n, heldMinor: 20n, floorMinor: -10n }), account(B));
  const result = evaluateEntry(accounts, takenBack(), TODAY);
  assert.ok(result.accepted);
  assert.deepEqual(result.changed.get(A)?.unarrangedMinor, 50n);
  assert.deepEqual(result.changed.get(B)?.unarrangedMinor, 0n);
  assert.equal(refusal(accounts, takenBack({ mayOverdraw: false })), 'insufficient_funds');
});

test('a reversal that may overdraw takes from a frozen account, and pays into none', () => {
  for (const status of ['frozen', 'debits_frozen'] as const) {
    const frozen = states(account(A, { status }), account(B));
    assert.equal(refusal(frozen, takenBack()), undefined);
    assert.equal(refusal(frozen, takenBack({ mayOverdraw: false })), 'account_frozen');
  }
  assert.equal(refusal(states(account(A), account(B, { status: 'frozen' })), takenBack()), 'account_frozen');
  assert.equal(refusal(states(account(A, { status: 'closed' }), account(B)), takenBack()), 'account_closed');
});

test('nothing but a reversal may overdraw', () => {
  const accounts = states(account(A), account(B));
  assert.throws(() => evaluateEntry(accounts, takenBack({ kind: 'transfer' }), TODAY), /below its floor/);
});

test('below its floor an account gives what was held for an entry, and not one more', () => {
  const below = { balanceMinor: 0n, heldMinor: 100n, unarrangedMinor: 100n };
  const capture = (amountMinor: bigint) =>
    refusal(states(account(A, below), account(B)), {
      ...draft({ amountMinor }),
      releases: { accountId: A, amountMinor: 40n },
    });
  assert.equal(capture(39n), undefined);
  assert.equal(capture(40n), undefined);
  assert.equal(capture(41n), 'insufficient_funds');
});

test('a charge takes an account below its floor as far as it is tolerated, and what it is for does not', () => {
  const accounts = states(account(A, { balanceMinor: 100n, floorMinor: -50n }), account(B));
  const paid = (amountMinor: bigint, chargeMinor: bigint) =>
    draft(
      { amountMinor },
      { amountMinor: chargeMinor, credit: CASH, ...(chargeMinor === 1n ? {} : { toleratedMinor: 20n }) },
    );
  const at = evaluateEntry(accounts, paid(150n, 20n), TODAY);
  assert.ok(at.accepted);
  assert.equal(at.changed.get(A)?.unarrangedMinor, 20n);
  assert.equal(refusal(accounts, paid(150n, 21n)), 'insufficient_funds');
  assert.equal(refusal(accounts, paid(150n, 1n)), 'insufficient_funds');
  assert.equal(refusal(accounts, paid(151n, 19n)), 'insufficient_funds');
  const below = states(
    account(A, { balanceMinor: -70n, floorMinor: -50n, unarrangedMinor: 20n }),
    account(B),
  );
  assert.equal(refusal(below, draft({ amountMinor: 5n, toleratedMinor: 25n })), undefined);
  assert.equal(refusal(below, draft({ amountMinor: 6n, toleratedMinor: 25n })), 'insufficient_funds');
  const frozen = states(account(A, { balanceMinor: 100n, status: 'frozen' }), account(B));
  assert.equal(refusal(frozen, draft({ toleratedMinor: 20n })), 'account_frozen');
});

test('a payment leaves the minimum balance; charges, holds that were placed and a closing payout do not', () => {
  const accounts = states(account(A, { balanceMinor: 200n, heldMinor: 50n, minimumMinor: 100n }), account(B));
  const paid = (amountMinor: bigint, change: Partial<EntryDraft> = {}) =>
    refusal(accounts, { ...draft({ amountMinor }), ...change });
  assert.equal(paid(50n), undefined);
  assert.equal(paid(51n), 'below_minimum_balance');
  assert.equal(paid(151n), 'insufficient_funds');
  assert.equal(paid(150n, { isClosing: true }), undefined);
  assert.equal(paid(51n, { kind: 'loan_repayment' }), undefined);
  assert.equal(paid(200n, { releases: { accountId: A, amountMinor: 50n } }), undefined);
  assert.equal(refusal(accounts, draft({ amountMinor: 51n, toleratedMinor: 0n })), undefined);
});

test('a dormant account takes money and pays none, but what the bank claims', () => {
  const accounts = states(account(A, { balanceMinor: 200n, status: 'dormant' }), account(B));
  const paid = (kind: EntryDraft['kind']) => refusal(accounts, { ...draft({}), kind });
  for (const kind of ['withdrawal', 'transfer', 'outgoing_payment'] as const) {
    assert.equal(paid(kind), 'account_dormant');
  }
  for (const kind of ['fee', 'loan_repayment'] as const) assert.equal(paid(kind), undefined);
  assert.equal(
    refusal(accounts, { ...draft({ debit: B, credit: A }), kind: 'transfer' }),
    'insufficient_funds',
  );
  const funded = states(account(A, { status: 'dormant' }), account(B, { balanceMinor: 100n }));
  assert.equal(refusal(funded, draft({ debit: B, credit: A })), undefined);
});

test('the first deposit is as much as the account asks for', () => {
  const accounts = (seq: bigint) =>
    states(account(A, { balanceMinor: 200n }), account(B, { seq, openingDepositMinor: 100n }));
  assert.equal(refusal(accounts(0n), draft({ amountMinor: 99n })), 'below_opening_deposit');
  assert.equal(refusal(accounts(0n), draft({ amountMinor: 100n })), undefined);
  assert.equal(refusal(accounts(1n), draft({ amountMinor: 1n })), undefined);
  const incoming = { ...draft({ debit: CASH, amountMinor: 1n }), kind: 'incoming_payment' } as const;
  assert.equal(refusal(accounts(0n), incoming), undefined);
});

test('a credit brings an account back towards its floor, and no further than to it is forgiven', () => {
  for (const [amountMinor, unarranged] of [
    [99n, 1n],
    [100n, 0n],
    [101n, 0n],
  ] as const) {
    const accounts = states(
      account(B, { balanceMinor: -100n, unarrangedMinor: 100n }),
      account(A, { balanceMinor: 500n }),
    );
    const result = evaluateEntry(accounts, draft({ amountMinor }), TODAY);
    assert.ok(result.accepted);
    assert.equal(result.changed.get(B)?.unarrangedMinor, unarranged);
  }
});

test('an account under a contract is moved by it and by its terms, whatever else the entry is', () => {
  const bound = account(A, { balanceMinor: 200n, isContract: true });
  const other = account(B, { balanceMinor: 200n });
  const both = states(bound, other);
  for (const kind of ['transfer', 'deposit', 'reversal', 'fee'] as const) {
    assert.equal(refusal(both, { ...draft({}), kind }), 'account_under_contract');
    assert.equal(refusal(both, { ...draft({ debit: B, credit: A }), kind }), 'account_under_contract');
  }
  assert.equal(refusal(both, { ...draft({}), isOfContract: true }), undefined);
  assert.equal(refusal(both, { ...draft({ amountMinor: 201n }), isByTerms: true }), undefined);
  // Its contract is held to everything else.
  const held = { ...draft({}), isOfContract: true };
  assert.equal(refusal(states({ ...bound, status: 'frozen' }, other), held), 'account_frozen');
  assert.equal(refusal(states({ ...bound, status: 'estate' }, other), held), 'customer_deceased');
  assert.equal(refusal(states({ ...bound, heldMinor: 101n }, other), held), 'insufficient_funds');
});
