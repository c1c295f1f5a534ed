import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import type { JournalEntryView } from '#features/accounting/journal/schemas.ts';
import type { TrialBalanceView } from '#features/accounting/schemas.ts';
import type { ApiKeyView } from '#identity/api-keys/schemas.ts';
import { badFields, created, openApi, type Page, refused } from '#test/support/api.ts';
import { newKey } from '#test/support/bank.ts';

const api = await openApi();
const LIST = '/v1/accounting/journal-entries';
const LINES = '/v1/accounting/gl-accounts';

const line = (glAccount: string, side: string, amount: string, currency = 'EUR') => ({
  glAccount,
  side,
  amount,
  currency,
});
const entry = (lines: object[], fields: object = {}) => ({ reason: 'A reason', lines, ...fields });
const CAPITAL = entry([line('1000', 'debit', '500.00'), line('3000', 'credit', '500.00')]);
const book = (body: Record<string, unknown>, key = newKey()) => api.pay<JournalEntryView>(LIST, body, key);
const reverse = (id: string, fields: object = {}, key = newKey()) =>
  api.pay<JournalEntryView>(`${LIST}/${id}/reverse`, { reason: 'Booked twice', ...fields }, key);

for (const [code, name] of [
  ['6100', 'Rent'],
  ['6200', 'Wages'],
  ['6300', 'Power'],
]) {
  created(await api.post(LINES, { code, name, class: 'expense' }));
}

test('an entry of many lines in two currencies moves each line of the chart by what it says', async () => {
  const body = entry(
    [
      line('6100', 'debit', '70.01'),
      line('1000', 'credit', '100.00'),
      line('6200', 'debit', '29.98'),
      line('3000', 'credit', '0.01'),
      line('6300', 'debit', '0.02'),
      line('1000', 'credit', '900', 'JPY'),
      line('6100', 'debit', '900', 'JPY'),
    ],
    {
      reason: 'Costs of January',
      reference: 'Invoice 4711',
      externalId: 'COSTS-01',
      metadata: { branch: 'north' },
      attachments: [{ name: 'Invoice.pdf', url: 'https://example.com/4711', sha256: 'A'.repeat(64) }],
    },
  );
  const key = newKey();
  const answer = await book(body, key);
  const made = created(answer);
  assert.equal(answer.headers.get('location'), `${LIST}/${made.id}`);
  assert.match(made.id, /^je_/);
  assert.deepEqual(
    made.lines.map(({ glAccount, side, amount, currency }) => `${glAccount} ${side} ${amount} ${currency}`),
    [
      '6100 debit 70.01 EUR',
      '6200 debit 29.98 EUR',
      '6300 debit 0.02 EUR',
      '1000 credit 100.00 EUR',
      '3000 credit 0.01 EUR',
      '6100 debit 900 JPY',
      '1000 credit 900 JPY',
    ],
  );
  assert.deepEqual(
    [made.kind, made.reason, made.reference, made.externalId, made.metadata, made.reversedBy, made.valueDate],
    ['journal', 'Costs of January', 'Invoice 4711', 'COSTS-01', { branch: 'north' }, null, '2026-01-14'],
  );
  assert.deepEqual(made.attachments, [
    { name: 'Invoice.pdf', url: 'https://example.com/4711', id: null, sha256: 'a'.repeat(64) },
  ]);
  assert.deepEqual(created(await api.get(`${LIST}/${made.id}`)), made);
  const { lines } = created(await api.get<TrialBalanceView>('/v1/accounting/trial-balance'));
  assert.deepEqual(
    lines.map(({ code, currency, debit, credit }) => [code, currency, debit, credit]),
    [
      ['1000', 'EUR', '0.00', '100.00'],
      ['1000', 'JPY', '0', '900'],
      ['3000', 'EUR', '0.00', '0.01'],
      ['6100', 'EUR', '70.01', '0.00'],
      ['6100', 'JPY', '900', '0'],
      ['6200', 'EUR', '29.98', '0.00'],
      ['6300', 'EUR', '0.02', '0.00'],
    ],
  );
  const again = await book(body, key);
  assert.deepEqual([again.headers.get('idempotent-replayed'), again.body], ['true', made]);
  refused(await book({ ...body, reason: 'Other' }, key), 422, 'idempotency_key_reused');
  refused(await book(body), 409, 'external_id_exists');
  await api.assertVerified();
});

test('a hundred lines at once are paired exactly', async () => {
  const debits = Array.from({ length: 100 }, (_, at) => line('6100', 'debit', `${at + 1}.${10 + (at % 80)}`));
  const total = debits.reduce((sum, { amount }) => sum + BigInt(amount.replace('.', '')), 0n);
  const rest = total - 100_000n;
  const credits = [
    line('1000', 'credit', '1000.00'),
    line('3000', 'credit', `${rest / 100n}.${String(rest % 100n).padStart(2, '0')}`),
  ];
  const made = created(await book(entry([...credits, ...debits])));
  assert.equal(made.lines[0]?.amount, `${total / 100n}.${String(total % 100n).padStart(2, '0')}`);
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from postings group by entry_id order by 1 desc limit 1`.execute(
    api.bank.db,
  );
  assert.equal(rows[0]?.count, 101);
});

test('an entry is reversed once, by an entry of its own', async () => {
  const made = created(await book(CAPITAL));
  const key = newKey();
  const reversal = created(await reverse(made.id, { reference: 'Memo 1' }, key));
  assert.deepEqual(
    [reversal.kind, reversal.reverses, reversal.reason, reversal.reference],
    ['reversal', made.id, 'Booked twice', 'Memo 1'],
  );
  assert.deepEqual(
    reversal.lines.map(({ glAccount, side }) => `${glAccount} ${side}`),
    ['3000 debit', '1000 credit'],
  );
  assert.equal(created(await api.get<JournalEntryView>(`${LIST}/${made.id}`)).reversedBy, reversal.id);
  assert.deepEqual((await reverse(made.id, { reference: 'Memo 1' }, key)).body, reversal);
  refused(await reverse(made.id), 409, 'already_reversed');
  refused(await reverse(reversal.id), 422, 'journal_entry_not_reversible');
  const account = await api.newAccount({ balance: '10.00' });
  const { id } = await api.deposit(account, '5.00');
  const ofDeposit = id.replace('txn_', 'je_');
  assert.equal(created(await api.get<JournalEntryView>(`${LIST}/${ofDeposit}`)).reason, null);
  refused(await reverse(ofDeposit), 422, 'journal_entry_not_reversible');
  refused(
    await api.pay(`/v1/transactions/${made.id.replace('je_', 'txn_')}/reverse`, { reason: 'x' }),
    404,
    'not_found',
  );
  await api.assertVerified();
});

test('entries by hand are listed newest first, and found by what they say', async () => {
  const old = created(await book({ ...CAPITAL, valueDate: '2025-11-30', reference: 'Old' }));
  const ids = async (query: string) =>
    (await api.allPages<JournalEntryView>(`${LIST}?${query}`, 2)).flat().map(({ id }) => id);
  const all = await ids('');
  assert.deepEqual(all, all.toSorted().toReversed());
  assert.ok(all.length > 3);
  assert.deepEqual(await ids('to=2025-12-31'), [old.id]);
  assert.deepEqual(await ids('from=2025-11-30&to=2025-11-30&reference=Old&kind=journal'), [old.id]);
  assert.equal((await ids('kind=reversal')).length, 1);
  assert.equal((await ids('externalId=COSTS-01')).length, 1);
  const { data } = created(await api.get<Page<JournalEntryView>>(`${LIST}?kind=year_end`));
  assert.deepEqual(data, []);
});

test('an entry that breaks a rule is refused, and leaves nothing', async () => {
  const [cash, capital] = CAPITAL.lines;
  const customer = await api.newAccount({ balance: '10.00' });
  created(await api.post(LINES, { code: '64', name: 'A group', class: 'expense' }));
  created(await api.post(LINES, { code: '6400', name: 'In it', class: 'expense', parent: '64' }));
  created(await api.post(LINES, { code: '6500', name: 'Old', class: 'expense' }));
  created(await api.patch(`${LINES}/6500`, { retired: true }, '*'));
  const withLine = (glAccount: string) => entry([line(glAccount, 'debit', '500.00'), capital!]);
  await api.leavesNothing(async () => {
    const uneven = await book(entry([cash!, line('3000', 'credit', '499.99')]));
    refused(uneven, 422, 'entry_not_balanced');
    const inJpy = [line('1000', 'debit', '5', 'JPY'), line('3000', 'credit', '5')];
    refused(await book(entry([cash!, capital!, ...inJpy])), 422, 'entry_not_balanced');
    for (const [code, problem] of [
      ['9999', 'unknown_gl_account'],
      [customer.number, 'unknown_gl_account'],
      ['2000', 'gl_control_line'],
      ['1200', 'gl_control_line'],
      ['1100', 'gl_account_not_manual'],
      ['64', 'gl_account_not_manual'],
      ['6500', 'gl_account_not_manual'],
    ] as const) {
      refused(await book(withLine(code)), 422, problem);
    }
    const krona = [line('1000', 'debit', '5', 'SEK'), line('3000', 'credit', '5', 'SEK')];
    refused(await book(entry(krona)), 422, 'currency_mismatch');
    const both = entry([cash!, line('1000', 'credit', '500.00')]);
    assert.deepEqual(badFields(await book(both)), ['lines[1].side']);
    const wrong = entry([line('1000', 'debit', '0'), line('3000', 'left', '1.234')], { reason: '' });
    assert.deepEqual(badFields(await book(wrong)), [
      'lines[0].amount',
      'lines[1].side',
      'lines[1].amount',
      'reason',
    ]);
    assert.deepEqual(badFields(await book(entry([cash!]))), ['lines']);
    assert.deepEqual(badFields(await book({ ...CAPITAL, valueDate: '2026-01-15' })), ['valueDate']);
    const papers = [{ name: 'A' }, { name: 'B', url: 'u', id: 'i' }, { name: 'C', id: 'i', sha256: 'zz' }];
    assert.deepEqual(badFields(await book({ ...CAPITAL, attachments: papers })).toSorted(), [
      'attachments[0]',
      'attachments[1]',
      'attachments[2].sha256',
    ]);
    assert.deepEqual(badFields(await book({ ...CAPITAL, attachments: papers.slice(0, 2) })), [
      'attachments[0]',
      'attachments[1]',
    ]);
    refused(await api.post(LIST, CAPITAL), 400, 'idempotency_key_required');
    refused(await reverse('je_01h455vb4pex5vsknk084sn02q'), 404, 'not_found');
  });
});

test('who may book by hand: managers, and keys with a scope of its own up to their amount', async () => {
  for (const role of ['admin', 'teller', 'auditor'] as const) {
    refused(await (await api.as(role)).pay(LIST, CAPITAL), 403, 'forbidden');
  }
  const admin = await api.as('admin');
  const key = async (scopes: string[], fields: object = {}) => {
    const made = created(
      await admin.post<ApiKeyView & { token: string }>('/v1/api-keys', { name: 'books', scopes, ...fields }),
    );
    return api.withToken(() => Promise.resolve(made.token));
  };
  refused(await (await key(['accounting:write'])).pay(LIST, CAPITAL), 403, 'forbidden');
  const small = await key(['accounting:post'], { largestAmount: { amount: '499.99', currency: 'EUR' } });
  refused(await small.pay(LIST, CAPITAL), 403, 'api_key_limit');
  created(await (await key(['accounting:post'])).pay(LIST, CAPITAL));
});
