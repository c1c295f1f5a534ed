import type { SqlSession } from '#db/session.ts';
import type { AccountId } from '#lib/ids.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import type { Verdict } from './flight-plan.ts';
import type { PostingRequest } from './waiting.ts';

/**
 * What a process remembers of what payments cost, in a book with fees. Others change it at any time: a request that is
 * judged on it flies with a statement that confirms it.
 */
export type FlightCharges<Row> = {
  /** What a request comes to on a date by what is remembered: `taken` where it costs nothing. */
  readonly judge: (request: PostingRequest<Row>, businessDate: IsoDate) => Verdict;
  /** Reads, without a lock, what decides about what payments of accounts cost on a date. */
  readonly read: (
    session: SqlSession,
    accountIds: ReadonlySet<AccountId>,
    businessDate: IsoDate,
  ) => Promise<void>;
  /** Begins to judge what one flight takes. */
  readonly open: (businessDate: IsoDate) => OpenFlightCharges<Row>;
};

/** What of charges one flight is judged on. */
export type OpenFlightCharges<Row> = {
  /** Judges a request, and takes note of what it was judged on. */
  readonly judge: (request: PostingRequest<Row>) => Verdict;
  /** Puts a statement in that fails (`failUnless`) where one of them might cost something by now. */
  readonly confirm: (flight: SqlSession) => void;
  /** Forgets what it was judged on: the flight failed, perhaps for that. */
  readonly forget: () => void;
};
