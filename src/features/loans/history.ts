import { assert, unreachable } from '#lib/assert.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import { loanError } from './errors.ts';
import { isAction, type LoanEvent } from './event.ts';
import { Loan } from './loan.ts';
import { newLoanState } from './new-loan.ts';
import type { LoanProduct } from './products/loan-product.ts';
import { type LoanState, owedParts } from './state.ts';
import { type Earned, NOTHING_EARNED } from './time.ts';

/**
 * The loan as replayed from its events; its row must say the same. Undone repayments leave no trace. Provisions are not
 * events: only the row holds them.
 */
export function replay(
  { state, product }: { readonly state: LoanState; readonly product: LoanProduct },
  events: readonly LoanEvent[],
  through?: IsoDate,
): Loan {
  const undone = new Set(events.flatMap(({ details }) => details.undoes ?? []));
  let loan = new Loan(newLoanState(state, product, state.appliedOn), product);
  for (const event of events) {
    if (!isAction(event) || undone.has(event.number)) continue;
    loan.accrueTo(event.on);
    // It keeps its number, which identifies the terms that it makes.
    loan = atEvent(loan, product, event.number - 1, event.version - 1);
    applyEvent(loan, event);
  }
  if (through !== undefined) loan.accrueTo(through);
  return loan;
}

/** Facts that the replay has produced so far equal those on record and are not needed. */
function atEvent(loan: Loan, product: LoanProduct, lastEventNumber: number, version: number): Loan {
  return new Loan({ ...loan.state, lastEventNumber, version }, product);
}

function applyEvent(loan: Loan, { kind, on, amountMinor, details }: LoanEvent): void {
  const { rules = 1 } = details;
  switch (kind) {
    case 'applied':
      loan.recordApplication();
      return;
    case 'approved':
      loan.approve(amountMinor, on);
      return;
    case 'rejected':
      loan.reject(details.reason ?? '', on);
      return;
    case 'withdrawn':
      loan.withdraw(on);
      return;
    case 'disbursed':
      loan.disburse(on, details.feesFrom ?? 'account', { dates: details.dates, rules });
      return;
    case 'repaid':
      assert(details.source !== undefined && details.strategy !== undefined, 'a repayment has a source');
      loan.repay(
        {
          amountMinor: amountMinor + (details.excessMinor ?? 0n),
          source: details.source,
          strategy: details.strategy,
          isDirectDebit: details.isDirectDebit,
          rules,
        },
        on,
      );
      return;
    case 'rescheduled':
      loan.reschedule(details.reschedule ?? {}, details.reason, on, rules);
      return;
    case 'charged_off':
      loan.chargeOff(details.reason ?? '', on);
      return;
    case 'written_off':
      loan.writeOff(details.reason ?? '', on);
      return;
    case 'recovered':
      assert(details.source !== undefined, 'a recovery has a source');
      loan.recover(amountMinor, details.source, on);
      return;
    case 'repayment_undone':
    case 'fell_due':
    case 'late_fee':
      return;
    default:
      unreachable(kind);
  }
}

/** The result of undoing the last repayment: the loan without it, and the bank's earnings then. */
export type UndoneRepayment = {
  readonly state: LoanState;
  readonly repayment: LoanEvent;
  /** The events since then as they are without it, and the undo itself. */
  readonly events: readonly LoanEvent[];
  readonly earned: Earned;
};

/**
 * Undoes the last repayment, as if it had never been made: interest, fees and penalty interest are recomputed without
 * it. Throws 409 `loan_not_in_status`, and 422 `no_repayment_to_undo` unless it is the loan's last event.
 */
export function undoLastRepayment(
  { state, product }: { readonly state: LoanState; readonly product: LoanProduct },
  events: readonly LoanEvent[],
  reason: string,
  today: IsoDate,
): UndoneRepayment {
  const { status } = state;
  if (status !== 'active' && status !== 'closed') throw loanError('loan_not_in_status', { status });
  const repayment = events.at(-1);
  if (repayment?.kind !== 'repaid' || repayment.details.isBroughtIn) throw loanError('no_repayment_to_undo');
  const without = replay({ state, product }, events.slice(0, -1), repayment.on);
  const loan = new Loan(
    {
      ...without.state,
      // What was collected and taken back is not collected again until somebody says so.
      directDebit: state.directDebit && repayment.details.isDirectDebit !== true,
      provisionMinor: state.provisionMinor,
      lastEventNumber: state.lastEventNumber,
      version: state.version,
    },
    product,
  );
  loan.recordUndoneRepayment(repayment, reason, today);
  loan.accrueTo(today);
  const [after, before] = [owedParts(loan.state), owedParts(state)];
  assert(
    after.principalMinor === before.principalMinor + repayment.principalMinor,
    'what a repayment repaid is owed again',
  );
  return {
    state: loan.state,
    repayment,
    events: loan.events,
    earned: {
      ...NOTHING_EARNED,
      interestMinor: after.interestMinor - before.interestMinor - repayment.interestMinor,
      feesMinor: after.feesMinor - before.feesMinor - repayment.feesMinor,
      penaltiesMinor: after.penaltiesMinor - before.penaltiesMinor - repayment.penaltiesMinor,
    },
  };
}
