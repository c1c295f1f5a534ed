import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { createTestDatabase } from '#test/support/test-database.ts';
import { Installation, killIfThere, LINUX_ONLY } from '#test/system/processes/florin-process.ts';

const REQUESTS = 24;

const bank = new Installation({ after }, { FLORIN_WORKERS: '2' });

/** Asks over a connection of its own, which either worker may take. */
async function ask(url: string): Promise<string> {
  const answer = await fetch(url, { headers: { connection: 'close' } });
  return answer.text();
}

/** How many probes have been answered, and how much of the pools there may be, by a page of metrics. */
function read(page: string): { readonly probes: number; readonly most: number } {
  const probes = /^florin_http_request_duration_seconds_count\{.*route="\/health\/live".*\} (\d+)$/m.exec(
    page,
  );
  const most = /^florin_database_connections\{pool="posting",state="max"\} (\d+)$/m.exec(page);
  return { probes: Number(probes?.[1]), most: Number(most?.[1]) };
}

test('whichever worker is asked, it tells of all, and of those that are left when one dies', {
  skip: LINUX_ONLY,
}, async (t) => {
  const { databaseUrl, drop } = await createTestDatabase();
  t.after(drop);
  const florin = bank.serve({ DATABASE_URL: databaseUrl });
  const url = await florin.ready();
  for (let request = 0; request < REQUESTS; request++) await ask(`${url}/health/live`);
  for (let asked = 0; asked < 8; asked++) {
    assert.deepEqual(read(await ask(`${url}/metrics`)), { probes: REQUESTS, most: 8 });
  }
  const page = await ask(`${url}/metrics`);
  assert.match(page, /^florin_build_info\{version="[\d.]+"\} 1$/m);
  assert.match(page, /^florin_database_up 1$/m);

  const [victim] = florin.workers;
  killIfThere(victim!);
  await florin.says(new RegExp(`worker ${victim} was ended by SIGKILL`));
  assert.ok(
    read(await ask(`${url}/metrics`)).probes <= REQUESTS,
    'what the dead one counted is gone with it',
  );
  assert.deepEqual(await florin.stop(), { exitCode: 0, signal: null });
});
