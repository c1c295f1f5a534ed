import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AuditEntryView } from '#features/audit/schemas.ts';
import { badFields, created, openApi, type Page, refused } from '#test/support/api.ts';

const api = await openApi();
const admin = await api.as('admin');
const { id: actor } = created(await api.get<{ id: string }>('/v1/auth/me'));

async function list(query: string): Promise<readonly AuditEntryView[]> {
  return created(await admin.get<Page<AuditEntryView>>(`/v1/audit-log?${query}`)).data;
}

test('what is done to a customer is written down with what changed, and no national id', async () => {
  const customer = await api.newCustomer({ nationalId: 'SECRET-1234', email: 'ada@example.com' });
  const changed = await api.patch(
    `/v1/customers/${customer.id}`,
    { email: 'lovelace@example.com', nationalId: 'SECRET-5678' },
    '"1"',
  );
  assert.equal(changed.status, 200, changed.text);
  created(await api.post(`/v1/customers/${customer.id}/close`, {}));
  const rows = await list(`resource=${customer.id}`);
  assert.deepEqual(rows.map(({ action, before, after }) => ({ action, before, after })).slice(0, 2), [
    {
      action: 'closeCustomer',
      before: { status: 'active', version: 2 },
      after: { status: 'closed', version: 3 },
    },
    {
      action: 'changeCustomer',
      before: { email: 'ada@example.com', version: 1 },
      after: { email: 'lovelace@example.com', version: 2 },
    },
  ]);
  assert.equal(rows[2]?.action, 'createCustomer');
  assert.equal(rows[2]?.before, null);
  assert.equal(rows[2]?.after?.givenName, 'Ada');
  assert.equal(rows[0]?.actor, actor);
  assert.doesNotMatch(JSON.stringify(rows), /SECRET|1234|5678/);
});

test('a refused change leaves no row, and a deletion names nobody', async () => {
  const customer = await api.newCustomer();
  await api.leavesNothing(async () => {
    const stale = await api.patch(`/v1/customers/${customer.id}`, { email: 'x@example.com' }, '"9"');
    refused(stale, 412, 'version_conflict');
  });
  assert.equal((await api.delete(`/v1/customers/${customer.id}`)).status, 204);
  const [row] = await list(`resource=${customer.id}`);
  assert.equal(row?.action, 'deleteCustomer');
  assert.deepEqual(row?.before, { type: 'person', status: 'active', version: 1 });
  assert.equal(row?.after, null);
});

test('what is about a person is sealed in the table, and told while the person is there', async () => {
  const customer = await api.newCustomer({ givenName: 'Grace', externalId: 'C-77' });
  const change = await api.patch(`/v1/customers/${customer.id}`, { familyName: 'Hopper' }, '"1"');
  assert.equal(change.status, 200, change.text);
  const stored = await api.asOwner<{ row: string }>(
    `select a::text as row from audit_log a where resource_id = '${customer.id}'`,
  );
  assert.equal(stored.length, 2);
  assert.doesNotMatch(JSON.stringify(stored), /Grace|Lovelace|Hopper|C-77|Lindenstr|example\.com/);
  const [changed, made] = await list(`resource=${customer.id}`);
  assert.deepEqual(changed?.before, { familyName: 'Lovelace', version: 1 });
  assert.deepEqual(changed?.after, { familyName: 'Hopper', version: 2 });
  assert.equal(made?.after?.externalId, 'C-77');
  assert.equal((await api.delete(`/v1/customers/${customer.id}`)).status, 204);
  const [, changedThen] = await list(`resource=${customer.id}`);
  assert.deepEqual(changedThen?.before, { personal: 'erased', version: 1 });
});

test('the list is paged and filtered', async () => {
  for (let index = 0; index < 5; index++) await api.newCustomer();
  const all = await list('limit=100');
  const pages = await admin.allPages<AuditEntryView>('/v1/audit-log', 2);
  assert.deepEqual(
    pages.flat().map(({ id }) => id),
    all.map(({ id }) => id),
  );
  assert.equal((await list('actor=nobody')).length, 0);
  // The rest is about the two users who do all this: that they were taken on, and the other one's login.
  const own = all.filter((row) => row.actor === actor);
  assert.equal(own.length, all.length - 3);
  assert.equal((await list(`actor=${actor}&limit=100`)).length, own.length);
  assert.ok((await list('action=createCustomer')).every(({ action }) => action === 'createCustomer'));
  assert.equal((await list('resource=customer&limit=100')).length, own.length - 1);
  assert.equal((await list('resource=account')).length, 0);
  assert.equal((await list('from=2026-01-14&to=2026-01-14&limit=100')).length, all.length);
  assert.equal((await list('to=2026-01-13')).length, 0);
  assert.equal((await list('from=2026-01-14T12:00:00.001Z')).length, 0);
  assert.equal((await list('from=2026-01-14T12:00:00Z&limit=100')).length, all.length);
  assert.equal((await list('to=2026-01-14T12:00:00Z')).length, 0);
  assert.deepEqual(badFields(await admin.get('/v1/audit-log?from=yesterday')), ['from']);
  assert.deepEqual(badFields(await admin.get('/v1/audit-log?cursor=abc')), ['cursor']);
  assert.equal((await admin.get('/v1/audit-log?to=9999-12-31')).status, 200);
});
