import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { OwnUserView } from '#identity/users/schemas.ts';
import { ROLES } from '#lib/caller.ts';
import { SCOPES } from '#lib/scopes.ts';
import { created, openApi, refused } from '#test/support/api.ts';
import { openSecondBook } from '#test/support/second-book.ts';
import { Callers, isPublic, PROMISED } from './callers.ts';
import { readOperations } from './operations.ts';
import { request, textOf } from './requests.ts';
import { ABSENT, makeWorld, type World } from './worlds.ts';

const api = await openApi();
const operations = await readOperations(api);
const customerId = await api.bank.newCustomer();
const callers = await Callers.of(api, customerId);
const worlds: ReadonlyMap<string, World> = new Map([
  ['own', await makeWorld(api.bank, { customerId })],
  ['a foreign customer’s', await makeWorld(api.bank)],
  ['another book’s', await makeWorld((await openSecondBook(api.bank)).services)],
  ['absent', ABSENT],
]);

test('the table promises something of every operation, and of nothing else', () => {
  assert.ok(operations.length >= 45, 'the operations were found');
  assert.deepEqual([...PROMISED.keys()].sort(), operations.map(({ id }) => id).sort());
});

test('each user reads what it may call, and nothing else', async () => {
  for (const [role, user] of callers.users) {
    const { operations: told } = created(await user.get<OwnUserView>('/v1/auth/me'));
    const promised = [...PROMISED].map(([id, cells]) => [id, cells.get(role)] as const);
    const open = promised.filter(([, cell]) => cell !== '-');
    assert.deepEqual(
      told,
      Object.fromEntries(open.map(([id, cell]) => [id, cell === 'own' ? 'own' : 'yes'])),
    );
  }
});

test('every scope opens something', () => {
  const used = new Set([...PROMISED.values()].map((cells) => cells.get('scope')));
  assert.deepEqual(
    SCOPES.filter((scope) => !used.has(scope)),
    [],
  );
});

describe('whoever is not named in the table is told so alike, whatever it is about, and changes nothing:', () => {
  for (const operation of operations) {
    if (isPublic(operation.id)) continue;
    test(operation.id, async () => {
      await api.leavesNothing(async () => {
        // A user learns nothing more; a service learns which scope its key lacks.
        const refusals = { user: new Set<string>(), key: new Set<string>() };
        for (const [whose, world] of worlds) {
          const ids = { own: world, others: world };
          refused(await request(callers.nobody, operation, ids), 401, 'unauthenticated');
          for (const { name, api: caller, isAllowed } of callers.asking(operation)) {
            if (isAllowed) continue;
            const answer = await request(caller, operation, ids);
            assert.equal(answer.status, 403, `${name}, ${whose}: ${answer.text}`);
            refused(answer, 403, 'forbidden');
            refusals[name.startsWith('an API key') ? 'key' : 'user'].add(textOf(answer));
          }
        }
        for (const said of Object.values(refusals)) assert.ok(said.size <= 1, 'refusals say the same');
      });
    });
  }
});

test('logging out ends the own session', async () => {
  for (const role of ROLES) {
    const user = await api.as(role, role === 'customer' ? customerId : undefined);
    assert.equal((await user.raw('POST', '/v1/auth/logout', '')).status, 204, role);
  }
});

test('the document says of every operation what it asks for', () => {
  for (const { id, security, statuses } of operations) {
    assert.deepEqual(security, isPublic(id) ? [] : [{ bearer: [] }], id);
    if (!isPublic(id)) assert.ok(statuses.includes('401') && statuses.includes('403'), id);
  }
});
