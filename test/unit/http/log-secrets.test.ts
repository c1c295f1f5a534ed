import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startServer } from './test-server.ts';

test('what is logged by a secret’s name is struck out, and errors are logged without the data beside them', async () => {
  const lines: string[] = [];
  const logger = { level: 'trace', stream: { write: (line: string) => void lines.push(line) } };
  const { origin } = await startServer((server) => {
    server.get('/', async (request) => {
      const password = 'sesame-1';
      request.log.info({ password, user: { nationalId: 'sesame-2', deep: { refreshToken: 'sesame-3' } } });
      request.log.info({ headers: { authorization: 'sesame-4' }, req: { headers: { cookie: 'sesame-5' } } });
      request.log.info({ body: { otp: 'sesame-10', recoveryCode: 'sesame-11', oldPassword: 'sesame-12' } });
      request.log.info({
        codes: { recoveryCodes: ['sesame-13'] },
        databaseUrl: 'postgres://u:sesame-14@h/d',
      });
      request.log.info({ list: [{ otp: 'sesame-15' }] });
      const own: Record<string, unknown> = { secret: 'sesame-16' };
      own.itself = own;
      request.log.info({ own, at: new Date(0) });
      const cause = Object.assign(new Error('invalid input syntax for type uuid: "sesame-6"'), {
        detail: 'Failing row contains (sesame-7)',
        where: 'unnamed portal parameter $1 = sesame-8',
        constraint: 'customers_name_check',
        code: '23514',
      });
      throw Object.assign(new Error('It broke.', { cause }), { request: { body: 'sesame-9' } });
    });
  }, logger);
  const answer = await fetch(origin);
  assert.equal(answer.status, 500);
  assert.doesNotMatch(await answer.text(), /sesame/);
  const log = lines.join('');
  assert.match(log, /"password":"\[redacted\]"/);
  assert.match(log, /"at":"1970-01-01T00:00:00.000Z"/);
  assert.match(log, /"err":\{"type":"Error","message":"It broke\."/);
  assert.match(log, /"code":"23514","constraint":"customers_name_check"/);
  assert.doesNotMatch(log, /sesame/);
});
