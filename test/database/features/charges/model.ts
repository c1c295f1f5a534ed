/** A fee of the model: amounts in minor units, the rate in ppm. */
export type ModelFee = {
  readonly amount: bigint;
  readonly ppm: bigint;
  readonly minimum: bigint;
  readonly maximum: bigint;
  readonly free: number;
  readonly taxPpm: bigint;
  readonly whenShort: 'refuse' | 'queue' | 'overdraft';
};

export type ModelTerms = {
  readonly withdrawal: ModelFee;
  readonly transfer: ModelFee;
  /** Every month, waived from a lowest balance at the end of a day on. */
  readonly monthly: bigint;
  readonly waivedFrom: bigint;
  readonly tolerance: bigint;
};

export type Act =
  | { readonly do: 'deposit' | 'withdrawal' | 'transfer'; readonly amount: bigint }
  /** Of the payments, the last one first. */
  | { readonly do: 'take back'; readonly which: number; readonly part: bigint | undefined }
  | { readonly do: 'close'; readonly days: number };

type Fee = { owed: bigint; status: 'charged' | 'due' | 'waived' | 'refunded' | 'not_charged' };
type Payment = { left: bigint; readonly fee: Fee };

/** To the nearest whole number, a half to the even one. */
function rounded(numerator: bigint, denominator: bigint): bigint {
  const twice = (2n * numerator) / denominator;
  const whole = twice / 2n;
  const isHalf = (2n * numerator) % denominator === 0n && twice % 2n === 1n;
  return isHalf ? whole + (whole % 2n) : whole + (twice % 2n);
}

/** What an account with fees comes to, one act after the other. */
export class Model {
  readonly #terms: ModelTerms;
  readonly payments: Payment[] = [];
  readonly #fees: Fee[] = [];
  readonly #counts = { withdrawal: 0, transfer: 0 };
  balance = 0n;
  date: Temporal.PlainDate;
  #lowest: bigint | undefined;

  constructor(terms: ModelTerms, date: string) {
    this.#terms = terms;
    this.date = Temporal.PlainDate.from(date);
  }

  get statuses(): string[] {
    return this.#fees.map(({ status }) => status);
  }

  /** Whether the bank does it. */
  does(act: Act): boolean {
    switch (act.do) {
      case 'deposit':
        this.balance += act.amount;
        return true;
      case 'withdrawal':
      case 'transfer':
        return this.#pay(act.do, act.amount);
      case 'take back':
        return this.#takeBack(act.which, act.part);
      case 'close':
        for (let day = 0; day < act.days; day += 1) this.#close();
        return true;
    }
  }

  #pay(event: 'withdrawal' | 'transfer', amount: bigint): boolean {
    const terms = this.#terms[event];
    const total = this.#counts[event] < terms.free ? 0n : priceOf(terms, amount);
    const after = this.balance - amount;
    if (after < 0n) return false;
    const floor = terms.whenShort === 'overdraft' ? -this.#terms.tolerance : 0n;
    const isCharged = after - total >= floor;
    if (!isCharged && terms.whenShort === 'refuse') return false;
    this.#counts[event] += 1;
    const fee: Fee = { owed: total, status: total === 0n ? 'not_charged' : isCharged ? 'charged' : 'due' };
    this.#fees.push(fee);
    this.payments.push({ left: amount, fee });
    this.balance = after - (fee.status === 'charged' ? total : 0n);
    return true;
  }

  #takeBack(which: number, part: bigint | undefined): boolean {
    const payment = this.payments.at(-1 - which);
    if (payment === undefined || payment.left === 0n || (part ?? 0n) > payment.left) return false;
    const { fee } = payment;
    this.balance += part ?? payment.left;
    payment.left -= part ?? payment.left;
    if (part !== undefined) return true;
    if (fee.status === 'charged') {
      this.balance += fee.owed;
      fee.status = 'refunded';
    }
    if (fee.status === 'due') fee.status = 'waived';
    return true;
  }

  #close(): void {
    for (const fee of this.#fees) if (fee.status === 'due') this.#charge(fee);
    const day = this.balance;
    this.#lowest = this.#lowest === undefined || day < this.#lowest ? day : this.#lowest;
    if (this.date.day === this.date.daysInMonth) {
      const isWaived = this.#lowest >= this.#terms.waivedFrom;
      const fee: Fee = { owed: this.#terms.monthly, status: isWaived ? 'not_charged' : 'due' };
      this.#fees.push(fee);
      if (!isWaived) this.#charge(fee);
      this.#counts.withdrawal = 0;
      this.#counts.transfer = 0;
      this.#lowest = undefined;
    }
    this.date = this.date.add({ days: 1 });
  }

  #charge(fee: Fee): void {
    const isOverdraft = this.#overdrawn.has(fee);
    const floor = isOverdraft ? -this.#terms.tolerance : 0n;
    if (this.balance - fee.owed < floor) return;
    this.balance -= fee.owed;
    fee.status = 'charged';
  }

  /** Fees that may go into the overdraft. */
  get #overdrawn(): ReadonlySet<Fee> {
    const overdraws = (event: 'withdrawal' | 'transfer') => this.#terms[event].whenShort === 'overdraft';
    if (!overdraws('withdrawal') && !overdraws('transfer')) return new Set();
    return new Set(this.payments.map(({ fee }) => fee));
  }
}

function priceOf({ amount, ppm, minimum, maximum, taxPpm }: ModelFee, paid: bigint): bigint {
  const raw = rounded(amount * 1_000_000n + paid * ppm, 1_000_000n);
  const fee = raw < minimum ? minimum : raw > maximum ? maximum : raw;
  return fee + rounded(fee * taxPpm, 1_000_000n);
}
