/** An instant as the clock on the wall of a zone shows it: `2026-01-31T23:59`, as a field of the browser takes it. */
export function wallTimeOf(instant: string, timeZone: string): string {
  return wallTimeAt(Date.parse(instant), timeZone);
}

function wallTimeAt(ms: number, timeZone: string): string {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  }).formatToParts(ms);
  const of = (type: string): string => parts.find((part) => part.type === type)?.value ?? '';
  return `${of('year').padStart(4, '0')}-${of('month')}-${of('day')}T${of('hour')}:${of('minute')}`;
}

/**
 * The instant at which the clock of a zone shows a time; the earlier of two where it is put back, and the one an hour on
 * where it is put forward. Undefined for a text that is no time.
 */
export function instantOf(wallTime: string, timeZone: string): string | undefined {
  const asUtc = Date.parse(`${wallTime}Z`);
  if (Number.isNaN(asUtc)) return undefined;
  // What the zone is ahead of UTC near this time; a second look settles it beside a change of the clocks.
  const ahead = (ms: number): number => Date.parse(`${wallTimeAt(ms, timeZone)}Z`) - ms;
  const dayMs = 86_400_000;
  const candidates = [asUtc - ahead(asUtc - dayMs), asUtc - ahead(asUtc + dayMs)];
  const found = candidates.find((ms) => wallTimeAt(ms, timeZone) === wallTime.slice(0, 16));
  return new Date(found ?? candidates[0] ?? asUtc).toISOString();
}
