import { SeededRandom } from '#demo/random.ts';
import { FAULT_KINDS, type Fault, type FaultKind } from './fault.ts';

/** Long enough for every client to be at work again, and different each time. */
const SHORTEST_PAUSE_MS = 700;
const LONGEST_PAUSE_MS = 2_000;
/** From a hiccup to more than a client's patience with a connection, less than what a run has time for. */
const SHORTEST_FAULT_MS = 300;
const LONGEST_FAULT_MS = 3_000;

/** Faults without end, the same for the same seed: deck after deck of all kinds, each shuffled. */
export function* planFaults(seed: number, kinds: readonly FaultKind[] = FAULT_KINDS): Generator<Fault> {
  const random = new SeededRandom(seed);
  for (;;) {
    for (const kind of shuffle(kinds, random)) {
      yield {
        kind,
        pauseMs: random.between(SHORTEST_PAUSE_MS, LONGEST_PAUSE_MS),
        lastsMs: random.between(SHORTEST_FAULT_MS, LONGEST_FAULT_MS),
        choice: random.between(0, 999),
      };
    }
  }
}

function shuffle<Item>(items: readonly Item[], random: SeededRandom): Item[] {
  const left = [...items];
  return items.flatMap(() => left.splice(random.between(0, left.length - 1), 1));
}
