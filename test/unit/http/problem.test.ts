import assert from 'node:assert/strict';
import { test } from 'node:test';
import pg from 'pg';
import { userError } from '#identity/users/errors.ts';
import { ledgerError } from '#ledger/errors.ts';
import { commonError, validationFailed } from '#lib/errors.ts';
import { problemOf, startServer } from './test-server.ts';

const SECRET = 'select iban from accounts where owner = 42';

function databaseError(code: string): pg.DatabaseError {
  const error = new pg.DatabaseError(SECRET, SECRET.length, 'error');
  error.code = code;
  return error;
}

const THROWN: Record<string, unknown> = {
  conflict: ledgerError('account_frozen'),
  refused: ledgerError('insufficient_funds'),
  progress: ledgerError('idempotency_in_progress'),
  unknown: commonError('outcome_unknown', { cause: new Error(SECRET) }),
  unauthorized: userError('invalid_credentials'),
  fields: validationFailed({ path: 'a.b', message: 'is bad' }, { path: 'c', message: 'is worse' }),
  bug: new Error(SECRET),
  status: Object.assign(new Error(SECRET), { statusCode: 418 }),
  text: SECRET,
  nothing: undefined,
  diskfull: databaseError('53100'),
  syntax: databaseError('42601'),
  refusedConnection: Object.assign(new Error(SECRET), { code: 'ECONNREFUSED' }),
};

const lines: Record<string, unknown>[] = [];
const stream = { write: (line: string) => void lines.push(JSON.parse(line)) };
const { origin } = await startServer(
  (server) => {
    server.get('/throw/:what', { schema: {} }, async (request) => {
      const { what } = request.params as { what: string };
      throw THROWN[what];
    });
    server.get('/hook', { preHandler: async () => Promise.reject(new Error(SECRET)) }, async () => 'x');
    server.get('/send', (_request, reply) => reply.send(new Error(SECRET)));
    server.get('/wrong-answer', async () => ({ amount: 1n }));
  },
  { stream },
);

const get = (path: string) => fetch(`${origin}${path}`);

test('a FlorinError says its status, code, message and fields', async () => {
  const conflict = await problemOf(await get('/throw/conflict'), 409, 'account_frozen');
  assert.deepEqual(conflict, {
    type: 'urn:florin:problem:account_frozen',
    title: 'Account frozen',
    status: 409,
    detail: 'The account is frozen.',
    code: 'account_frozen',
    requestId: conflict.requestId,
  });
  const fields = await problemOf(await get('/throw/fields'), 400, 'validation_failed');
  assert.deepEqual(fields.errors, [
    { path: 'a.b', in: 'query', code: 'invalid', message: 'is bad' },
    { path: 'c', in: 'query', code: 'invalid', message: 'is worse' },
  ]);
  await problemOf(await get('/throw/refused'), 422, 'insufficient_funds');
});

test('what may be asked again says when, and an unknown caller how to be known', async () => {
  const inProgress = await get('/throw/progress');
  assert.equal(inProgress.headers.get('retry-after'), '1');
  await problemOf(inProgress, 409, 'idempotency_in_progress');
  const unknown = await get('/throw/unknown');
  assert.equal(unknown.headers.get('retry-after'), '1');
  await problemOf(unknown, 503, 'outcome_unknown');
  const unauthorized = await get('/throw/unauthorized');
  assert.equal(unauthorized.headers.get('www-authenticate'), 'Bearer');
  await problemOf(unauthorized, 401, 'invalid_credentials');
});

for (const what of ['bug', 'status', 'text', 'nothing', 'syntax']) {
  test(`what nobody expected (${what}) is 500 and tells nothing`, async () => {
    const problem = await problemOf(await get(`/throw/${what}`), 500, 'internal_error');
    assert.doesNotMatch(JSON.stringify(problem), /iban|select|stack|\bat\b/);
  });
}

for (const path of ['/hook', '/send', '/wrong-answer']) {
  test(`an error in ${path} is the same 500`, async () => {
    await problemOf(await get(path), 500, 'internal_error');
  });
}

for (const what of ['diskfull', 'refusedConnection']) {
  test(`a database that cannot (${what}) is 503 and tells nothing`, async () => {
    const response = await get(`/throw/${what}`);
    assert.equal(response.headers.get('retry-after'), '1');
    const problem = await problemOf(response, 503, 'database_unavailable');
    assert.doesNotMatch(JSON.stringify(problem), /iban/);
  });
}

test('the cause of a 500 is in the log, with the request id that the caller was given', async () => {
  const { requestId } = await problemOf(await get('/throw/bug'), 500, 'internal_error');
  const line = lines.find((one) => one.requestId === requestId && one.msg === 'internal_error');
  assert.match(JSON.stringify(line?.err), /select iban/);
});

test('each request is one line in the log, without its query', async () => {
  const { requestId } = await problemOf(await get('/throw/conflict?iban=DE123'), 409, 'account_frozen');
  await new Promise((resolve) => setTimeout(resolve, 50));
  const found = lines.filter((line) => line.requestId === requestId);
  assert.equal(found.length, 1);
  assert.deepEqual(
    { method: found[0]?.method, route: found[0]?.route, status: found[0]?.status, msg: found[0]?.msg },
    { method: 'GET', route: '/throw/:what', status: 409, msg: 'request' },
  );
  assert.doesNotMatch(JSON.stringify(found), /DE123/);
});
