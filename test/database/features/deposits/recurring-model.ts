import type { Outcome, Told } from './model.ts';
import { least, MILLION, rounded, taxOf, YEAR } from './model.ts';

/** A recurring deposit as a story has it: days count from the first of the story, amounts are in cents, rates in ppm. */
export type RecurringTold = Pick<Told, 'rate' | 'termDays' | 'opens' | 'interest' | 'closes' | 'closure'> & {
  readonly instalment: bigint;
  readonly grace: number;
  readonly fee: bigint;
  readonly cut: bigint;
  readonly postpones: boolean;
  readonly closedAfter: number | undefined;
  /** How many instalments the customer has to begin with, and on which days one more comes in. */
  readonly begins: number;
  readonly comes: readonly number[];
  /** On which days the customer pays by hand, if something is owed and there. */
  readonly pays: readonly number[];
};

type Part = { readonly due: number; state: 'open' | 'paid' | 'missed' | 'moved' };

const WEEK = 7;

/** A recurring deposit in plain fractions, a day after the other: nothing of it is shared with the bank. */
export class RecurringModel {
  readonly #told: RecurringTold;
  readonly #isMonthEnd: (day: number) => boolean;
  #owner: bigint;
  #parts: Part[] = [];
  #runs = false;
  #maturesOn = 0;
  #missed = 0;
  #flows: { readonly day: number; readonly amount: bigint }[] = [];
  #balance = 0n;
  #posted = 0n;
  #taxed = 0n;
  /** Balance times rate, of the days since the last posting. */
  #sum = 0n;

  constructor(told: RecurringTold, isMonthEnd: (day: number) => boolean) {
    this.#told = told;
    this.#isMonthEnd = isMonthEnd;
    this.#owner = told.instalment * BigInt(told.begins);
  }

  get outcome(): Outcome {
    return { owner: this.#owner, held: this.#balance, accrued: rounded(this.#sum, YEAR) };
  }

  /** Whether the customer can pay by hand: an instalment is owed, and the money is there. */
  mayPay(day: number): boolean {
    return this.#runs && day < this.#maturesOn && this.#owed(day) !== undefined && this.#isCovered;
  }

  mayClose(day: number): boolean {
    return this.#runs && day < this.#maturesOn;
  }

  /** What the customer does on a day. */
  act(day: number): void {
    const { opens, comes, pays, closes, instalment, termDays } = this.#told;
    this.#owner += instalment * BigInt(comes.filter((one) => one === day).length);
    if (day === opens) {
      for (let due = opens; due < opens + termDays; due += WEEK) this.#parts.push({ due, state: 'open' });
      this.#maturesOn = opens + termDays;
      this.#runs = true;
      this.#take(this.#parts[0]!, day);
    }
    if (pays.includes(day) && this.mayPay(day)) this.#take(this.#owed(day)!, day);
    if (day === closes && this.mayClose(day)) this.#close(day);
  }

  /** The end of a day. */
  end(day: number): void {
    if (!this.#runs) return;
    this.#pay(day);
    if (this.#runs) this.#collect(day);
    if (this.#runs) this.#earn(day);
  }

  get #isCovered(): boolean {
    return this.#owner >= this.#told.instalment;
  }

  get #principal(): bigint {
    return this.#flows.reduce((sum, { amount }) => sum + amount, 0n);
  }

  #owed(day: number): Part | undefined {
    return this.#parts.find(({ due, state }) => state === 'missed' || (state === 'open' && due <= day));
  }

  #take(part: Part, day: number): void {
    const { instalment } = this.#told;
    part.state = 'paid';
    this.#owner -= instalment;
    this.#balance += instalment;
    this.#flows.push({ day, amount: instalment });
  }

  #leave(): void {
    this.#owner += this.#balance;
    [this.#runs, this.#balance, this.#sum] = [false, 0n, 0n];
  }

  #pay(day: number): void {
    if (day === this.#maturesOn) this.#leave();
    else if (this.#told.interest === 'paid') {
      this.#owner += this.#balance - this.#principal;
      this.#balance = this.#principal;
    }
  }

  get #isOverdone(): boolean {
    return this.#told.closedAfter !== undefined && this.#missed >= this.#told.closedAfter;
  }

  #collect(day: number): void {
    for (;;) {
      const next = this.#parts.find(({ state }) => state === 'open');
      if (next === undefined || next.due > day || this.#isOverdone) break;
      if (this.#isCovered) this.#take(next, day);
      else if (day >= next.due + this.#told.grace || day === this.#maturesOn - 1) this.#miss(next, day);
      else break;
    }
    if (this.#isOverdone) this.#close(day);
  }

  #miss(part: Part, day: number): void {
    const { fee, postpones, opens, termDays } = this.#told;
    this.#missed += 1;
    part.state = 'missed';
    if (fee < this.#principal) {
      this.#balance -= fee;
      this.#flows.push({ day, amount: -fee });
    }
    if (!postpones || part.due >= opens + termDays) return;
    part.state = 'moved';
    this.#parts.push({ due: this.#parts.at(-1)!.due + WEEK, state: 'open' });
    this.#maturesOn += WEEK;
  }

  get #rate(): bigint {
    const left = this.#told.rate - this.#told.cut * BigInt(this.#missed);
    return left > 0n ? left : 0n;
  }

  #earn(day: number): void {
    this.#sum += this.#balance * this.#rate;
    const isLast = day === this.#maturesOn - 1;
    if (!isLast && (this.#told.interest === 'at_maturity' || !this.#isMonthEnd(day))) return;
    const gross = rounded(this.#sum, YEAR);
    this.#posted += gross;
    this.#taxed += taxOf(gross);
    this.#balance += gross - taxOf(gross);
    this.#sum = 0n;
  }

  #close(day: number): void {
    const { interest, closure, opens, termDays, rate } = this.#told;
    const days = day - opens;
    const held = days === 0 ? 0n : days < termDays ? closure.heldRate : rate;
    const base = { booked: this.#rate, held_term: held, lower: least(held, this.#rate) }[closure.rate];
    const left = base > closure.penalty ? base - closure.penalty : 0n;
    const principal = this.#principal;
    const earning = this.#flows.reduce((sum, flow) => sum + flow.amount * BigInt(day - flow.day), 0n);
    const earned = rounded(earning * left, YEAR);
    const lost = rounded(principal * this.#rate * BigInt(closure.lostDays), YEAR);
    const paid = interest === 'paid' ? this.#posted : 0n;
    const due = earned - rounded(earned * closure.forfeited, MILLION) - lost - paid;
    const taken = due < 0n && closure.reachesPrincipal ? least(-due, principal) : 0n;
    const gained = (due > 0n ? due : 0n) - taken - (interest === 'paid' ? 0n : this.#posted);
    this.#balance += gained - (gained >= 0n ? taxOf(gained) : -least(taxOf(-gained), this.#taxed));
    this.#leave();
  }
}
