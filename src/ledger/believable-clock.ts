import { sql } from 'kysely';
import type { Db } from '#db/database.ts';
import type { Clock } from '#lib/time/clock.ts';
import { dateAt, type IsoDate } from '#lib/time/dates.ts';

/** More than any time zone or leap second explains: a clock that is further ahead of the database's is wrong. */
export const MAX_AHEAD_MS = 86_400_000;

/** The date for which this process has warned: once a day is enough. */
let warnedOn: IsoDate | undefined;

/** Whether this server's clock is so far ahead of the database's that no date is taken from it. */
function isFarAhead(clock: Clock, databaseNowMs: number): boolean {
  return clock.isSimulated !== true && clock.nowMs() > databaseNowMs + MAX_AHEAD_MS;
}

/**
 * The instant (ms since 1970) from which a book takes its date: that of this server's clock, unless the database's
 * clock is more than a day behind it. Then it is the database's, and the process warns on stderr: a date never goes
 * back, so that one server with a wrong clock would move the whole book permanently.
 */
export function believableNowMs(clock: Clock, databaseNowMs: number): number {
  if (!isFarAhead(clock, databaseNowMs)) return clock.nowMs();
  const today = dateAt(databaseNowMs, 'UTC');
  if (today !== warnedOn) {
    warnedOn = today;
    const days = Math.floor((clock.nowMs() - databaseNowMs) / MAX_AHEAD_MS);
    process.emitWarning(
      `The clock of this server is ${days} days ahead of the database's. The business date follows the database's; correct the clock.`,
      { type: 'ClockWarning', code: 'FLORIN_CLOCK_AHEAD' },
    );
  }
  return databaseNowMs;
}

/** As believableNowMs, where the database's time is not at hand. */
export async function selectBelievableNowMs(db: Db, clock: Clock): Promise<number> {
  const { rows } = await sql<{ nowMs: number }>`
    select floor(extract(epoch from now()) * 1000)::float8 as "nowMs"`.execute(db);
  return believableNowMs(clock, rows[0]?.nowMs ?? clock.nowMs());
}
