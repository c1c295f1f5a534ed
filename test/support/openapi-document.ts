import { createApp } from '#bank/app.ts';
import { createServices } from '#bank/services.ts';
import { openDatabase } from '#db/database.ts';
import { randomIds } from '#lib/ids.ts';
import { systemClock } from '#lib/time/clock.ts';
import { TEST_DATA_KEY } from './data-key.ts';
import { documentText } from './document-text.ts';

/** The API's OpenAPI document as it is committed: what the running server answers, in lines. */
export async function describeApi(databaseUrl: string): Promise<string> {
  const { db, postingPool, close } = openDatabase({ databaseUrl });
  const app = await createApp(
    createServices({
      db,
      postingPool,
      bookId: 1,
      clock: systemClock,
      ids: randomIds,
      dataKey: TEST_DATA_KEY,
    }),
    false,
  );
  try {
    const url = await app.listen({ host: '127.0.0.1', port: 0 });
    const response = await fetch(`${url}/openapi.json`);
    return documentText(await response.json());
  } finally {
    await app.close();
    await close();
  }
}
