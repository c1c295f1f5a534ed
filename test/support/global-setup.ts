import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EmbeddedPostgres, openEmbeddedPostgres } from '#embedded/embedded-postgres.ts';
import { createTemplate, dropTemplate } from './test-database.ts';

let embedded: { server: EmbeddedPostgres; dataDir: string } | undefined;

/** One server a run: the one DATABASE_URL names, or an embedded one in a temporary folder. */
export async function globalSetup(): Promise<void> {
  const external = process.env.DATABASE_URL;
  await createTemplate(external ?? (await startEmbedded()));
  // Tests that start a server of their own decide for themselves which database it uses.
  delete process.env.DATABASE_URL;
}

export async function globalTeardown(): Promise<void> {
  await dropTemplate();
  if (embedded === undefined) return;
  await embedded.server.close();
  await rm(embedded.dataDir, { recursive: true, force: true });
}

async function startEmbedded(): Promise<string> {
  const dataDir = await mkdtemp(join(tmpdir(), 'florin-test-'));
  // No crash test uses this server: losing it means running the tests again.
  const settings = {
    fsync: 'off',
    full_page_writes: 'off',
    synchronous_commit: 'off',
    max_connections: '200',
  };
  const server = await openEmbeddedPostgres({ dataDir, port: 0, settings });
  embedded = { server, dataDir };
  return server.databaseUrl;
}
