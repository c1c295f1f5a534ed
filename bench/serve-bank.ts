// The other half of compare.ts, run in the folder bench/ of the checkout that is to be measured, so that its own
// modules are found: a fresh PostgreSQL with a filled bank, and this checkout's server before it.
import { once } from 'node:events';
import { systemClock, toIsoInstant } from '#lib/time/clock.ts';

const folder = (path: string): string => new URL(path, `file://${process.cwd()}/`).href;
const { openFreshPostgres } = await import(folder('bench.ts'));
const { fillBank } = await import(folder('data/bank.ts'));
const { withClient } = await import(folder('host/bench-postgres.ts'));
const { FlorinServer } = await import(folder('host/florin-server.ts'));
const { PLANS } = await import(folder('plan.ts'));

await using stack = new AsyncDisposableStack();
const { postgres } = await openFreshPostgres(stack, console.error);
const databaseUrl = await postgres.createBook('compared');
await withClient(databaseUrl, (client: never) =>
  fillBank(client, PLANS.full.accounts, toIsoInstant(systemClock.nowMs())),
);
const server = await FlorinServer.start(databaseUrl);
stack.defer(() => server.close());
process.send?.({
  url: server.url,
  databaseUrl,
  token: server.token ?? '',
  serverPid: server.tree.rootPid,
  postgresPid: postgres.tree?.rootPid ?? 0,
});
await once(process, 'disconnect');
