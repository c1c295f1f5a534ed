import { sql } from 'kysely';
import { openDatabase } from './database.ts';

/**
 * Gathers the planner's statistics of all tables, after much was written at once: PostgreSQL does so by itself only
 * minutes later, and plans until then as if the tables were empty. Tables of another owner are left out.
 */
export async function gatherStatistics(databaseUrl: string): Promise<void> {
  const { db, close } = openDatabase({ databaseUrl, asApplication: false, statementTimeoutMs: 0 });
  try {
    await sql`analyze`.execute(db);
  } finally {
    await close();
  }
}
