// A process of its own: opens the embedded server of a data directory, says so, and closes it when told to.
import { openEmbeddedPostgres } from '#embedded/embedded-postgres.ts';
import { FAST_SETTINGS } from './embedded-server.ts';

const dataDir = process.argv[2] ?? '';
try {
  const server = await openEmbeddedPostgres({ dataDir, port: 0, settings: FAST_SETTINGS });
  process.once('message', () => void server.close().then(() => process.disconnect?.()));
  process.send?.({ startedHere: server.startedHere, firstStart: server.firstStart, port: server.port });
} catch (error) {
  process.send?.({ error: String(error) });
}
