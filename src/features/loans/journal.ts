import type { IsoDate } from '#lib/time/dates.ts';
import { isLoanFact, type LoanEvent, type LoanEventDetails, type LoanEventKind } from './event.ts';
import { periodAt } from './period.ts';
import type { LoanTerms } from './schedule/terms.ts';
import { dueParts, type LoanState, NO_PARTS, owedParts } from './state.ts';
import { addEarned, type Earned, NOTHING_EARNED } from './time.ts';

type Recorded = Partial<Omit<LoanEvent, 'kind' | 'on' | 'number'>>;

/** What a loan has come to since it was loaded: its state, its events in order, and what the bank earned on it. */
export class LoanJournal {
  readonly events: LoanEvent[] = [];
  #state: LoanState;
  #earned: Earned = NOTHING_EARNED;

  constructor(state: LoanState) {
    this.#state = state;
  }

  get state(): LoanState {
    return this.#state;
  }

  get earned(): Earned {
    return this.#earned;
  }

  change(change: Partial<LoanState>): void {
    this.#state = { ...this.#state, ...change };
  }

  earn(more: Partial<Earned>): void {
    this.#earned = addEarned(this.#earned, { ...NOTHING_EARNED, ...more });
  }

  /** Records an event with the next number, and what is owed after it. */
  record(kind: LoanEventKind, on: IsoDate, { amountMinor = 0n, details = {}, ...parts }: Recorded): void {
    const number = this.#state.lastEventNumber + 1;
    const version = this.#state.version + (isLoanFact(kind) ? 0 : 1);
    this.change({ lastEventNumber: number, version });
    const rest = { ...NO_PARTS, ...parts, number, kind, on, amountMinor, details };
    this.events.push({ ...rest, owedAfter: owedParts(this.#state), version, entryId: undefined });
  }

  /** New terms, from the next event on; a version of the schedule has the number of the event that makes it. */
  setTerms(terms: LoanTerms): void {
    const scheduleVersion = this.#state.lastEventNumber + 1;
    this.change({ terms, scheduleVersion, period: periodAt(terms, 0) });
  }

  /** What an event says of a row of the schedule. */
  factDetails(row: number | undefined): LoanEventDetails {
    const { principalMinor } = this.#state;
    return { row, outstandingMinor: principalMinor - dueParts(this.#state).principalMinor };
  }
}
