import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Answer, badFields, openApi } from '#test/support/api.ts';
import { newKey } from '#test/support/bank.ts';
import { exampleOf, objectsIn, schemaAt, withField } from './examples.ts';
import { type Operation, readOperations } from './operations.ts';

/** What a caller would like to say about a resource, and may not. */
const EXTRA = {
  id: 'x',
  status: 'active',
  balance: '1000000.00',
  role: 'admin',
  bookId: 2,
  createdBy: 'me',
  isAdmin: true,
  constructor: { role: 'admin' },
};

const api = await openApi();
const admin = await api.as('admin');
const writes = (await readOperations(api)).filter(({ method }) => method !== 'GET');

/** Sends a body to an operation, about resources that are not there. */
async function send({ id, method, path }: Operation, body: unknown) {
  const caller = /user|apikey|loginpolicy/i.test(id) ? admin : api;
  const absent = path.replaceAll(/\{\w+\}/g, 'nothing');
  const headers = { 'idempotency-key': newKey(), 'if-match': '*' };
  return caller.raw(method, absent, JSON.stringify(body), headers);
}

/** As errors name a field: `items[0].id`. */
const asPath = (path: readonly (string | number)[]): string =>
  path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${part}`))
    .join('')
    .slice(1);

test('every write is found, and most have a body', () => {
  assert.ok(writes.length >= 29, `${writes.length} writes`);
  assert.ok(writes.filter(({ body }) => body !== undefined).length >= 19);
});

/** The fields that the answer names of its one item, which is judged for itself. */
function itemFields({ body }: Answer): string[] {
  const { results } = body as { results: { errors?: { path: string }[] }[] };
  return results.flatMap(({ errors = [] }) => errors.map(({ path }) => `items[0].${path}`));
}

/** What is answered item by item is done, and its key is used up, though every item was refused. */
async function leavesItsKeys(work: () => Promise<void>): Promise<void> {
  const before = await api.snapshot();
  await work();
  const { idempotency_keys: _, ...after } = await api.snapshot();
  assert.deepEqual({ ...after, idempotency_keys: before.idempotency_keys }, before);
}

describe('a field that is not the caller’s to say is refused by its name, and nothing is changed:', () => {
  for (const operation of writes) {
    const { id, body } = operation;
    test(id, async () => {
      const leaves = id === 'returnOutgoingPayments' ? leavesItsKeys : api.leavesNothing.bind(api);
      await leaves(async () => {
        if (body === undefined) {
          for (const [name, value] of Object.entries(EXTRA)) {
            assert.deepEqual(badFields(await send(operation, { [name]: value })), ['body'], name);
          }
          return;
        }
        // The schema refuses it for the one field; after it come fields that exclude each other.
        const whole = exampleOf(body, 'all');
        for (const path of objectsIn(body)) {
          const known: string[] = Object.keys(schemaAt(body, path).properties ?? {});
          for (const [name, value] of Object.entries(EXTRA)) {
            if (known.includes(name)) continue;
            const answer = await send(operation, withField(whole, path, name, value));
            const named =
              id === 'returnOutgoingPayments' && path.length > 0 ? itemFields(answer) : badFields(answer);
            assert.equal(named[0], asPath([...path, name]));
          }
        }
      });
    });
  }
});
