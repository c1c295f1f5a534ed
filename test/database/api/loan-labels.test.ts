import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LoanAnswerView, LoanEventView, LoanView } from '#features/loans/schemas.ts';
import { isoDate } from '#lib/time/dates.ts';
import { type Answer, badFields, created, openApi, type Page, refused } from '#test/support/api.ts';
import { newKey, TEST_CALLER } from '#test/support/bank.ts';
import { Lending } from './loans.ts';

const api = await openApi();
const lending = new Lending(api);
const account = await api.newAccount({ balance: '500.00' });
const loan = await lending.newLoan(account, { externalId: newKey(), metadata: { file: '7' } });
await api.bank.endOfDay.closeThrough(TEST_CALLER, isoDate(loan.asOf));

const labelsOf = (one: Pick<LoanEventView, 'externalId' | 'metadata'> | null | undefined) => [
  one?.externalId,
  one?.metadata,
];
const happened = async (of: LoanView, query = '') =>
  created(await api.get<Page<LoanEventView>>(`/v1/loans/${of.id}/transactions?${query}`)).data;
const newLabels = () => ({ externalId: newKey(), metadata: { shop: 'north', amountMinor: 'much' } });

const WAYS: Readonly<Record<string, (labels: object, key?: string) => Promise<Answer<LoanAnswerView>>>> = {
  'from an account': (labels, key) => lending.repay(loan, '1.00', { ...labels }, key),
  'in cash': (labels, key) => lending.repay(loan, '1.00', { from: 'cash', ...labels }, key),
  'from an earlier date': (labels, key) =>
    lending.repay(loan, '1.00', { valueDate: loan.asOf, ...labels }, key),
};

for (const [way, repay] of Object.entries(WAYS)) {
  test(`a repayment ${way} shows its labels among what happened to the loan, which finds it by them`, async () => {
    const [labels, key] = [newLabels(), newKey()];
    const { transaction } = created(await repay(labels, key));
    assert.deepEqual(labelsOf(transaction), [labels.externalId, labels.metadata]);
    assert.deepEqual(created(await repay(labels, key)).transaction, transaction);
    refused(await repay({ externalId: labels.externalId }, key), 422, 'idempotency_key_reused');
    const found = await happened(loan, `externalId=${labels.externalId}`);
    assert.deepEqual(found, [transaction]);
    assert.deepEqual(await happened(loan, 'externalId=absent'), []);
    await api.leavesNothing(async () => {
      const twin = await repay({ externalId: labels.externalId });
      refused(twin, 409, 'external_id_exists');
      assert.deepEqual(badFields(await repay({ externalId: ' ' })), ['externalId']);
    });
    assert.deepEqual(labelsOf(created(await repay({})).transaction), [null, {}]);
  });
}

test('what happened to another loan is not found by the labels of one, and a loan keeps its own', async () => {
  const labels = newLabels();
  const after = created(await lending.repay(loan, '1.00', labels));
  assert.deepEqual(labelsOf(after), labelsOf(loan));
  const other = await lending.newLoan(account);
  assert.deepEqual(await happened(other, `externalId=${labels.externalId}`), []);
});

test('two at once in cash with one external id: one is booked', async () => {
  const externalId = newKey();
  const others = [loan, await lending.newLoan(account), await lending.newLoan(account)];
  const answers = await Promise.all(
    others.map((each) => lending.repay(each, '1.00', { from: 'cash', externalId })),
  );
  const count = (wanted: number) => answers.filter(({ status }) => status === wanted).length;
  assert.deepEqual([count(201), count(409)], [1, 2]);
});

test('the books verify after all that', () => api.assertVerified());
