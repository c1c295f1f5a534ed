import type { AnyTx, SqlSession } from '#db/session.ts';
import { confirmUnsaved, foundPayee } from '#features/beneficiaries/contract.ts';
import { FlightFees } from '#features/fees/contract.ts';
import type { FlightRules } from '#ledger/flight-deck.ts';
import type { GuardSource } from '#ledger/guard.ts';
import type { PostingRequest } from '#ledger/waiting.ts';
import { LruMap } from '#lib/concurrency/lru-map.ts';
import { pricedPayment } from './payment-charges.ts';
import type { MovementRow } from './store-movements.ts';

/** As many payers as are active in some minutes; the one remembered first is forgotten for another. */
const MAX_PAYERS = 10_000;

/**
 * Which movements may fly: those that no guard but the ledger's own has a say about. A customer's right to an account, a
 * teller's day, a beneficiary's limits and an external id are read under locks, so such movements go the way with locks.
 */
export class MovementFlights implements FlightRules<MovementRow> {
  readonly charges: FlightFees<MovementRow>;
  readonly #bookId: number;
  /** Payers that turned out to pay payees they have saved: to try them again would cost all others of the flight. */
  readonly #savingPayers = new LruMap<true>(MAX_PAYERS);

  constructor(bookId: number) {
    this.#bookId = bookId;
    this.charges = new FlightFees(bookId, ({ row, draft }) => pricedPayment(row, draft));
  }

  isPlain({ row }: PostingRequest<MovementRow>): boolean {
    const { caller, beneficiary, payeeToFind, externalId, leavesBank, act, accountId } = row;
    return (
      caller.role !== 'customer' &&
      caller.role !== 'teller' &&
      beneficiary === undefined &&
      externalId === undefined &&
      leavesBank !== true &&
      act === undefined &&
      (payeeToFind === undefined || this.#savingPayers.get(accountId) === undefined)
    );
  }

  confirm(flight: SqlSession, rows: readonly MovementRow[]): void {
    const payments = rows.flatMap(({ accountId, payeeToFind }) =>
      payeeToFind === undefined ? [] : [{ accountId, ...payeeToFind }],
    );
    confirmUnsaved(flight, this.#bookId, payments);
  }

  /** The guard of movements on the way with locks, which shows who pays payees that were saved. */
  learnFrom(tx: AnyTx, rows: readonly MovementRow[], source: GuardSource): GuardSource {
    const { last } = source;
    return {
      ...source,
      last: async (inner) => {
        for (const { id, accountId } of rows)
          if (foundPayee(tx, id) !== undefined) this.#savingPayers.set(accountId, true);
        return last === undefined ? inner : last(inner);
      },
    };
  }
}
