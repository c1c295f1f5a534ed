import assert from 'node:assert/strict';
import { assertValueDate } from '#features/loans/bounds.ts';
import { correct, isUndoable, undoing } from '#features/loans/correction.ts';
import { repaidOn } from '#features/loans/corrections.ts';
import { isLoanFact, type LoanEvent } from '#features/loans/event.ts';
import { Footprint, type Move } from '#features/loans/footprint.ts';
import { replay } from '#features/loans/history.ts';
import { relive } from '#features/loans/life.ts';
import { earnedLines, type LoanLine } from '#features/loans/lines.ts';
import { Loan } from '#features/loans/loan.ts';
import type { LoanProduct } from '#features/loans/products/loan-product.ts';
import { computeSchedule } from '#features/loans/schedule/schedule.ts';
import { livedSchedule } from '#features/loans/schedule-rows.ts';
import { dueParts, type LoanState, owedParts, totalOf } from '#features/loans/state.ts';
import { CHART } from '#ledger/chart.ts';
import { isRefusal } from '#lib/errors.ts';
import type { AccountId, CustomerId, LoanId } from '#lib/ids.ts';
import { addDays, type IsoDate } from '#lib/time/dates.ts';
import { type Requested, START, type Step } from './random-lives.ts';

const ACCOUNT = { accountId: 'account' as AccountId };
const MONEY = { ...ACCOUNT, source: 'cash' } as const;

/** A bank's ledger, as far as one loan knows it. */
class Books extends Footprint {
  post(lines: readonly LoanLine[]): void {
    for (const { amountMinor } of lines) assert.ok(amountMinor > 0n, 'a line has a positive amount');
    this.addLines(lines, MONEY);
  }
}

/** On the day on which it is to be paid out. */
export function applyFor(product: LoanProduct, requested: Requested): Loan {
  const { amount, feesFrom: _, ...rest } = requested;
  const request = {
    id: 'loan' as LoanId,
    customerId: 'customer' as CustomerId,
    accountId: ACCOUNT.accountId,
    externalId: undefined,
    requestedTerms: { ...rest, disbursedOn: START },
    directDebit: true,
    requestedMinor: BigInt(amount.replace('.', '')),
  };
  return Loan.apply(request, product, START);
}

/** A loan with its history and its books, to which things are done; after each the laws are held against it. */
export class Story {
  readonly product: LoanProduct;
  readonly books = new Books();
  readonly events: LoanEvent[] = [];
  /** What an action posted, by its number. */
  readonly posted = new Map<number, readonly LoanLine[]>();
  state: LoanState;
  today: IsoDate = START;

  constructor(product: LoanProduct, requested: Requested) {
    this.product = product;
    const loan = applyFor(product, requested);
    loan.approve(undefined, START);
    this.#keep(loan, loan.disburse(START, requested.feesFrom));
    this.state = loan.state;
  }

  #keep(loan: Loan, lines: readonly LoanLine[]): void {
    this.state = loan.state;
    this.events.push(...loan.events);
    this.books.post(earnedLines(loan.earned));
    this.books.post(lines);
    const action = loan.events.findLast(({ kind }) => !isLoanFact(kind));
    if (action !== undefined) this.posted.set(action.number, lines);
  }

  do(one: Step): void {
    this.today = addDays(this.today, one.days);
    const loan = new Loan(this.state, this.product);
    loan.accrueTo(this.today);
    const { state } = loan;
    try {
      if (one.act === 'undo') this.#undo(loan, one.which);
      else if (one.act === 'pay-earlier') this.#payEarlier(loan, one);
      else this.#keep(loan, loan.state.status === 'active' ? this.#act(loan, one) : []);
    } catch (error) {
      assert.ok(isRefusal(error), String(error));
      assert.deepEqual(loan.state, state, 'a refused act leaves the loan as it was');
      this.#keep(loan, []);
    }
  }

  #act(loan: Loan, one: Exclude<Step, { act: 'undo' | 'pay-earlier' }>): readonly LoanLine[] {
    const owed = totalOf(owedParts(loan.state));
    switch (one.act) {
      case 'wait':
        return [];
      case 'charge':
        return loan.charge(777n, { reason: 'a letter' }, this.today);
      case 'waive':
        return loan.waive(one.part, undefined, { reason: 'goodwill' }, this.today);
      case 'lose':
        return loan.chargeOff({ reason: 'gone' }, this.today);
      case 'reschedule':
        loan.reschedule(one.request, undefined, this.today);
        return [];
      case 'pay':
      case 'pay-due': {
        const due = totalOf(dueParts(loan.state));
        const amountMinor = one.act === 'pay' ? (owed * BigInt(one.share)) / 50n : due;
        const strategy = one.act === 'pay' ? one.strategy : 'shorten_term';
        if (amountMinor === 0n) return [];
        return loan.repay({ amountMinor, source: 'cash', strategy }, this.today);
      }
    }
  }

  #payEarlier(loan: Loan, { share, back }: { share: number; back: number }): void {
    const on = addDays(this.today, -back);
    assertValueDate(loan, on, this.today);
    const amountMinor = (totalOf(owedParts(loan.state)) * BigInt(share)) / 50n;
    if (amountMinor === 0n) {
      this.#keep(loan, []);
      return;
    }
    const events = [...this.events, ...loan.events];
    const repayment = { amountMinor, source: 'cash', strategy: 'lower_instalment' } as const;
    const dates = { on, today: this.today };
    const { state, adjustment = [], payment, events: made } = repaidOn(loan, events, repayment, dates);
    this.#correct(loan, state, made.at(-1)!, adjustment);
    this.books.post(payment.lines);
    this.posted.set(state.lastEventNumber, payment.lines);
  }

  #undo(loan: Loan, which: number): void {
    const able = this.events.filter((event) => isUndoable(this.events, event));
    const target = able.at(-which);
    if (target === undefined) {
      this.#keep(loan, []);
      return;
    }
    const events = [...this.events, ...loan.events];
    const correcting = undoing(
      this.events,
      { ...target, bookedOn: target.on },
      { reason: 'bounced' },
      this.today,
    );
    const own = new Footprint().addLines(this.posted.get(target.number) ?? [], MONEY).moves.map(turned);
    const living = { state: loan.state, product: this.product };
    const { state, event, moves } = correct(living, events, correcting, () => ({ moves: own }), this.today);
    this.#correct(loan, state, event, moves);
    this.books.add(own);
  }

  #correct(loan: Loan, state: LoanState, event: LoanEvent, moves: readonly Move[]): void {
    this.#keep(loan, []);
    this.books.add(moves);
    this.events.push(event);
    this.state = state;
  }

  assertLaws(): void {
    const owed = owedParts(this.state);
    const { books } = this;
    assert.equal(books.at(CHART.loans), owed.principalMinor, 'principal');
    assert.equal(books.at(CHART.loanInterestReceivable), owed.interestMinor, 'interest');
    assert.equal(books.at(CHART.loanFeesReceivable), owed.feesMinor, 'fees');
    assert.equal(books.at(CHART.loanPenaltiesReceivable), owed.penaltiesMinor, 'penalties');
    assert.equal(books.at(CHART.loanInstalmentsAhead), -this.state.paidAheadMinor, 'paid ahead');
    assert.ok(this.state.paidAheadMinor === 0n || totalOf(owed) > this.state.paidAheadMinor);
    const life = relive(this, this.events, this.state.accruedThrough).footprint;
    assert.deepEqual(books.since(life), [], 'the books have what its life posts');
    for (const part of [...Object.values(owed), ...this.state.unpaid.flatMap(itemParts)])
      assert.ok(part >= 0n);
    assert.ok(dueParts(this.state).principalMinor <= owed.principalMinor);
    const isOver = ['approved', 'closed', 'charged_off'].includes(this.state.status);
    assert.equal(isOver, totalOf(owed) === 0n, this.state.status);
    const { accruedThrough = START } = this.state;
    const numbers = livedSchedule(relive(this, this.events, accruedThrough), accruedThrough)
      .rows.map(({ number }) => number)
      .filter((number) => number > 0);
    assert.equal(
      new Set(numbers).size,
      numbers.length,
      `each instalment has a number of its own: ${numbers.join(', ')}`,
    );
    this.#assertSchedule(owed.principalMinor - dueParts(this.state).principalMinor);
    const {
      lastEventNumber: _,
      provisionMinor: __,
      version: ___,
      ...again
    } = replay(this, this.events, this.state.accruedThrough).state;
    const { lastEventNumber: ____, provisionMinor: _____, version: ______, ...state } = this.state;
    assert.deepEqual(again, state, 'the loan is what its events make it');
  }

  /** What is not due falls due until the end, to the cent. */
  #assertSchedule(notDueMinor: bigint): void {
    const { terms, period, interestAccruedMinor } = this.state;
    if (terms === undefined || period === undefined) {
      assert.equal(notDueMinor, 0n);
      if (this.state.status === 'active') assert.equal(interestAccruedMinor, 0n);
      return;
    }
    const coming = computeSchedule(terms).rows.filter(({ number }) => number >= period.number);
    assert.equal(
      coming.reduce((sum, { principalMinor }) => sum + principalMinor, 0n),
      notDueMinor,
    );
    for (const { principalMinor, interestMinor } of coming) {
      assert.ok(principalMinor >= 0n && interestMinor >= 0n);
    }
  }

  /** Time passes without a payment until all is due, and what is owed then is paid at once. */
  end(): void {
    for (let count = 0; count < 80 && this.state.period !== undefined; count += 1) {
      this.do({ days: 366, act: 'wait' });
    }
    assert.equal(this.state.period, undefined, 'everything falls due');
    const loan = new Loan(this.state, this.product);
    if (loan.state.status !== 'active') return;
    const amountMinor = totalOf(loan.payoffOn(this.today));
    this.#keep(loan, loan.repay({ amountMinor, source: 'cash', strategy: 'shorten_term' }, this.today));
  }
}

function turned({ debit, credit, amountMinor }: Move): Move {
  return { debit: credit, credit: debit, amountMinor };
}

function itemParts(item: LoanState['unpaid'][number]): bigint[] {
  return [item.principalMinor, item.interestMinor, item.feesMinor];
}
