import { isAction, type LoanEvent } from './event.ts';

/** An action as it counts, with the number that the schedule has which it makes. */
export type EffectiveAction = { readonly event: LoanEvent; readonly scheduleNumber: number };

type Correction = { readonly number: number; readonly at: LoanEvent };

/**
 * The actions of a loan's events in the order in which they count. What was undone is left out, and what was booked
 * with an earlier date stands where it belongs. An action that stands after a correction, and was done before it, is
 * done again by it: its schedule has the number of the correction, because its terms may be others than before.
 */
export function effectiveActions(events: readonly LoanEvent[]): EffectiveAction[] {
  const order: LoanEvent[] = [];
  const corrections: Correction[] = [];
  const undone = new Set<LoanEvent>();
  for (const event of events) {
    const { undoes, isBackdated = false } = event.details;
    if (!isAction(event)) continue;
    if (undoes !== undefined) {
      const at = order.find(({ number }) => number === undoes);
      if (at === undefined) continue;
      undone.add(at);
      corrections.push({ number: event.number, at });
      continue;
    }
    const later = isBackdated ? order.findIndex(({ on }) => on > event.on) : -1;
    if (later < 0) order.push(event);
    else order.splice(later, 0, event);
    if (later >= 0) corrections.push({ number: event.number, at: event });
  }
  const places = new Map(order.map((event, place) => [event, place]));
  return order.flatMap((event, place) => {
    if (undone.has(event)) return [];
    let scheduleNumber = event.number;
    for (const { number, at } of corrections) {
      if (number > scheduleNumber && (places.get(at) ?? place) <= place) scheduleNumber = number;
    }
    return [{ event, scheduleNumber }];
  });
}
