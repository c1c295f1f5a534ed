import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromTypeId } from '#lib/ids.ts';
import { isoDate } from '#lib/time/dates.ts';
import { badFields, created, openApi, refused } from '#test/support/api.ts';
import { TEST_CALLER } from '#test/support/bank.ts';
import { readPdf } from '#test/support/read-pdf.ts';

/* 10,000.00 at 10 % from 1 February on: 76.71 of interest for 28 days, and 19.17 of tax. */
const api = await openApi();
created(await api.post('/v1/business-date', { businessDate: '2026-01-31' }));
await api.bank.endOfDay.closeThrough(TEST_CALLER, isoDate('2026-01-31'));
const interest = { rate: '10', posting: 'monthly', tax: [{ name: 'Tax', percent: '25', rounding: 'down' }] };
created(
  await api.post('/v1/products', {
    code: 'taxed',
    currency: 'EUR',
    kind: 'savings',
    name: 'Savings',
    interest,
  }),
);
const owner = await api.newCustomer({ givenName: 'Ada', familyName: 'Byron' });
const account = await api.newAccount({ customerId: owner.id, product: 'taxed', balance: '10000.00' });
await api.bank.endOfDay.closeThrough(TEST_CALLER, isoDate('2026-02-28'));

const path = `/v1/accounts/${account.id}`;
type Certificate = Readonly<Record<string, string>>;

test('a year’s interest and tax are certified', async () => {
  const read = async () => {
    const found = created(await api.get<Certificate>(`${path}/interest-certificate?year=2026`));
    return [found.interestEarned, found.interestCharged, found.taxesWithheld];
  };
  assert.deepEqual(await read(), ['76.71', '0.00', '19.17']);
  assert.equal(
    created(await api.get<Certificate>(`${path}/interest-certificate?year=2025`)).interestEarned,
    '0.00',
  );
});

test('the statement of the month has them in its sums', async () => {
  type Statement = { readonly totals: Certificate; readonly lines: readonly { readonly type: string }[] };
  const { totals, lines } = created(await api.get<Statement>(`/v1/accounts/${account.id}/statements/1`));
  assert.deepEqual(
    lines.map(({ type }) => type),
    ['deposit', 'interest', 'withholding_tax'],
  );
  assert.deepEqual(
    [totals.interestEarned, totals.taxes, totals.credits, totals.debits],
    ['76.71', '19.17', '10076.71', '19.17'],
  );
});

test('the balance at the end of a date is confirmed', async () => {
  const found = created(await api.get<Certificate>(`${path}/balance-confirmation?asOf=2026-02-15`));
  assert.deepEqual([found.asOf, found.balance, found.iban], ['2026-02-15', '10000.00', account.iban]);
  assert.equal(created(await api.get<Certificate>(`${path}/balance-confirmation`)).balance, '10057.54');
});

test('both are printed', async () => {
  const certificate = readPdf((await api.get(`${path}/interest-certificate?year=2026&format=pdf`)).bytes);
  const confirmation = readPdf(
    (await api.get(`${path}/balance-confirmation?asOf=2026-02-15&format=pdf`)).bytes,
  );
  assert.deepEqual([certificate.pages, confirmation.pages], [1, 1]);
  for (const piece of ['Ada Byron', 'Interest earned', '76.71', 'Taxes withheld', '19.17']) {
    assert.ok(certificate.text.split('\n').includes(piece), certificate.text);
  }
  assert.ok(confirmation.text.split('\n').includes('10000.00'), confirmation.text);
});

test('nobody reads another one’s, and bad input is refused', async () => {
  const { id } = await api.newCustomer();
  const stranger = await api.as('customer', fromTypeId('customer', id));
  refused(await stranger.get(`${path}/balance-confirmation`), 404, 'not_found');
  refused(await stranger.get(`${path}/interest-certificate?year=2026`), 404, 'not_found');
  assert.equal(created(await api.get<{ year: number }>(`${path}/interest-certificate`)).year, 2025);
  assert.deepEqual(badFields(await api.get(`${path}/interest-certificate?year=2999`)), ['year']);
  assert.deepEqual(badFields(await api.get(`${path}/balance-confirmation?asOf=2999-01-01`)), ['asOf']);
  assert.deepEqual(badFields(await api.get(`${path}/balance-confirmation?format=csv`)), ['format']);
});

test('interest that was corrected downwards is taken off', async () => {
  await api.withdraw(account, '1000.00', { valueDate: '2026-02-15' });
  await api.bank.endOfDay.closeThrough(TEST_CALLER, isoDate('2026-03-01'));
  const found = created(await api.get<Certificate>(`${path}/interest-certificate?year=2026`));
  // 1,000.00 less for 14 days: 76.7123 less 3.8356.
  assert.deepEqual([found.interestEarned, found.interestCharged], ['72.88', '0.00']);
});
