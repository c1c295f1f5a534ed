import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openApi } from '#test/support/api.ts';
import { createJudge } from '../../../fuzz/judge.ts';
import { readOperations } from '../../../fuzz/operations.ts';
import type { Request } from '../../../fuzz/requests/request.ts';

const api = await openApi();
const url = `http://127.0.0.1:${api.port}`;
const operations = await readOperations(url);
const judge = await createJudge(url, operations);

function requestFor(operationId: string, fields: Partial<Request> = {}): Request {
  const operation = operations.find(({ id }) => id === operationId)!;
  const { method, path } = operation;
  return {
    operation,
    caller: 'teller',
    kind: 'valid',
    method,
    path,
    query: [],
    headers: {},
    body: {},
    ...fields,
  };
}

const PROBLEM = {
  type: 'urn:florin:problem:not_found',
  title: 'Not found',
  status: 404,
  detail: 'There is no such resource.',
  code: 'not_found',
  requestId: 'req_01a210e621127c4fbb3a4a32c3f752ff',
};

function answerOf(status: number, body: unknown, fields: Record<string, string> = {}) {
  const headers = new Headers({
    'request-id': PROBLEM.requestId,
    'x-content-type-options': 'nosniff',
    'content-type': status >= 400 ? 'application/problem+json' : 'application/json',
    ...fields,
  });
  return { status, headers, text: JSON.stringify(body) };
}

const list = requestFor('listProducts');

test('an answer that the document promises is right', () => {
  assert.equal(judge(list, answerOf(200, { data: [], nextCursor: null })), undefined);
  assert.equal(judge(requestFor('getCustomer'), answerOf(404, PROBLEM)), undefined);
  assert.equal(judge(list, answerOf(503, PROBLEM)), undefined);
});

test('a server error, a status or a body that is not promised, and one without its headers are wrong', () => {
  assert.match(judge(list, answerOf(500, PROBLEM)) ?? '', /^a server error: 500/);
  assert.match(judge(list, answerOf(404, PROBLEM)) ?? '', /^not in the OpenAPI document/);
  assert.match(judge(list, answerOf(200, { data: [{ code: 1 }] })) ?? '', /must /);
  assert.equal(judge(list, answerOf(200, { data: [] }, { 'request-id': 'mine' })), 'no Request-Id');
  assert.equal(
    judge(list, answerOf(200, { data: [] }, { 'x-content-type-options': '' })),
    'no security headers',
  );
  const html = answerOf(401, PROBLEM, { 'content-type': 'text/html' });
  assert.equal(judge(list, html), '401 is not a problem document');
});

test('a refusal that shows the inside is wrong', () => {
  const shown = { ...PROBLEM, detail: 'duplicate key value violates unique constraint "x"' };
  assert.match(judge(requestFor('getCustomer'), answerOf(404, shown)) ?? '', /^shows the inside/);
});

test('where no operation is, there is a refusal: a path that is spelled out is no id', () => {
  const nowhere = requestFor('postBatch', { method: 'GET' });
  assert.equal(judge(nowhere, answerOf(404, PROBLEM)), undefined);
  assert.match(judge(nowhere, answerOf(200, {})) ?? '', /^an answer where no operation is/);
});
