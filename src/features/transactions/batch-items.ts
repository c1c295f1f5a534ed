import type { Context } from '#db/context.ts';
import { followCalendar } from '#ledger/business-date.ts';
import { checkEach } from '#lib/check-all.ts';
import { isInvalidInput } from '#lib/errors.ts';
import type { BatchMode, InvalidItem } from './batch.ts';
import { cleanMovement, type Movement, movementValues } from './movement.ts';
import { assertNearToday } from './value-dates.ts';

type Given = Movement | InvalidItem;

/** The items with their texts cleaned. A bad one refuses an atomic batch (400), and is refused alone in an independent one. */
export function cleanItems(items: readonly Given[], mode: BatchMode): Given[] {
  return eachItem(items, mode, (movement, path) => cleanMovement(movement, path));
}

/** The same for the value dates, which are judged by today. */
export async function judgeValueDates(
  { db, bookId, clock }: Context,
  items: readonly Given[],
  mode: BatchMode,
): Promise<readonly Given[]> {
  if (items.every((item) => valueDateOf(item) === undefined)) return items;
  const today = await followCalendar(db, bookId, clock);
  return eachItem(items, mode, (movement, path) => {
    const date = valueDateOf(movement);
    if (date !== undefined) assertNearToday(date, today, `${path}valueDate`);
    return movement;
  });
}

function valueDateOf(item: Given) {
  return item.kind === 'deposit' || item.kind === 'withdrawal' ? item.valueDate : undefined;
}

function eachItem(
  items: readonly Given[],
  mode: BatchMode,
  check: (movement: Movement, path: string) => Movement,
): Given[] {
  if (mode === 'atomic') {
    return checkEach(items, (item, index) =>
      item.kind === 'invalid' ? item : check(item, `items[${index}].`),
    );
  }
  return items.map((item) => (item.kind === 'invalid' ? item : orInvalid(() => check(item, ''), item)));
}

function orInvalid(check: () => Movement, item: Movement): Given {
  try {
    return check();
  } catch (error) {
    if (!isInvalidInput(error)) throw error;
    return { kind: 'invalid', refusal: error, given: JSON.stringify(valuesOf(item).map(String)) };
  }
}

/** What an item means, for the hash of its request: without its refusal, which is of today. */
export function valuesOf(item: Given): (string | bigint | null | undefined)[] {
  return item.kind === 'invalid' ? [item.kind, item.given] : [item.kind, ...movementValues(item)];
}
