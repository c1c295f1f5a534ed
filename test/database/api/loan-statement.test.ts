import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LoanStatementView } from '#features/loans/contract.ts';
import { fromTypeId } from '#lib/ids.ts';
import { isoDate } from '#lib/time/dates.ts';
import { badFields, created, openApi, refused } from '#test/support/api.ts';
import { TEST_CALLER } from '#test/support/bank.ts';
import { readPdf } from '#test/support/read-pdf.ts';
import { Lending } from './loans.ts';

/*
 * 1,200 at 12 % in three instalments of 408.03, the first of them 396.03 and 12.00; 100.00 of it is collected on its
 * day, and 308.03 at the counter a day later.
 */
const api = await openApi();
const lending = new Lending(api);
created(await api.post('/v1/business-date', { businessDate: '2026-01-15' }));
const customer = await api.newCustomer({ givenName: 'Łukasz', familyName: 'Nguyễn-Ђорђевић' });
const account = await api.newAccount({ customerId: customer.id });
const loan = await lending.newLoan(account, { instalments: 3 }, { name: 'Household loan' });
await api.withdraw(account, '1100.00');
await api.bank.endOfDay.closeThrough(TEST_CALLER, isoDate('2026-02-15'));
created(await lending.repay(loan, '308.03', { from: 'cash' }));

const path = `/v1/loans/${loan.id}/statement`;

test('a statement says what the loan is, what happened to it, and what is owed', async () => {
  const statement = created(await api.get<LoanStatementView>(path));
  assert.equal(statement.borrower, 'Łukasz Nguyễn-Ђорђевић');
  assert.equal(statement.iban, account.iban);
  assert.equal(statement.productName, 'Household loan');
  assert.deepEqual(statement.terms, {
    amount: '1200.00',
    annualRatePercent: '12',
    instalments: 3,
    every: { count: 1, unit: 'month' },
    method: 'annuity',
    dayCount: '30/360',
  });
  assert.deepEqual(
    statement.lines.map(({ date, type, amount, principal, interest, outstanding }) => {
      return [date, type, amount, principal, interest, outstanding.total];
    }),
    [
      ['2026-01-15', 'applied', '1200.00', '0.00', '0.00', '0.00'],
      ['2026-01-15', 'approved', '1200.00', '0.00', '0.00', '0.00'],
      ['2026-01-15', 'disbursed', '1200.00', '1200.00', '0.00', '1200.00'],
      ['2026-02-15', 'interest_accrued', '12.00', '0.00', '12.00', '1212.00'],
      ['2026-02-15', 'fell_due', '408.03', '396.03', '12.00', '1212.00'],
      ['2026-02-15', 'repaid', '100.00', '88.00', '12.00', '1112.00'],
      ['2026-02-16', 'interest_accrued', '0.29', '0.00', '0.29', '1112.29'],
      ['2026-02-16', 'repaid', '308.03', '308.03', '0.00', '804.26'],
    ],
  );
  assert.equal(statement.closing.total, '804.26');
  assert.equal(statement.loan.due.total, '0.00');
  assert.deepEqual([statement.loan.nextDueDate, statement.loan.nextDueAmount], ['2026-03-15', '408.03']);
});

test('a period stands between what was owed before and after it', async () => {
  const { opening, closing, lines } = created(
    await api.get<LoanStatementView>(`${path}?from=2026-02-01&to=2026-02-15`),
  );
  // Sixteen days of 31 were in the books at the end of January.
  assert.deepEqual([opening.total, closing.total], ['1206.19', '1112.00']);
  assert.deepEqual(
    lines.map(({ type, change }) => [type, change.total]),
    [
      ['interest_accrued', '5.81'],
      ['fell_due', '0.00'],
      ['repaid', '-100.00'],
    ],
  );
  const before = created(await api.get<LoanStatementView>(`${path}?to=2025-12-31`));
  assert.deepEqual([before.opening.total, before.closing.total, before.lines], ['0.00', '0.00', []]);
});

test('as CSV it is a row an event between two with what is owed', async () => {
  const { status, headers, text } = await api.get(`${path}?format=csv&from=2026-02-15`);
  assert.equal(status, 200);
  assert.equal(headers.get('content-type'), 'text/csv; charset=utf-8');
  assert.match(headers.get('content-disposition') ?? '', /^attachment; filename="loan_\w+-statement\.csv"$/);
  const rows = text.trimEnd().split('\n');
  assert.equal(rows.length, 8);
  assert.equal(
    rows[0],
    'number,date,businessDate,type,instalment,amount,currency,principal,interest,fees,penalties,' +
      'owedPrincipal,owedInterest,owedFees,owedPenalties,owedTotal,transactionId,reason,valueDate,change,customerReason',
  );
  assert.equal(rows[1], ',2026-02-15,,opening,,,EUR,,,,,1200.00,11.61,0.00,0.00,1211.61,,,,,');
  assert.equal(
    rows[2],
    ',2026-02-15,2026-02-15,interest_accrued,,0.39,EUR,0.00,0.39,0.00,0.00,1200.00,12.00,0.00,0.00,1212.00,,,2026-02-15,0.39,',
  );
  assert.equal(
    rows[3],
    '4,2026-02-15,2026-02-15,fell_due,1,408.03,EUR,396.03,12.00,0.00,0.00,1200.00,12.00,0.00,0.00,1212.00,,,2026-02-15,0.00,',
  );
  assert.equal(rows[6]?.startsWith('6,2026-02-16,2026-02-16,repaid,,308.03,EUR,308.03,'), true);
  assert.equal(rows[7], ',,,closing,,,EUR,,,,,803.97,0.29,0.00,0.00,804.26,,,,,');
});

test('as PDF it has the same, in whatever letters a name is written', async () => {
  const { status, headers, bytes } = await api.get(`${path}?format=pdf`);
  assert.equal(status, 200);
  assert.equal(headers.get('content-type'), 'application/pdf');
  const { pages, text } = readPdf(bytes);
  assert.equal(pages, 1);
  const pieces = text.split('\n');
  for (const piece of [
    `Statement of loan ${loan.id}`,
    'Łukasz Nguyễn-Ђорђевић',
    account.iban,
    '1200.00 EUR, paid out on 2026-01-15',
    '12 % a year, 30/360',
    '3, one every month, annuity',
    '408.03 EUR on 2026-03-15',
    'Instalment due (no. 1)',
    'Page 1 of 1',
  ]) {
    assert.ok(pieces.includes(piece), `${piece} is in\n${text}`);
  }
  const last = pieces.indexOf('308.03');
  assert.deepEqual(pieces.slice(last - 2, last + 6), [
    '2026-02-16',
    'Repayment',
    '308.03',
    '308.03',
    '0.00',
    '0.00',
    '0.00',
    '804.26',
  ]);
});

test('a customer sees the statement of its own loan, and of no other', async () => {
  const own = await api.as('customer', fromTypeId('customer', customer.id));
  created(await own.get<LoanStatementView>(path));
  const other = await api.as('customer', fromTypeId('customer', (await api.newCustomer()).id));
  refused(await other.get(`${path}?format=pdf`), 404, 'not_found');
});

test('what is no period and no format is refused', async () => {
  assert.deepEqual(badFields(await api.get(`${path}?from=2026-02-02&to=2026-02-01`)), ['to']);
  assert.deepEqual(badFields(await api.get(`${path}?from=2026-02-30`)), ['from']);
  assert.deepEqual(badFields(await api.get(`${path}?format=xml`)), ['format']);
});
