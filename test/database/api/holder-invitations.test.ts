import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { InvitationView } from '#features/accounts/invitations/schemas.ts';
import type { AccountView } from '#features/accounts/schemas.ts';
import { fromTypeId } from '#lib/ids.ts';
import { created, openApi, type Page, refused, type TestApi } from '#test/support/api.ts';

const bank = await openApi();

async function newUser(): Promise<{ id: string; api: TestApi }> {
  const { id } = await bank.newCustomer();
  return { id, api: await bank.as('customer', fromTypeId('customer', id)) };
}

const owner = await newUser();
const friend = await newUser();
const stranger = await newUser();

const newAccount = () => bank.newAccount({ customerId: owner.id });
const invite = (api: TestApi, account: { id: string }, customerId: string, role = 'joint') =>
  api.post<InvitationView>(`/v1/accounts/${account.id}/invitations`, { customerId, role });
const answer = (api: TestApi, { id }: InvitationView, verb: 'accept' | 'decline') =>
  api.post<InvitationView>(`/v1/holder-invitations/${id}/${verb}`, {});
const rolesOf = async (account: { id: string }) =>
  created(await bank.get<AccountView>(`/v1/accounts/${account.id}`)).holders;

test('an owner invites, and the other holds the account once it accepts', async () => {
  const account = await newAccount();
  const invitation = created(await invite(owner.api, account, friend.id));
  assert.equal(invitation.status, 'open');
  refused(await friend.api.get(`/v1/accounts/${account.id}`), 404, 'not_found');
  assert.equal((await rolesOf(account)).length, 1, 'nobody holds an account unasked');
  const seen = created(await friend.api.get<Page<InvitationView>>('/v1/holder-invitations'));
  assert.ok(seen.data.some(({ id }) => id === invitation.id));
  refused(await answer(stranger.api, invitation, 'accept'), 404, 'not_found');
  const byOwner = refused(await answer(owner.api, invitation, 'accept'), 403, 'forbidden');
  assert.match(String(byOwner.detail), /Only the customer who is invited accepts/);
  assert.equal(created(await answer(friend.api, invitation, 'accept')).status, 'accepted');
  assert.deepEqual(await rolesOf(account), [
    { customerId: owner.id, role: 'owner' },
    { customerId: friend.id, role: 'joint' },
  ]);
  refused(await answer(friend.api, invitation, 'accept'), 409, 'invitation_not_open');
  refused(await invite(owner.api, account, friend.id), 409, 'holder_exists');
  const rows = await bank.asOwner<{ operation: string }>(
    `select operation from audit_log where resource_id in ('${invitation.id}', '${account.id}') order by audit_id`,
  );
  assert.deepEqual(
    rows.map(({ operation }) => operation),
    ['openAccount', 'inviteHolder', 'acceptHolderInvitation'],
  );
});

test('an invitation is declined, withdrawn, or over after a fortnight, and there is one at a time', async () => {
  const account = await newAccount();
  const first = created(await invite(owner.api, account, friend.id));
  refused(await invite(owner.api, account, friend.id), 409, 'invitation_exists');
  assert.equal(created(await answer(friend.api, first, 'decline')).status, 'declined');
  const second = created(await invite(owner.api, account, friend.id));
  assert.equal(created(await answer(owner.api, second, 'decline')).status, 'withdrawn');
  const third = created(await invite(owner.api, account, friend.id));
  const nowMs = bank.bank.clock.nowMs();
  bank.bank.clock.setMs(nowMs + 14 * 24 * 60 * 60_000);
  refused(await answer(friend.api, third, 'accept'), 409, 'invitation_not_open');
  const { data } = created(
    await owner.api.get<Page<InvitationView>>(`/v1/holder-invitations?accountId=${account.id}`),
  );
  assert.deepEqual(
    data.map(({ status }) => status),
    ['expired', 'withdrawn', 'declined'],
  );
  created(await invite(owner.api, account, friend.id));
  bank.bank.clock.setMs(nowMs);
  assert.equal((await rolesOf(account)).length, 1);
});

test('an invitation that is answered twice at once is answered once', async () => {
  const account = await newAccount();
  const invitation = created(await invite(owner.api, account, friend.id));
  const answers = await Promise.all([
    answer(friend.api, invitation, 'accept'),
    answer(friend.api, invitation, 'accept'),
    answer(friend.api, invitation, 'decline'),
    answer(owner.api, invitation, 'decline'),
  ]);
  assert.equal(answers.filter(({ status }) => status === 200).length, 1);
  for (const one of answers) if (one.status !== 200) refused(one, 409, 'invitation_not_open');
});

test('a stranger sees no invitation of others, and invites nobody to what it does not own', async () => {
  const account = await newAccount();
  const invitation = created(await invite(owner.api, account, friend.id));
  assert.deepEqual(created(await stranger.api.get<Page<unknown>>('/v1/holder-invitations')).data, []);
  refused(await answer(stranger.api, invitation, 'decline'), 404, 'not_found');
  refused(await invite(stranger.api, account, stranger.id), 404, 'not_found');
  refused(await invite(owner.api, account, 'cus_01h455vb4pex5vsknk084sn02q'), 404, 'not_found');
});

test('a holder leaves, and the owner does not', async () => {
  const account = await newAccount();
  created(
    await answer(friend.api, created(await invite(owner.api, account, friend.id, 'authorised')), 'accept'),
  );
  const holders = `/v1/accounts/${account.id}/holders?customerId=`;
  refused(await stranger.api.delete(`${holders}${stranger.id}`), 404, 'not_found');
  refused(await owner.api.delete(`${holders}${owner.id}`), 422, 'owner_stays');
  created(await friend.api.delete(`${holders}${friend.id}`));
  assert.deepEqual(await rolesOf(account), [{ customerId: owner.id, role: 'owner' }]);
  refused(await friend.api.get(`/v1/accounts/${account.id}`), 404, 'not_found');
});

test('a manager makes another holder the owner when an owner has died, and the account goes on', async () => {
  const account = await bank.newAccount({ customerId: owner.id, balance: '10.00' });
  const reason = 'The owner died; the heirs agreed.';
  const change = (api: TestApi, customerId: string) =>
    api.post<AccountView>(`/v1/accounts/${account.id}/owner`, { customerId, reason });
  created(await bank.post(`/v1/accounts/${account.id}/holders`, { customerId: friend.id, role: 'joint' }));
  const teller = await bank.as('teller');
  await bank.leavesNothing(async () => {
    for (const api of [owner.api, friend.api, teller])
      refused(await change(api, friend.id), 403, 'forbidden');
  });
  refused(await change(bank, stranger.id), 409, 'not_a_holder');
  refused(await change(bank, owner.id), 409, 'not_a_holder');
  const after = created(await change(bank, friend.id));
  assert.equal(after.customerId, friend.id);
  assert.deepEqual(after.holders, [{ customerId: friend.id, role: 'owner' }]);
  assert.equal(after.balance.posted, '10.00');
  refused(await owner.api.get(`/v1/accounts/${account.id}`), 404, 'not_found');
  created(await friend.api.get(`/v1/accounts/${account.id}`));
  await bank.assertVerified();
});
