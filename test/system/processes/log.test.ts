import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TEST_DATA_KEY_TEXT } from '#test/support/data-key.ts';
import { createTestDatabase } from '#test/support/test-database.ts';
import { query } from '#test/system/embedded/embedded-server.ts';
import { tokenOf } from './bank-client.ts';
import { Installation } from './florin-process.ts';

/** Told apart in the log, should one get there. */
const SECRETS = {
  bearer: 'sesame-bearer-token',
  basic: Buffer.from('ada:sesame-basic').toString('base64'),
  cookie: 'sesame-cookie',
  password: 'sesame-password',
  nationalId: 'SESAME-4711',
  inUrl: 'sesame-in-url',
  refreshToken: 'sesame-refresh',
  email: 'sesame-email@example.com',
  phone: '+4915112345678',
};

const PERSON = {
  type: 'person',
  givenName: 'Ada',
  familyName: 'Lovelace',
  dateOfBirth: '1990-12-10',
  email: SECRETS.email,
  phone: SECRETS.phone,
  address: { line1: 'Hauptstr. 1', city: 'Berlin', postalCode: '10115', country: 'DE' },
  nationalId: SECRETS.nationalId,
};

test('no secret reaches the log at its finest level, whatever the request and its end', async (t) => {
  const { databaseUrl, drop } = await createTestDatabase();
  t.after(drop);
  const florin = new Installation(t).serve({ DATABASE_URL: databaseUrl, LOG_LEVEL: 'trace' });
  const url = await florin.ready();
  const token = tokenOf(url);
  const statuses: number[] = [];
  const send = async (path: string, body?: unknown, headers: Record<string, string> = {}): Promise<void> => {
    const answer = await fetch(url + path, {
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${token}`,
        cookie: `session=${SECRETS.cookie}`,
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    await answer.text();
    statuses.push(answer.status);
  };
  const { password, refreshToken, inUrl } = SECRETS;
  await send('/v1/customers', PERSON);
  await send('/v1/customers', PERSON);
  await send('/v1/customers', { ...PERSON, password, refreshToken });
  await send('/v1/customers', `{"nationalId": "${SECRETS.nationalId}", "password": "${password}`);
  await send(`/v1/customers?q=${inUrl}`);
  await send(`/v1/customers?token=${SECRETS.bearer}`);
  await send(`/v1/${inUrl}?password=${password}`, { password });
  await send(`/v1/customers/${inUrl}`, undefined, { authorization: `Basic ${SECRETS.basic}` });
  // A bug in the database's eyes: it answers with the whole row.
  await query(databaseUrl, `alter table customers add constraint no_more check (given_name <> 'Boom')`);
  await send('/v1/customers', { ...PERSON, givenName: 'Boom', nationalId: `${SECRETS.nationalId}-2` });
  await send('/v1/customers', undefined, { authorization: `Bearer ${SECRETS.bearer}` });
  assert.deepEqual(statuses, [201, 409, 400, 400, 200, 400, 404, 401, 500, 401]);

  assert.deepEqual(await florin.stop(), { exitCode: 0, signal: null });
  const said = florin.stdout + florin.stderr;
  assert.equal(said.match(/"status":\d+/g)?.length, 11, 'a line for each request and the probe');
  assert.match(said, /"constraint":"no_more"/);
  for (const [name, secret] of Object.entries(SECRETS)) assert.equal(said.includes(secret), false, name);
  assert.equal(said.includes(token.slice(-43)), false);
  assert.doesNotMatch(said, /sesame|4711|Failing row/i);
  assert.equal(said.includes(TEST_DATA_KEY_TEXT), false);
  assert.equal(said.includes(new URL(databaseUrl).password || 'no password'), false);
});
