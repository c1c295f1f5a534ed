import type { Context } from '#db/context.ts';
import type { Tx } from '#db/database.ts';
import { findReversal } from '#ledger/reversal.ts';
import { assert } from '#lib/assert.ts';
import { notFound } from '#lib/errors.ts';
import type { Reasons } from '#lib/reasons.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import { assertValueDate } from './bounds.ts';
import type { Decision, Payment } from './commands.ts';
import { type Corrected, correct, isUndoable, type Own, repaymentIn, undoing } from './correction.ts';
import { loanError } from './errors.ts';
import { type LoanEvent, type MoneySource, type PrepaymentStrategy, RULES } from './event.ts';
import { listEvents, type StoredEvent } from './event-repository.ts';
import { Footprint } from './footprint.ts';
import { movesOf } from './ledger.ts';
import type { Life } from './life.ts';
import { type LoanLine, repaymentLines } from './lines.ts';
import type { Loan } from './loan.ts';
import { NO_PARTS } from './state.ts';

/**
 * Corrections of a locked loan's past: an act is undone, or money counts from an earlier date. The loan accrues up to
 * today first, so that the correction alone is posted as such.
 */
export class LoanCorrections {
  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
  }

  /** Undoes an event; without a number the last repayment. Throws as `undoing` and `correct` do. */
  async undo(
    tx: Tx,
    loan: Loan,
    { number, ...reasons }: Reasons & { readonly number: number | undefined },
    today: IsoDate,
  ): Promise<Decision> {
    const stored = await listEvents(tx, this.#context.bookId, loan.state.id);
    const target = targetOf(stored, number);
    loan.accrueTo(today);
    const events = [...stored, ...loan.events];
    const correcting = undoing(stored, target, reasons, today);
    const payment = await this.#reversalOf(tx, loan, target);
    const own = movesOf(payment?.reversal?.postings ?? []);
    const living = { state: loan.state, product: loan.product };
    const corrected = correct(living, events, correcting, () => ({ moves: own }), today);
    const { state } = corrected;
    // What was collected and taken back is not collected again until somebody says so.
    const directDebit = state.directDebit && target.details.isDirectDebit !== true;
    return { ...decisionOf(loan, corrected), state: { ...state, directDebit }, payment };
  }

  /** A repayment that counts from an earlier date. Throws 422 `value_date_outside`, and as `correct` does. */
  async repayOn(
    tx: Tx,
    loan: Loan,
    repayment: DatedRepayment,
    { on, today }: { readonly on: IsoDate; readonly today: IsoDate },
  ): Promise<PaidDecision> {
    assertValueDate(loan, on, today);
    const stored = await listEvents(tx, this.#context.bookId, loan.state.id);
    loan.accrueTo(today);
    return repaidOn(loan, [...stored, ...loan.events], repayment, { on, today });
  }

  async #reversalOf(tx: Tx, { state }: Loan, { entryId, kind }: LoanEvent): Promise<Payment | undefined> {
    if (entryId === undefined) {
      assert(kind !== 'repaid' && kind !== 'disbursed', 'money that moved was posted');
      return undefined;
    }
    const reversal = await findReversal(tx, this.#context.bookId, entryId);
    assert(reversal !== undefined, 'a posted entry can be found');
    const { postings } = reversal;
    const accountId = postings
      .flatMap(({ debit, credit }) => [debit, credit])
      .find((side) => typeof side === 'string');
    const moved = new Footprint().add(movesOf(postings)).at(accountId ?? '');
    const amountMinor = moved < 0n ? -moved : moved;
    const row = {
      accountId: accountId ?? state.accountId,
      type: 'reversal',
      mode: 'internal',
      amountMinor,
    } as const;
    return {
      kind: 'reversal',
      lines: [],
      reversal: { postings, reversesEntryId: entryId },
      row: amountMinor === 0n ? undefined : row,
    };
  }
}

/** Throws 404 `not_found` for a number that no event has, and 422 `no_repayment_to_undo`. */
function targetOf(events: readonly StoredEvent[], number: number | undefined): StoredEvent {
  if (number !== undefined) {
    const named = events.find((event) => event.number === number);
    if (named === undefined) throw notFound();
    return named;
  }
  const last = events.findLast((event) => event.kind === 'repaid' && isUndoable(events, event));
  if (last === undefined) throw loanError('no_repayment_to_undo');
  return last;
}

type PaidDecision = Decision & { readonly payment: Payment };

type DatedRepayment = {
  readonly amountMinor: bigint;
  readonly source: MoneySource;
  readonly strategy: PrepaymentStrategy;
};

/**
 * The decision of a repayment that counts from an earlier date. Throws 422 `overpayment_refused` for more than was owed
 * then, as Loan.repay does; an excess from an account stays there.
 */
export function repaidOn(
  loan: Loan,
  events: readonly LoanEvent[],
  { amountMinor, source, strategy }: DatedRepayment,
  { on, today }: { readonly on: IsoDate; readonly today: IsoDate },
): PaidDecision {
  const { state, product } = loan;
  const details = { rules: RULES, source, strategy, isBackdated: true };
  const correcting = { kind: 'repaid', on, amountMinor, parts: NO_PARTS, sign: -1n, details } as const;
  let lines: readonly LoanLine[] = [];
  let excessMinor = 0n;
  const ownOf = (life: Life): Own => {
    const repaid = repaymentIn(life, state.lastEventNumber + 1);
    const { principalMinor, interestMinor, feesMinor, penaltiesMinor, amountMinor: tookMinor } = repaid;
    const parts = { principalMinor, interestMinor, feesMinor, penaltiesMinor };
    excessMinor = repaid.details.excessMinor ?? 0n;
    const { aheadMinor = 0n } = repaid.details;
    lines = repaymentLines(parts, excessMinor, aheadMinor);
    const moves = new Footprint().addLines(lines, { accountId: state.accountId, source }).moves;
    const more = {
      ...(excessMinor > 0n ? { excessMinor } : {}),
      ...(aheadMinor === 0n ? {} : { aheadMinor }),
    };
    return { moves, event: { ...parts, amountMinor: tookMinor, details: { ...details, ...more } } };
  };
  const corrected = correct({ state, product }, events, correcting, ownOf, today);
  if (excessMinor > 0n && product.policy.overpayment === 'refuse') throw loanError('overpayment_refused');
  if (excessMinor > 0n && source !== 'cash') {
    const rest = { amountMinor: amountMinor - excessMinor, source, strategy };
    return repaidOn(loan, events, rest, { on, today });
  }
  return {
    ...decisionOf(loan, corrected),
    payment: { kind: 'loan_repayment', lines, source, valueDate: on },
  };
}

function decisionOf(loan: Loan, { state, event, moves }: Corrected): Decision {
  return { state, events: [...loan.events, event], earned: loan.earned, adjustment: moves };
}
