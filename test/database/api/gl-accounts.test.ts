import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { GlAccountView } from '#features/accounting/chart/schemas.ts';
import { badFields, created, openApi, type Page, refused } from '#test/support/api.ts';

const api = await openApi();
const LIST = '/v1/accounting/gl-accounts';

const make = (fields: Record<string, unknown>) =>
  api.post<GlAccountView>(LIST, { name: 'A line', class: 'expense', ...fields });
const change = (code: string, fields: Record<string, unknown>, etag = '*') =>
  api.patch<GlAccountView>(`${LIST}/${code}`, fields, etag);
const lineOf = async (code: string) => created(await api.get<GlAccountView>(`${LIST}/${code}`));

test('a line is made in a group, and the line above it becomes one', async () => {
  const group = created(await make({ code: '61', name: 'Premises' }));
  assert.deepEqual(group, {
    code: '61',
    name: 'Premises',
    class: 'expense',
    parent: null,
    isGroup: false,
    manualPosting: true,
    control: false,
    retired: false,
    version: 1,
  });
  const answer = await make({ code: '6100', name: 'Rent', parent: '61', manualPosting: false });
  assert.deepEqual([answer.status, answer.headers.get('location')], [201, `${LIST}/6100`]);
  assert.deepEqual([answer.body.parent, answer.body.manualPosting], ['61', false]);
  assert.equal((await lineOf('61')).isGroup, true);
  const { data } = created(await api.get<Page<GlAccountView>>(LIST));
  assert.deepEqual(
    data.map(({ code }) => code),
    data.map(({ code }) => code).toSorted(),
  );
  created(await change('6100', { parent: null }));
  assert.deepEqual([(await lineOf('61')).isGroup, (await lineOf('6100')).parent], [false, null]);
  await api.assertVerified();
});

test('lines of the program are grouped, and are posted to by hand where it says so', async () => {
  created(await make({ code: '10', name: 'Liquid assets', class: 'asset' }));
  const cash = created(await change('1000', { parent: '10' }));
  assert.deepEqual([cash.parent, cash.manualPosting, cash.control], ['10', true, false]);
  const lines = await Promise.all(['1100', '1200', '2000', '3100'].map(lineOf));
  assert.deepEqual(
    lines.map(({ manualPosting, control }) => [manualPosting, control]),
    [
      [false, false],
      [false, true],
      [false, true],
      [true, false],
    ],
  );
  assert.equal(created(await change('1100', { manualPosting: true })).manualPosting, true);
  refused(await change('2000', { manualPosting: true }), 422, 'gl_control_line');
  refused(await change('1000', { class: 'expense' }), 409, 'gl_account_in_use');
  refused(await change('1000', { retired: true }), 409, 'gl_account_in_use');
});

test('a change needs the version that was read', async () => {
  created(await make({ code: '6200' }));
  const { headers } = await change('6200', { name: 'Wages' }, '"1"');
  assert.equal(headers.get('etag'), '"2"');
  refused(await change('6200', { name: 'Salaries' }, '"1"'), 412, 'version_conflict');
  refused(await api.patch(`${LIST}/6200`, { name: 'x' }, undefined), 428, 'precondition_required');
  refused(await change('999', { name: 'Salaries' }), 404, 'not_found');
  assert.equal(created(await change('6200', { class: 'income' })).class, 'income');
  assert.equal(created(await change('6200', { retired: true })).retired, true);
});

test('a line that breaks a rule of the chart is refused, and leaves nothing', async () => {
  created(await make({ code: '63' }));
  created(await make({ code: '6300', parent: '63' }));
  created(await make({ code: '6301' }));
  await api.leavesNothing(async () => {
    refused(await make({ code: '6300' }), 409, 'gl_account_exists');
    refused(await make({ code: '6390', parent: '9999' }), 422, 'unknown_gl_account');
    refused(await make({ code: '6390', parent: '1000', class: 'asset' }), 409, 'gl_account_in_use');
    refused(await make({ code: '6390', parent: '2000', class: 'liability' }), 409, 'gl_account_in_use');
    const differs = refused(
      await make({ code: '6390', parent: '63', class: 'income' }),
      422,
      'gl_class_differs',
    );
    assert.equal(differs.errors?.[0]?.message, 'must be of the class income');
    refused(await make({ code: '6390', control: true, manualPosting: true }), 422, 'gl_control_line');
    refused(await change('63', { class: 'income' }), 409, 'gl_account_in_use');
    refused(await change('63', { retired: true }), 409, 'gl_account_in_use');
    assert.deepEqual(badFields(await change('63', { parent: '6300' })), ['parent']);
    assert.deepEqual(badFields(await change('6301', { parent: '6301' })), ['parent']);
    assert.deepEqual(badFields(await change('6301', {})), ['body']);
    assert.deepEqual(badFields(await make({ code: '63a', name: ' ' })), ['code', 'name']);
    assert.deepEqual(badFields(await make({ code: '12345678901' })), ['code']);
    assert.deepEqual(badFields(await make({ code: '6390', class: 'profit' })), ['class']);
    assert.deepEqual(badFields(await make({ code: '6390', colour: 'red' })), ['colour']);
  });
});

test('a chain of groups is at most six deep', async () => {
  created(await make({ code: '7' }));
  for (let depth = 1; depth <= 6; depth += 1) {
    created(await make({ code: '7'.repeat(depth + 1), parent: '7'.repeat(depth) }));
  }
  assert.deepEqual(badFields(await make({ code: '77777777', parent: '7777777' })), ['parent']);
});

test('a name in a path that nothing can have is a 404, whatever the path', async () => {
  for (const path of [
    'accounting/gl-accounts/%00',
    'products/%00',
    'products/a%00/versions',
    'reference-rates/%00',
  ]) {
    const { status } = await api.get(`/v1/${path}`);
    assert.equal(status, 404, path);
  }
});
