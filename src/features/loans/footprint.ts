import { CHART } from '#ledger/chart.ts';
import { assert } from '#lib/assert.ts';
import type { AccountId } from '#lib/ids.ts';
import type { MoneySource } from './event.ts';
import type { LoanLine, LoanSide } from './lines.ts';

/** The line of the chart for each side that is one of the bank's own. */
const CODES: Readonly<Record<Exclude<LoanSide, 'account' | 'source'>, string>> = {
  loans: CHART.loans,
  interestReceivable: CHART.loanInterestReceivable,
  feesReceivable: CHART.loanFeesReceivable,
  penaltiesReceivable: CHART.loanPenaltiesReceivable,
  allowance: CHART.loanLossAllowance,
  interestIncome: CHART.interestIncome,
  feeIncome: CHART.feeIncome,
  penaltyIncome: CHART.penaltyInterestIncome,
  ahead: CHART.loanInstalmentsAhead,
  recoveries: CHART.loanRecoveries,
  losses: CHART.loanLosses,
};

/** The borrower's account, and the source of a payment. */
export type Money = {
  readonly accountId?: AccountId | undefined;
  readonly source?: MoneySource | undefined;
};

/** A place in the books: the code of a line of the chart, or the id of a customer's account. */
export type Place = string;

export function placeOf(side: LoanSide, { accountId, source }: Money): Place {
  if (side === 'account') {
    assert(accountId !== undefined, 'the borrower has an account');
    return accountId;
  }
  if (side !== 'source') return CODES[side];
  assert(source !== undefined, 'a payment has a source');
  return source === 'cash' ? CHART.cash : source.accountId;
}

/** An amount that moves from one place to another, in minor units. */
export type Move = { readonly debit: Place; readonly credit: Place; readonly amountMinor: bigint };

/**
 * What a loan has moved in the books, by place: debits less credits, in minor units. It follows from the loan's life
 * alone; provisions are not in it. Where a life is corrected, the difference of two of them is what is to be posted.
 */
export class Footprint {
  readonly #debits = new Map<Place, bigint>();

  add(moves: readonly Move[], sign: 1n | -1n = 1n): this {
    for (const { debit, credit, amountMinor } of moves) {
      this.#change(debit, sign * amountMinor);
      this.#change(credit, -sign * amountMinor);
    }
    return this;
  }

  /** All of it as moves. */
  get moves(): Move[] {
    return this.since(new Footprint());
  }

  /** Another footprint with these moves too. */
  plus(moves: readonly Move[]): Footprint {
    return new Footprint().add(this.moves).add(moves);
  }

  addLines(lines: readonly LoanLine[], money: Money): this {
    return this.add(
      lines.map(({ debit, credit, amountMinor }) => {
        return { debit: placeOf(debit, money), credit: placeOf(credit, money), amountMinor };
      }),
    );
  }

  /** What is debited at a place. */
  at(place: Place): bigint {
    return this.#debits.get(place) ?? 0n;
  }

  /** The moves that lead from another footprint to this one: one for each place but the first that differs. */
  since(other: Footprint): Move[] {
    const places = [...new Set([...this.#debits.keys(), ...other.#debits.keys()])].toSorted();
    const changed = places
      .map((place) => ({ place, minor: this.at(place) - other.at(place) }))
      .filter(({ minor }) => minor !== 0n);
    const [hub, ...others] = changed;
    if (hub === undefined) return [];
    return others.map(({ place, minor }) =>
      minor > 0n
        ? { debit: place, credit: hub.place, amountMinor: minor }
        : { debit: hub.place, credit: place, amountMinor: -minor },
    );
  }

  #change(place: Place, minor: bigint): void {
    this.#debits.set(place, this.at(place) + minor);
  }
}
