/** A deposit as a story has it: days count from the first of the story, amounts are in cents, rates in ppm. */
export type Told = {
  readonly principal: bigint;
  readonly rate: bigint;
  readonly termDays: number;
  readonly opens: number;
  /** When interest is posted and where it goes: at the maturity, monthly and paid out, or monthly and kept. */
  readonly interest: 'at_maturity' | 'paid' | 'kept';
  readonly renews: boolean;
  /** The day on which it is closed, if it runs then. */
  readonly closes: number | undefined;
  readonly closure: {
    readonly rate: 'booked' | 'held_term' | 'lower';
    readonly heldRate: bigint;
    readonly penalty: bigint;
    readonly lostDays: number;
    readonly forfeited: bigint;
    readonly reachesPrincipal: boolean;
  };
};

/** Where the money is at the end: with the customer, on the deposit that runs, and earned but not posted. */
export type Outcome = { readonly owner: bigint; readonly held: bigint; readonly accrued: bigint };

export const YEAR = 365n * 1_000_000n;
export const MILLION = 1_000_000n;

/** Half to the even neighbour, of what is not below zero. */
export function rounded(numerator: bigint, denominator: bigint): bigint {
  const [whole, rest] = [numerator / denominator, (numerator % denominator) * 2n];
  const isUp = rest > denominator || (rest === denominator && whole % 2n === 1n);
  return isUp ? whole + 1n : whole;
}

/** A quarter, cut. */
export const taxOf = (minor: bigint): bigint => minor / 4n;
export const least = (one: bigint, other: bigint): bigint => (one < other ? one : other);

/** The interest of one deposit in plain fractions, a day after the other. `isMonthEnd` says on which days months end. */
export class Model {
  readonly #told: Told;
  readonly #isMonthEnd: (day: number) => boolean;
  #owner: bigint;
  #principal = 0n;
  #balance = 0n;
  #openedOn: number | undefined;
  #posted = 0n;
  #taxed = 0n;
  /** Balance times rate, of the days since the last posting. */
  #sum = 0n;

  constructor(told: Told, owner: bigint, isMonthEnd: (day: number) => boolean) {
    this.#told = told;
    this.#owner = owner;
    this.#isMonthEnd = isMonthEnd;
  }

  get outcome(): Outcome {
    return { owner: this.#owner, held: this.#balance, accrued: rounded(this.#sum, YEAR) };
  }

  /** What the customer does on a day, and then its end. */
  live(day: number): void {
    const { opens, closes, termDays, principal } = this.#told;
    if (day === opens) {
      this.#owner -= principal;
      this.#open(day, principal);
    }
    const openedOn = this.#openedOn;
    if (openedOn !== undefined && day === closes && day < openedOn + termDays) this.#close(day, openedOn);
    this.#pay(day);
    this.#earn(day);
  }

  #open(day: number, principal: bigint): void {
    [this.#openedOn, this.#principal, this.#balance] = [day, principal, principal];
    [this.#posted, this.#taxed, this.#sum] = [0n, 0n, 0n];
  }

  #end(): void {
    [this.#openedOn, this.#balance, this.#sum] = [undefined, 0n, 0n];
  }

  #pay(day: number): void {
    const { interest, termDays, renews } = this.#told;
    if (this.#openedOn === undefined) return;
    if (day === this.#openedOn + termDays) {
      if (renews) this.#open(day, this.#balance);
      else {
        this.#owner += this.#balance;
        this.#end();
      }
      return;
    }
    if (interest !== 'paid') return;
    this.#owner += this.#balance - this.#principal;
    this.#balance = this.#principal;
  }

  #earn(day: number): void {
    const { interest, termDays, rate } = this.#told;
    if (this.#openedOn === undefined) return;
    this.#sum += this.#balance * rate;
    const isLast = day === this.#openedOn + termDays - 1;
    if (!isLast && (interest === 'at_maturity' || !this.#isMonthEnd(day))) return;
    const gross = rounded(this.#sum, YEAR);
    this.#posted += gross;
    this.#taxed += taxOf(gross);
    this.#balance += gross - taxOf(gross);
    this.#sum = 0n;
  }

  #close(day: number, openedOn: number): void {
    const { rate, interest, closure } = this.#told;
    const held = day - openedOn === 0 ? 0n : closure.heldRate;
    const base = { booked: rate, held_term: held, lower: least(held, rate) }[closure.rate];
    const left = base > closure.penalty ? base - closure.penalty : 0n;
    const earned = rounded(this.#principal * left * BigInt(day - openedOn), YEAR);
    const lost = rounded(this.#principal * rate * BigInt(closure.lostDays), YEAR);
    const paid = interest === 'paid' ? this.#posted : 0n;
    const due = earned - rounded(earned * closure.forfeited, MILLION) - lost - paid;
    const taken = due < 0n && closure.reachesPrincipal ? least(-due, this.#principal) : 0n;
    const gained = (due > 0n ? due : 0n) - taken - (interest === 'paid' ? 0n : this.#posted);
    const tax = gained >= 0n ? taxOf(gained) : -least(taxOf(-gained), this.#taxed);
    this.#owner += this.#balance + gained - tax;
    this.#end();
  }
}
