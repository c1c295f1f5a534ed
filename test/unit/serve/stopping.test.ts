import assert from 'node:assert/strict';
import { test } from 'node:test';
import { untilEnded } from '#serve/stopping.ts';

test('a stage that takes long is named, and one that ends is not', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const said = t.mock.method(process.stderr, 'write', () => true);
  await untilEnded('nothing', Promise.resolve());
  const stage = Promise.withResolvers<void>();
  const ended = untilEnded('the database', stage.promise);
  t.mock.timers.tick(20_000);
  stage.resolve();
  await ended;
  t.mock.timers.tick(60_000);
  assert.equal(said.mock.callCount(), 1);
  assert.match(
    String(said.mock.calls[0]?.arguments[0]),
    /still stopping after \d+ s: waits for the database/,
  );
});
