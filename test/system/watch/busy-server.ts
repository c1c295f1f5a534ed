import assert from 'node:assert/strict';
import { createTestDatabase } from '#test/support/test-database.ts';
import { createCustomer, deposit, openAccount, send, textOf } from '#test/system/processes/bank-client.ts';
import { Installation, type Scope } from '#test/system/processes/florin-process.ts';

/** A server that has done some of everything that is counted. */
export async function openBusyServer(
  scope: Scope,
  environment: Readonly<Record<string, string>> = {},
): Promise<{ readonly url: string; readonly bank: Installation }> {
  const { databaseUrl, drop } = await createTestDatabase();
  const bank = new Installation(scope, { DATABASE_URL: databaseUrl, ...environment });
  scope.after(drop);
  const url = await bank.serve().ready();
  const accountId = await openAccount(url, await createCustomer(url));
  assert.equal((await deposit(url, accountId, '10.00', 'twice')).replayed, false);
  assert.equal((await deposit(url, accountId, '10.00', 'twice')).replayed, true);
  assert.equal((await deposit(url, accountId, '11.00', 'twice')).status, 422);
  assert.equal((await send(`${url}/v1/nowhere`)).status, 404);
  const head = await fetch(`${url}/v1/products`, { method: 'HEAD' });
  assert.equal(head.status, 401);
  const { body } = await send(`${url}/v1/end-of-day`, {});
  assert.match(textOf(body, 'businessDate'), /^20/);
  return { url, bank };
}
