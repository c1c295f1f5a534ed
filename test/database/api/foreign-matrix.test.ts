import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { SCOPES } from '#lib/scopes.ts';
import { login, newUser } from '#test/database/identity/users/staff.ts';
import { type Answer, openApi, refused } from '#test/support/api.ts';
import { TEST_CALLER } from '#test/support/bank.ts';
import { openSecondBook } from '#test/support/second-book.ts';
import { type Asking, Callers, isPublic } from './callers.ts';
import { type IdSlot, type Operation, readOperations } from './operations.ts';
import { request, textOf } from './requests.ts';
import { ABSENT, makeWorld, type World, withSessionOf } from './worlds.ts';

const api = await openApi();
const operations = await readOperations(api);
const customerId = await api.bank.newCustomer();
const callers = await Callers.of(api, customerId);
const otherBook = (await openSecondBook(api.bank)).services;
const own = await makeWorld(api.bank, { customerId });
const foreign = await makeWorld(api.bank);
const elsewhere = await makeWorld(otherBook);

/** A customer may name anybody here: money goes to others, and an owner takes others on as holders. */
const OPEN_TO_OTHERS = [
  'transfer.toAccountId',
  'captureHold.toAccountId',
  'createBeneficiary.accountId',
  'createStandingOrder.toAccountId',
  'inviteHolder.customerId',
];

/** What the bank offers belongs to no customer. */
const OF_THE_BANK = ['lnp'];

/** The own login's ids are foreign to every other user, whatever the role. */
const isForeignTo = ({ name }: Asking, operation: Operation, slot: IdSlot): boolean =>
  slot.kind === 'ses' ||
  (name === 'customer' &&
    !OF_THE_BANK.includes(slot.kind) &&
    !OPEN_TO_OTHERS.includes(`${operation.id}.${slot.name}`));

/** Which ids are as absent to a caller, by whose they are. */
function absentTo(asking: Asking, operation: Operation, slot: IdSlot): [string, string | undefined][] {
  const others: [string, World][] = isForeignTo(asking, operation, slot) ? [['foreign', foreign]] : [];
  const worlds: [string, World][] = [...others, ['another book’s', elsewhere], ['absent', ABSENT]];
  return worlds.map(([whose, world]) => [whose, world[slot.kind]]);
}

/** An id that filters a list leaves nothing of it; any other is not found. */
function assertAbsent({ method }: Operation, slot: IdSlot, answer: Answer, whose: string): void {
  if (method === 'GET' && slot.in === 'query') {
    assert.deepEqual(answer.body, { data: [], nextCursor: null }, whose);
  } else {
    assert.equal(answer.status, 404, `${whose}: ${answer.text}`);
    refused(answer, 404, 'not_found');
  }
}

test('there is a resource of every kind that an operation takes the id of', () => {
  const kinds = new Set(operations.flatMap(({ slots }) => slots.map(({ kind }) => kind)));
  assert.deepEqual(
    [...kinds].filter((kind) => own[kind] === undefined),
    [],
    'test/database/api/worlds.ts makes them',
  );
});

describe('what is another book’s, and a foreign customer’s, answers byte for byte as what is absent, and is left as it is:', () => {
  for (const operation of operations) {
    for (const slot of operation.slots) {
      test(`${operation.id} by ${slot.name} in ${slot.in}`, async () => {
        await api.leavesNothing(async () => {
          for (const asking of callers.asking(operation)) {
            if (!asking.isAllowed) continue;
            const answers = new Set<string>();
            for (const [whose, id] of absentTo(asking, operation, slot)) {
              const answer = await request(asking.api, operation, { own, others: foreign, slot, id });
              assertAbsent(operation, slot, answer, `${asking.name}, ${whose}`);
              answers.add(textOf(answer));
            }
            assert.equal(answers.size, 1, `${asking.name} can tell them apart`);
          }
        });
      });
    }
  }
});

test('a token and a key of another book are nobody’s here', async () => {
  await otherBook.accessTokens.start();
  const { accessToken } = await login(otherBook, await newUser(otherBook, { role: 'admin' }));
  const { token } = await otherBook.apiKeys.create(TEST_CALLER, { name: 'Test', scopes: SCOPES });
  await api.leavesNothing(async () => {
    for (const operation of operations) {
      if (isPublic(operation.id)) continue;
      const ids = { own, others: foreign };
      const unknown = textOf(await request(callers.nobody, operation, ids));
      for (const one of [accessToken, token]) {
        const answer = await request(
          api.withToken(() => Promise.resolve(one)),
          operation,
          ids,
        );
        refused(answer, 401, 'unauthenticated');
        assert.equal(textOf(answer), unknown);
      }
    }
  });
});

/** Refusals that are about who asks, or about there being nothing. */
const SHUT_OUT = ['unauthenticated', 'forbidden', 'not_found', 'limit_requires_manager'];

/** They name a date, a code, a number or a row of the trail, not an id, or somebody or something that has to be there: their own tests have that. */
const isElsewhere = ({ id, path }: Operation): boolean =>
  /\{(date|code|number|currency|period|year|report)\}/.test(path) ||
  ['getAuditProof', 'getConversion', 'removeLoanParty'].includes(id);

describe('whoever is named in the table is let in to what is their own:', () => {
  for (const operation of operations) {
    // It ends the caller's session: access-matrix.test.ts logs out.
    if (operation.id === 'logout') continue;
    if (isElsewhere(operation)) continue;
    test(operation.id, async () => {
      for (const { name, api: caller, isAllowed } of callers.asking(operation)) {
        if (!isAllowed) continue;
        const answer = await request(caller, operation, {
          own: await ownOf(name, operation),
          others: foreign,
        });
        const { code = '' } = (answer.body ?? {}) as { code?: string };
        assert.ok(
          answer.status < 400 || !SHUT_OUT.includes(code),
          `${name}: ${answer.status} ${answer.text}`,
        );
        if (answer.status < 300) done.add(operation.id);
      }
    });
  }

  test('and most of it is done: the requests were meant', () => {
    const asked = operations.filter((operation) => !isElsewhere(operation)).map(({ id }) => id);
    const undone = asked.filter((id) => !done.has(id));
    assert.ok(undone.length <= asked.length / 4, undone.join(', '));
  });
});

const done = new Set<string>();

/** A world that nothing was done to yet, as far as the operation does anything; a session is the caller's own. */
async function ownOf(name: string, { method, slots }: Operation): Promise<World> {
  if (method === 'GET') return own;
  const kinds = slots.map(({ kind }) => kind);
  const isCustomer = name === 'customer';
  const world = await makeWorld(api.bank, { customerId: isCustomer ? customerId : undefined, kinds });
  const user = callers.users.get(name);
  if (user === undefined || !kinds.includes('ses')) return world;
  const me = await user.get<{ id: string }>('/v1/auth/me');
  return withSessionOf(api.bank, me.body.id, world);
}
