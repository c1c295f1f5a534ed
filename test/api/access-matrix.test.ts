import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { ROLES } from '#lib/caller.ts';
import { SCOPES } from '#lib/scopes.ts';
import type { Answer, TestApi } from '#test/support/api.ts';
import { openApi, refused } from '#test/support/api.ts';
import { newKey } from '#test/support/bank.ts';
import type { Operation } from './operations.ts';
import { readOperations } from './operations.ts';

/** What docs/access.md promises, by operation: each cell as it is written there, by column. */
const promised = new Map(
  readFileSync(new URL('../../docs/access.md', import.meta.url), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => {
      const [operation = '', ...cells] = line.split('|').slice(1, -1);
      const columns = [...ROLES, 'scope'].map((name, index) => [name, (cells[index] ?? '').trim()] as const);
      return [operation.trim().replaceAll('`', ''), new Map<string, string>(columns)] as const;
    }),
);

const api = await openApi();
const operations = await readOperations(api);
const customerId = await api.bank.newCustomer();
const users = new Map<string, TestApi>();
for (const role of ROLES) {
  users.set(role, await api.as(role, role === 'customer' ? customerId : undefined));
}

/** The API for a service with an API key of these scopes. Its first use is written down, so it is used once. */
async function serviceWith(scopes: readonly string[]): Promise<TestApi> {
  const operator = { actor: 'test', role: 'operator' } as const;
  const { token } = await api.bank.apiKeys.create(operator, { name: 'Test', scopes });
  await api.bank.apiKeys.verify(token);
  await api.bank.apiKeys.drain();
  return api.withToken(() => Promise.resolve(token));
}

const nobody = api.withToken(() => Promise.resolve(undefined));
const withAllScopes = await serviceWith(SCOPES);
const withOne = new Map<string, TestApi>();
const withAllBut = new Map<string, TestApi>();
for (const scope of SCOPES) {
  withOne.set(scope, await serviceWith([scope]));
  withAllBut.set(scope, await serviceWith(SCOPES.filter((other) => other !== scope)));
}

/** Every one who may ask, with whether the operation is promised to them. */
function callersOf({ id }: Operation): [name: string, caller: TestApi, isAllowed: boolean][] {
  const cells = promised.get(id);
  const isPublic = cells?.get('admin') === 'public';
  const scope = cells?.get('scope') ?? '-';
  const ofRoles = [...users].map(([role, caller]): [string, TestApi, boolean] => [
    role,
    caller,
    (cells?.get(role) ?? '-') !== '-',
  ]);
  const service: [string, TestApi, boolean][] =
    scope === '-'
      ? [['an API key with all scopes', withAllScopes, isPublic]]
      : [
          [`an API key with ${scope}`, withOne.get(scope) ?? nobody, true],
          [`an API key with all scopes but ${scope}`, withAllBut.get(scope) ?? nobody, false],
        ];
  return [...ofRoles, ...service];
}

/** The operation about nothing that is there, with a body that is none of its own. */
function call(caller: TestApi, { method, path, takesBody }: Operation): Promise<Answer> {
  const absent = path.replaceAll('{id}', ABSENT[path.split('/')[2] ?? ''] ?? 'nothing');
  const body = takesBody && method !== 'GET' ? '{}' : '';
  if (body === '') return method === 'GET' ? caller.get(absent) : caller.raw(method, absent, '', HEADERS());
  return caller.raw(method, absent, body, HEADERS());
}

const HEADERS = () => ({ 'idempotency-key': newKey(), 'if-match': '"1"' });
const SUFFIX = '01h455vb4pex5vsknk084sn02q';
const ABSENT: Readonly<Record<string, string>> = {
  customers: `cus_${SUFFIX}`,
  accounts: `acc_${SUFFIX}`,
  transactions: `txn_${SUFFIX}`,
  'outgoing-payments': `txn_${SUFFIX}`,
  'incoming-payments': `inp_${SUFFIX}`,
  users: `usr_${SUFFIX}`,
  'api-keys': `key_${SUFFIX}`,
  auth: `ses_${SUFFIX}`,
};

const textOf = ({ text }: Answer): string => text.replace(/req_[0-9a-f]+/, '');

test('the table promises something of every operation, and of nothing else', () => {
  assert.ok(operations.length >= 45, 'the operations were found');
  assert.deepEqual([...promised.keys()].sort(), operations.map(({ id }) => id).sort());
});

test('every scope opens something', () => {
  const used = new Set([...promised.values()].map((cells) => cells.get('scope')));
  assert.deepEqual(
    SCOPES.filter((scope) => !used.has(scope)),
    [],
  );
});

describe('each operation lets in whom the table names, and tells everybody else so and changes nothing:', () => {
  for (const operation of operations) {
    test(operation.id, async () => {
      const isPublic = promised.get(operation.id)?.get('admin') === 'public';
      const callers = callersOf(operation);
      await api.leavesNothing(async () => {
        if (!isPublic) refused(await call(nobody, operation), 401, 'unauthenticated');
        const refusals = new Set<string>();
        for (const [name, caller, isAllowed] of callers) {
          if (isAllowed) continue;
          const answer = await call(caller, operation);
          assert.equal(answer.status, 403, `${name}: ${answer.text}`);
          refused(answer, 403, 'forbidden');
          refusals.add(textOf(answer));
        }
        assert.ok(refusals.size <= 1, 'refusals say the same');
      });
      if (operation.id === 'logout') return;
      for (const [name, caller, isAllowed] of callers) {
        if (!isAllowed) continue;
        const answer = await call(caller, operation);
        const isLetIn = answer.status !== 403 && (answer.status !== 401 || isPublic);
        assert.ok(isLetIn, `${name}: ${answer.status} ${answer.text}`);
      }
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
    const isPublic = promised.get(id)?.get('admin') === 'public';
    assert.deepEqual(security, isPublic ? [] : [{ bearer: [] }], id);
    if (!isPublic) assert.ok(statuses.includes('401') && statuses.includes('403'), id);
  }
});
