import { assert, unreachable } from '#lib/assert.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import { effectiveActions } from './effective-actions.ts';
import type { LoanEvent } from './event.ts';
import { Footprint } from './footprint.ts';
import { earnedLines, type LoanLine } from './lines.ts';
import { Loan } from './loan.ts';
import { newLoanState } from './new-loan.ts';
import type { LoanProduct } from './products/loan-product.ts';
import type { LoanState } from './state.ts';

/** The row of a loan, as far as a life needs it: what no event says. */
export type LivingLoan = { readonly state: LoanState; readonly product: LoanProduct };

/** A stretch of a life: what was done, or what time made of the loan, and the loan before and after it. */
export type LifeStep = {
  /** The action; undefined where only time passed. */
  readonly action: LoanEvent | undefined;
  readonly happened: readonly LoanEvent[];
  readonly before: LoanState;
  readonly after: LoanState;
};

/** A loan's life as it counts, corrections seen. */
export type Life = {
  readonly loan: Loan;
  readonly footprint: Footprint;
  readonly steps: readonly LifeStep[];
};

/**
 * Lives a loan's life again from its events, up to the end of a date. What was undone leaves no trace, and what counts
 * from an earlier date is done on it. Throws what an action throws that is not possible any more.
 */
export function relive(
  { state, product }: LivingLoan,
  events: readonly LoanEvent[],
  through?: IsoDate,
): Life {
  const life = new Reliving(new Loan(newLoanState(state, product, state.appliedOn), product));
  for (const { event, scheduleNumber } of effectiveActions(events)) {
    life.pass(event.on);
    life.act(event, scheduleNumber);
  }
  if (through !== undefined) life.pass(through);
  const last = events.at(-1);
  if (last !== undefined) life.setCounters(last.number, last.version);
  return life;
}

class Reliving implements Life {
  loan: Loan;
  readonly footprint = new Footprint();
  readonly steps: LifeStep[] = [];

  constructor(loan: Loan) {
    this.loan = loan;
  }

  pass(date: IsoDate): void {
    const before = this.loan.state;
    this.loan.accrueTo(date);
    this.#keep(before, undefined, []);
  }

  /** Its number identifies the terms that it makes. Facts until then equal those on record and are not needed. */
  act(event: LoanEvent, scheduleNumber: number): void {
    this.setCounters(scheduleNumber - 1, event.version - 1);
    const before = this.loan.state;
    const lines = repeat(this.loan, event);
    this.#keep(before, event, lines);
  }

  setCounters(lastEventNumber: number, version: number): void {
    this.loan = new Loan({ ...this.loan.state, lastEventNumber, version }, this.loan.product);
  }

  #keep(before: LoanState, action: LoanEvent | undefined, lines: readonly LoanLine[]): void {
    const { state: after, earned, events: happened } = this.loan;
    const { accountId } = after;
    this.footprint.addLines(earnedLines(earned), { accountId });
    this.footprint.addLines(lines, { accountId, source: action?.details.source });
    this.steps.push({ action, happened, before, after });
    this.loan = new Loan(after, this.loan.product);
  }
}

/** Does an action again, and returns the lines that it posts now. */
function repeat(loan: Loan, { kind, on, amountMinor, details }: LoanEvent): readonly LoanLine[] {
  const { rules = 1, reason = '', customerReason } = details;
  const reasons = { reason, customerReason };
  switch (kind) {
    case 'applied':
      loan.recordApplication();
      return [];
    case 'approved':
      loan.approve(amountMinor, on);
      return [];
    case 'rejected':
      loan.reject(reasons, on);
      return [];
    case 'withdrawn':
      loan.withdraw(on);
      return [];
    case 'disbursed':
      return loan.disburse(on, details.feesFrom ?? 'account', { dates: details.dates, rules, amountMinor });
    case 'repaid':
      return repayAgain(loan, { on, amountMinor, details });
    case 'rescheduled':
      loan.reschedule(
        details.reschedule ?? {},
        details.reason === undefined ? undefined : reasons,
        on,
        rules,
      );
      return [];
    case 'charged_off':
      return loan.chargeOff(reasons, on);
    case 'written_off':
      return loan.writeOff(reasons, on);
    case 'recovered':
      assert(details.source !== undefined, 'a recovery has a source');
      return loan.recover(amountMinor, details.source, on);
    case 'waived':
      assert(details.waived !== undefined, 'a waiver has a part');
      return loan.waive(details.waived, amountMinor, reasons, on);
    case 'charged':
      return loan.charge(amountMinor, reasons, on);
    case 'repayment_undone':
    case 'undone':
    case 'fell_due':
    case 'late_fee':
    case 'paid_ahead':
    case 'income_suspended':
    case 'income_resumed':
    case 'party_added':
    case 'party_removed':
    case 'collateral_added':
    case 'collateral_released':
      return [];
    default:
      return unreachable(kind);
  }
}

function repayAgain(
  loan: Loan,
  { on, amountMinor, details }: Pick<LoanEvent, 'on' | 'amountMinor' | 'details'>,
): readonly LoanLine[] {
  const { source, strategy, isDirectDebit, rules = 1, excessMinor = 0n } = details;
  assert(source !== undefined && strategy !== undefined, 'a repayment has a source');
  const repayment = { amountMinor: amountMinor + excessMinor, source, strategy, isDirectDebit, rules };
  return loan.repay({ ...repayment, isTaken: true }, on);
}
