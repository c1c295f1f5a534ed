import { validationFailed } from '#lib/errors.ts';
import { cleanReasons, type Reasons } from '#lib/reasons.ts';
import { optional } from '#lib/text.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import { provisionFor } from './arrears.ts';
import { type Disbursing, disbursed } from './disbursement.ts';
import { loanError } from './errors.ts';
import {
  type DisbursementDates,
  type FeeSource,
  type LoanEvent,
  type LoanEventDetails,
  type LoanEventKind,
  type MoneySource,
  type Repayment,
  type Reschedule,
  RULES,
  type WaivedPart,
} from './event.ts';
import { LoanJournal } from './journal.ts';
import { sinceRules2 } from './later-terms.ts';
import {
  chargeLines,
  disbursementLines,
  type LoanLine,
  lossLines,
  recoveryLines,
  repaymentLines,
  waiverLines,
} from './lines.ts';
import { lost } from './loss.ts';
import { changedDetails, type NewLoan, newLoanState } from './new-loan.ts';
import { incomeTurn } from './non-accrual.ts';
import { aheadApplied } from './overdue.ts';
import { type Payoff, payoffOf, prepaymentCharge } from './prepayment-fee.ts';
import type { LoanProduct } from './products/loan-product.ts';
import { formatRate } from './products/rate-text.ts';
import { termsOfRequest } from './request-terms.ts';
import { rescheduled } from './reschedule.ts';
import { computeSchedule } from './schedule/schedule.ts';
import type { LoanTerms } from './schedule/terms.ts';
import {
  dueParts,
  type LoanChanges,
  type LoanParts,
  type LoanState,
  type LoanStatus,
  NO_PARTS,
  nonZero,
  owedParts,
  payoffParts,
  totalOf,
} from './state.ts';
import { divided, type Early, taken } from './taking.ts';
import { advance, type Earned, incomeOf, stateAsOf, turnedIncome } from './time.ts';
import { firstTranche, nextTranche } from './tranche.ts';
import { CHARGE_ROW, waived, withCharge } from './waiver.ts';

/**
 * A loan, from its application to its last instalment. Its commands return the lines to post; `state`, `events` and
 * `earned` are what it has come to. All of it follows from its product, its terms and its events. Does no I/O.
 *
 * Commands at the wrong time throw 409 `loan_not_in_status`. A refused command changes nothing except that the loan
 * has accrued up to then.
 */
export class Loan {
  readonly product: LoanProduct;
  readonly #journal: LoanJournal;

  constructor(state: LoanState, product: LoanProduct) {
    this.#journal = new LoanJournal(state);
    this.product = product;
  }

  /**
   * Applies for a loan. Throws as LoanProduct.termsOf does, for terms without a schedule, and 422
   * `disbursement_in_past`.
   */
  static apply(request: NewLoan, product: LoanProduct, today: IsoDate): Loan {
    const loan = new Loan(newLoanState(request, product, today), product);
    computeSchedule(loan.plannedTerms());
    if (request.requestedTerms.disbursedOn < today) throw loanError('disbursement_in_past');
    loan.recordApplication();
    return loan;
  }

  /** Starts its history. */
  recordApplication(): void {
    this.#journal.record('applied', this.#state.appliedOn, { amountMinor: this.#state.requestedMinor });
  }

  get state(): LoanState {
    return this.#journal.state;
  }

  get #state(): LoanState {
    return this.#journal.state;
  }

  /** Its events since it was loaded, in order. */
  get events(): readonly LoanEvent[] {
    return this.#journal.events;
  }

  /** The bank's earnings and the change of the provision since the loan was loaded, to be posted. */
  get earned(): Earned {
    return this.#journal.earned;
  }

  /** The terms for a disbursement on a date, by default the requested one. */
  plannedTerms(disbursedOn?: string, dates?: DisbursementDates): LoanTerms {
    const { approvedMinor, requestedMinor } = this.#state;
    return this.termsFor(approvedMinor ?? requestedMinor, disbursedOn, dates);
  }

  /** Approves the requested amount or less. Throws 422 `amount_above_requested` and as LoanProduct.termsOf does. */
  approve(amountMinor: bigint | undefined, today: IsoDate): void {
    this.#assertStatus('applied');
    const approvedMinor = amountMinor ?? this.#state.requestedMinor;
    if (approvedMinor > this.#state.requestedMinor) throw loanError('amount_above_requested');
    const terms = [this.plannedTerms(), this.termsFor(approvedMinor)] as const;
    for (const one of terms) computeSchedule(one);
    const [rateBefore, rateAfter] = terms.map(({ annualRate }) => formatRate(annualRate));
    this.#journal.change({ approvedMinor, status: 'approved' });
    const details = rateBefore === rateAfter ? {} : { rateBefore, rateAfter };
    this.#journal.record('approved', today, { amountMinor: approvedMinor, details });
  }

  /** The bank declines. Throws 400 `validation_failed` for the reason. */
  reject(reasons: Reasons, today: IsoDate): void {
    this.#assertStatus('applied');
    this.#end('rejected', today, cleanReasons(reasons));
  }

  /** The customer withdraws. */
  withdraw(today: IsoDate): void {
    this.#assertStatus('applied', 'approved');
    this.#end('withdrawn', today, {});
  }

  /** Direct debit and officer until the loan has ended, labels at any time. Throws 409 `loan_not_in_status`, and as changedDetails. */
  change(changes: LoanChanges): void {
    const isOfLife = changes.directDebit !== undefined || changes.officer !== undefined;
    if (isOfLife) this.#assertStatus('applied', 'approved', 'active');
    this.#journal.change({ ...changedDetails(this.#state, changes), version: this.#state.version + 1 });
  }

  /**
   * Disburses it, or the first or the next part of it. The fee is withheld or due at once, as a down payment is. Throws as
   * LoanProduct.termsOf does for terms from today on, and 422 `fees_exceed_amount`.
   */
  disburse(
    today: IsoDate,
    feesFrom: FeeSource,
    { dates, rules = RULES, amountMinor: asked }: Disbursing = {},
  ): LoanLine[] {
    const { status, undisbursedMinor } = this.#state;
    if (status === 'active' && undisbursedMinor > 0n)
      return this.#disburseMore(today, feesFrom, asked, rules);
    this.#assertStatus('approved');
    const { nothingIsFree: _, ...planned } = this.plannedTerms(today, dates);
    const first = firstTranche({ ...planned, ...sinceRules2(rules) }, asked, this.product.policy.hasTranches);
    const result = disbursed(first.terms, this.product.policy, feesFrom === 'amount');
    this.#journal.change({ undisbursedMinor: first.undisbursedMinor });
    const { amountMinor, keptFeeMinor, dueFeeMinor, atOnce } = result;
    this.#journal.change({ ...result.change, scheduleVersion: this.#state.lastEventNumber + 1 });
    this.#journal.earn({ feesMinor: dueFeeMinor });
    const details = { rules, feesFrom, dates };
    const parts = { principalMinor: amountMinor, feesMinor: keptFeeMinor };
    this.#journal.record('disbursed', today, { amountMinor, ...parts, details });
    for (const { number, principalMinor, feesMinor } of atOnce) {
      const due = { principalMinor, feesMinor, amountMinor: principalMinor + feesMinor };
      this.#journal.record('fell_due', today, { ...due, details: this.#journal.factDetails(number) });
    }
    return disbursementLines(amountMinor, keptFeeMinor);
  }

  /** Advances to the end of a date: accrues interest, lets instalments fall due and charges late fees. */
  accrueTo(date: IsoDate): void {
    if (this.#state.status !== 'active') return;
    const { state, earned, facts } = advance(this.#state, this.product.policy, date);
    this.#journal.earn(earned);
    for (const { kind, on, row, parts, after } of facts) {
      this.#journal.change({ ...after, lastEventNumber: this.#state.lastEventNumber });
      this.#journal.record(kind, on, {
        ...parts,
        amountMinor: totalOf(parts),
        details: this.#journal.factDetails(row),
      });
    }
    this.#journal.change({ ...state, lastEventNumber: this.#state.lastEventNumber });
    // The last instalment may have been paid ahead.
    if (totalOf(owedParts(state)) === 0n) this.#close('closed', facts.at(-1)?.on ?? date);
  }

  /** The payoff amount at the end of a date, if nothing is paid until then. */
  payoffOn(date: IsoDate): Payoff {
    this.#assertStatus('active');
    const { policy } = this.product;
    return payoffOf(stateAsOf(this.#state, policy, date), policy, date);
  }

  /** The amounts due now and unpaid. */
  get due(): LoanParts {
    return dueParts(this.#state);
  }

  /**
   * Takes a payment. It pays the amounts due first, in the product's order. The rest is a prepayment: it pays the
   * interest earned so far, then principal and the product's fee for it, which makes a new version of the schedule. Paying everything owed closes
   * the loan. Throws 422 `overpayment_refused` for more, where the product does not credit it to the borrower's
   * account. An excess from an account stays there.
   */
  repay(repayment: Repayment, today: IsoDate): LoanLine[] {
    const { source, strategy, isDirectDebit, isBackdated, rules = RULES, isTaken = false } = repayment;
    if (!isTaken) this.#assertStatus('active');
    this.accrueTo(today);
    const charge = prepaymentCharge(this.#state, this.product.policy, repayment, today);
    const { unpaid, feeMinor, spendsAhead } = charge;
    this.#journal.change({ unpaid });
    this.#journal.earn({ feesMinor: feeMinor });
    const owedMinor = totalOf(payoffParts(this.#state));
    const { amountMinor, excessMinor } = divided(repayment, owedMinor, this.product.policy);
    const paid =
      amountMinor === 0n ? NO_PARTS : this.#take(amountMinor, { strategy, rules, spendsAhead }, today);
    const aheadMinor = amountMinor - totalOf(paid);
    const amounts = { excessMinor: nonZero(excessMinor), aheadMinor: nonZero(aheadMinor) };
    const fee = { prepaymentFeeMinor: nonZero(feeMinor) };
    const details = { rules, source, strategy, isDirectDebit, isBackdated, ...amounts, ...fee };
    this.#journal.record('repaid', today, { amountMinor, ...paid, details });
    this.#turn(today);
    return repaymentLines(paid, excessMinor, aheadMinor);
  }

  /**
   * Gives up interest, fees or penalties that are due: the amount, or all of it. Throws 400 for the reason, and 422
   * `nothing_to_waive` and `waiver_exceeds_due`.
   */
  waive(part: WaivedPart, amountMinor: bigint | undefined, reasons: Reasons, today: IsoDate): LoanLine[] {
    this.#assertStatus('active');
    const details = { waived: part, ...cleanReasons(reasons) };
    this.accrueTo(today);
    const { change, given } = waived(this.#state, part, amountMinor);
    this.#takeIncome(given);
    this.#journal.change(change);
    if (totalOf(owedParts(this.#state)) === 0n) this.#close('closed', today);
    this.#journal.record('waived', today, { amountMinor: totalOf(given), ...given, details });
    this.#turn(today);
    return waiverLines(given);
  }

  /** Charges a fee that is due at once. Throws 400 for the reason. */
  charge(amountMinor: bigint, reasons: Reasons, today: IsoDate): LoanLine[] {
    this.#assertStatus('active');
    const details = cleanReasons(reasons);
    this.accrueTo(today);
    this.#journal.change({ unpaid: withCharge(this.#state.unpaid, amountMinor, today) });
    this.#journal.record('charged', today, { amountMinor, feesMinor: amountMinor, details });
    if (this.#state.paidAheadMinor > 0n) this.#payAhead(today);
    return chargeLines(amountMinor);
  }

  /** New terms for the remainder. Throws 400 `validation_failed` for the reason, and as `rescheduled` does. */
  reschedule(request: Reschedule, reasons: Reasons | undefined, today: IsoDate, rules = RULES): void {
    this.#assertStatus('active');
    const cleaned = optional(reasons, cleanReasons);
    if (request.override === true && cleaned === undefined) {
      throw validationFailed({ path: 'reason', message: 'is required to override the product' });
    }
    this.accrueTo(today);
    const { state, terms } = rescheduled(this.#state, request, today, rules);
    this.#journal.change(state);
    this.#journal.setTerms(terms);
    this.#journal.record('rescheduled', today, { details: { rules, reschedule: request, ...cleaned } });
    this.#turn(today);
  }

  /** Takes the debt off the books as a loss; the bank still claims it. Throws 400 for the reason. */
  chargeOff(reasons: Reasons, today: IsoDate): LoanLine[] {
    this.#assertStatus('active');
    return this.#lose('charged_off', reasons, today);
  }

  /** Waives the debt, or the charged-off amount. Throws 400 for the reason. */
  writeOff(reasons: Reasons, today: IsoDate): LoanLine[] {
    this.#assertStatus('active', 'charged_off');
    return this.#lose('written_off', reasons, today);
  }

  /** Takes money recovered after a loss. Throws 422 `recovery_exceeds_loss`. */
  recover(amountMinor: bigint, source: MoneySource, today: IsoDate): LoanLine[] {
    this.#assertStatus('charged_off', 'written_off');
    const { lostMinor, recoveredMinor } = this.#state;
    if (amountMinor > lostMinor - recoveredMinor) throw loanError('recovery_exceeds_loss');
    this.#journal.change({ recoveredMinor: recoveredMinor + amountMinor });
    this.#journal.record('recovered', today, { amountMinor, details: { source } });
    return recoveryLines(amountMinor);
  }

  /** Notes what changes nothing of the debt at the end of the date. Throws 400 for the reason. */
  note(kind: LoanEventKind, today: IsoDate, reasons?: Reasons): void {
    if (kind !== 'collateral_released') this.#assertStatus('applied', 'approved', 'active', 'charged_off');
    const details = optional(reasons, cleanReasons) ?? {};
    this.accrueTo(today);
    this.#journal.record(kind, today, { details });
  }

  /** Sets the provision that the product requires at the end of a date. */
  provide(date: IsoDate): void {
    const provisionMinor = provisionFor(this.#state, this.product.policy, date);
    this.#journal.earn({ provisionMinor: provisionMinor - this.#state.provisionMinor });
    this.#journal.change({ provisionMinor });
  }

  /** The terms of its request for another amount and other dates. Throws as LoanProduct.termsOf does. */
  termsFor(amountMinor: bigint, disbursedOn?: string, dates?: DisbursementDates): LoanTerms {
    return termsOfRequest(this.#state, this.product, amountMinor, { ...dates, disbursedOn });
  }

  #disburseMore(today: IsoDate, feesFrom: FeeSource, asked: bigint | undefined, rules: number): LoanLine[] {
    this.accrueTo(today);
    const { fees } = this.plannedTerms();
    const request = { amountMinor: asked, isFeeKept: feesFrom === 'amount', fees, on: today, rules };
    const { state, terms, amountMinor, dueFeeMinor, keptFeeMinor } = nextTranche(this.#state, request);
    this.#journal.change(state);
    this.#journal.earn({ feesMinor: dueFeeMinor });
    this.#journal.setTerms(terms);
    const parts = { principalMinor: amountMinor, feesMinor: keptFeeMinor };
    this.#journal.record('disbursed', today, { amountMinor, ...parts, details: { rules, feesFrom } });
    return disbursementLines(amountMinor, keptFeeMinor);
  }

  #take(amountMinor: bigint, early: Early, today: IsoDate): LoanParts {
    const { state, paid, terms } = taken(this.#state, this.product.policy, amountMinor, early, today);
    this.#takeIncome(paid);
    this.#journal.change(state);
    if (totalOf(owedParts(state)) === 0n) this.#close('closed', today);
    else if (terms !== undefined) this.#journal.setTerms(terms);
    return paid;
  }

  /** What was paid ahead pays a charge as it is made. */
  #payAhead(today: IsoDate): void {
    const { state, applied } = aheadApplied(this.#state, this.product.policy, today);
    this.#takeIncome(applied);
    this.#journal.change(state);
    this.#journal.earn({ applied });
    const details = this.#journal.factDetails(CHARGE_ROW);
    this.#journal.record('paid_ahead', today, { amountMinor: totalOf(applied), ...applied, details });
  }

  #lose(status: 'charged_off' | 'written_off', reasons: Reasons, today: IsoDate): LoanLine[] {
    const details = cleanReasons(reasons);
    this.accrueTo(today);
    const { provisionMinor } = this.#state;
    const { state, applied, owed, booked } = lost(this.#state, this.product.policy);
    this.#takeIncome(applied);
    this.#journal.earn({ applied });
    this.#journal.change(state);
    this.#close(status, today);
    this.#journal.record(status, today, { amountMinor: totalOf(owed), ...owed, details });
    return lossLines(booked, provisionMinor);
  }

  #close(status: LoanStatus, today: IsoDate): void {
    this.#journal.earn({ provisionMinor: -this.#state.provisionMinor });
    const ended = {
      period: undefined,
      penaltyRun: undefined,
      provisionMinor: 0n,
      nonAccrualSince: undefined,
    };
    this.#journal.change({ status, endedOn: today, ...ended });
  }

  #end(status: 'rejected' | 'withdrawn', today: IsoDate, details: LoanEventDetails): void {
    this.#journal.change({ status, endedOn: today });
    this.#journal.record(status, today, { details });
  }

  #assertStatus(...statuses: readonly LoanStatus[]): void {
    if (!statuses.includes(this.#state.status))
      throw loanError('loan_not_in_status', { status: this.#state.status });
  }

  /** While it earns no income, what is paid of interest is income as it is paid. */
  #takeIncome(paid: LoanParts): void {
    if (this.#state.nonAccrualSince !== undefined) this.#journal.earn(incomeOf(paid));
  }

  /** Goes on to earn once nothing is past due. */
  #turn(today: IsoDate): void {
    const turn = incomeTurn(this.#state, this.product.policy, today);
    if (turn?.kind !== 'income_resumed') return;
    this.#journal.change({ nonAccrualSince: undefined });
    this.#journal.earn(turnedIncome(turn));
    this.#journal.record(turn.kind, today, { ...turn.parts, amountMinor: totalOf(turn.parts) });
  }
}
