import type { AsOf } from '#ledger/balances.ts';
import { validationFailed } from '#lib/errors.ts';
import { parseIsoDate } from '#lib/time/dates.ts';
import { isInstant } from '#lib/time/instants.ts';

/** The `asOf` of a query. Throws 400 `validation_failed` for what is neither a date nor an instant. */
export function requireAsOf(text: string): AsOf {
  const businessDate = parseIsoDate(text);
  if (businessDate !== undefined) return { businessDate };
  if (!isInstant(text)) throw validationFailed({ path: 'asOf', message: 'must be a date or an instant' });
  return { instantMs: Temporal.Instant.from(text).epochMilliseconds };
}
