import type { QuoteInterestInput } from '#features/interest/quote/schemas.ts';

/**
 * Interest as a person would count it: a day at a time, in plain fractions, without anything of the code under test. For
 * euros, and terms that are valid.
 */

type Ratio = readonly [numerator: bigint, denominator: bigint];
type Lane = { accrued: Ratio; compounded: Ratio };
type Rate = { readonly upTo: bigint | undefined; readonly ppm: bigint };

export type PlainPosting = {
  readonly on: string;
  readonly credit: bigint;
  readonly arranged: bigint;
  readonly unarranged: bigint;
  readonly tax: readonly bigint[];
};

const ZERO: Ratio = [0n, 1n];
const MILLION = 1_000_000n;

function plus([a, b]: Ratio, [c, d]: Ratio): Ratio {
  // Long denominators of one account divide each other.
  if (d % b === 0n) return reduced([a * (d / b) + c, d]);
  return b % d === 0n ? reduced([a + c * (b / d), b]) : reduced([a * d + c * b, b * d]);
}
const times = ([a, b]: Ratio, [c, d]: Ratio): Ratio => reduced([a * c, b * d]);

/** Long fractions are left as they are: dividing them takes longer than carrying them. */
function reduced([numerator, denominator]: Ratio): Ratio {
  if (denominator > 2n ** 200n) return [numerator, denominator];
  let [a, b] = [numerator < 0n ? -numerator : numerator, denominator];
  while (b > 0n) [a, b] = [b, a % b];
  return a === 0n ? ZERO : [numerator / a, denominator / a];
}

function rounded([numerator, denominator]: Ratio, rule: string): bigint {
  const size = numerator < 0n ? -numerator : numerator;
  let whole = size / denominator;
  const left = (size % denominator) * 2n;
  const isHalf = left === denominator && (rule === 'half_up' || whole % 2n === 1n);
  if (rule !== 'down' && (left > denominator || isHalf)) whole += 1n;
  return numerator < 0n ? -whole : whole;
}

/** Minor units of an amount with a sign. */
function cents(text: string): bigint {
  const [whole = '', decimals = ''] = text.replace('-', '').split('.');
  const amount = BigInt(`${whole}${decimals.padEnd(2, '0')}`);
  return text.startsWith('-') ? -amount : amount;
}

function ppmOf(text: string): bigint {
  const [whole = '', decimals = ''] = text.replace('-', '').split('.');
  const ppm = BigInt(`${whole}${decimals.padEnd(4, '0')}`);
  return text.startsWith('-') ? -ppm : ppm;
}

// Days are numbers since 1970.
const dayOf = (date: string): number => Date.parse(date) / 86_400_000;
const dateOf = (day: number): string => new Date(day * 86_400_000).toISOString().slice(0, 10);
const partsOf = (day: number) => {
  const at = new Date(day * 86_400_000);
  return { year: at.getUTCFullYear(), month: at.getUTCMonth() + 1, date: at.getUTCDate() };
};
const lengthOf = (year: number, month: number): number => new Date(Date.UTC(year, month, 0)).getUTCDate();
const yearLength = (year: number): bigint => BigInt(lengthOf(year, 2) + 337);

function monthsLater(from: number, months: number, keptDay: number): number {
  const { year, month } = partsOf(from);
  const index = year * 12 + month - 1 + months;
  const [toYear, toMonth] = [Math.floor(index / 12), (index % 12) + 1];
  return Date.UTC(toYear, toMonth - 1, Math.min(keptDay, lengthOf(toYear, toMonth))) / 86_400_000;
}

/** The day months after the opening, where the end of a month stays one. */
function anniversary(opened: number, months: number): number {
  const { year, month, date } = partsOf(opened);
  return monthsLater(opened, months, date === lengthOf(year, month) ? 31 : date);
}

const MONTHS: Readonly<Record<string, number>> = { monthly: 1, quarterly: 3, yearly: 12 };

export function plainInterest(request: QuoteInterestInput): readonly PlainPosting[] {
  return new PlainAccount(request).run();
}

class PlainAccount {
  readonly #terms: QuoteInterestInput;
  readonly #opened: number;
  #periodFrom: number;
  #posted = 0n;
  #lanes: Lane[] = [];
  #arranged: Lane = { accrued: ZERO, compounded: ZERO };
  #unarranged: Lane = { accrued: ZERO, compounded: ZERO };
  /** Days whose lowest or average balance is not known yet. */
  #open: { readonly day: number; readonly balance: bigint; readonly share: Ratio }[] = [];

  constructor(terms: QuoteInterestInput) {
    this.#terms = terms;
    this.#opened = dayOf(terms.openedOn ?? terms.from);
    this.#periodFrom = dayOf(terms.from);
  }

  run(): PlainPosting[] {
    const { from, to, closing, posting = 'monthly', compounding = 'posting' } = this.#terms;
    const postings: PlainPosting[] = [];
    const last = dayOf(to);
    for (let day = dayOf(from); day <= last; day++) {
      this.#earn(day);
      const isPosted = day === last && (closing === true || posting === 'maturity');
      const posts = isPosted || (posting !== 'maturity' && this.#ends(posting, day));
      if (posts || this.#endsBasis(day)) this.#closeBasis();
      if (this.#ends(compounding, day)) this.#compound();
      if (posts) postings.push(this.#post(day));
    }
    return postings;
  }

  #earn(day: number): void {
    const balance = this.#balanceOn(day);
    const share = this.#share(day);
    if (balance < 0n) this.#owe(-balance, share);
    if ((this.#terms.basis ?? 'end_of_day') !== 'end_of_day') {
      this.#open.push({ day, balance: balance > 0n ? balance : 0n, share });
    } else this.#add(day, [balance, 1n], share);
  }

  /** What a balance earns, in each of its tiers, by its rates of a day. */
  #add(day: number, [sum, days]: Ratio, share: Ratio): void {
    if (sum <= 0n || sum < cents(this.#terms.minimumBalance ?? '0') * days) return;
    const rates = this.#ratesOn(day);
    const amounts = this.#split(rates, sum, days);
    if (this.#terms.roundedPer === 'day') {
      const exact = amounts.reduce<Ratio>(
        (all, [amount, ppm]) => plus(all, times([amount * ppm, days * MILLION], share)),
        ZERO,
      );
      const lane = this.#lane(0);
      lane.accrued = plus(lane.accrued, [rounded(exact, this.#terms.rounding ?? 'half_even'), 1n]);
      return;
    }
    for (const [index, [amount, ppm]] of amounts.entries()) {
      const lane = this.#lane(index);
      const base = plus([amount, days], lane.compounded);
      lane.accrued = plus(lane.accrued, times(times(base, [ppm, MILLION]), share));
    }
  }

  /** The amounts of a balance by tier, each with its rate. */
  #split(rates: readonly Rate[], sum: bigint, days: bigint): (readonly [bigint, bigint])[] {
    const end = ({ upTo }: Rate, index: number): bigint =>
      upTo === undefined || index === rates.length - 1 || upTo * days > sum ? sum : upTo * days;
    if (this.#terms.tierMode === 'whole') {
      const tier = rates.findIndex((rate, index) => end(rate, index) === sum);
      return [[sum, rates[tier]?.ppm ?? 0n]];
    }
    return rates.map((rate, index) => {
      const before = rates[index - 1];
      const below = before === undefined ? 0n : end(before, index - 1);
      return [end(rate, index) - below, rate.ppm];
    });
  }

  #owe(owed: bigint, share: Ratio): void {
    const { overdraft, overdraftLimit } = this.#terms;
    if (overdraft === undefined) return;
    const limit = cents(overdraftLimit ?? '0');
    const within = owed < limit ? owed : limit;
    for (const [lane, amount, rate] of [
      [this.#arranged, within, overdraft.arrangedRate],
      [this.#unarranged, owed - within, overdraft.unarrangedRate],
    ] as const) {
      const base = plus([amount, 1n], lane.compounded);
      lane.accrued = plus(lane.accrued, times(times(base, [ppmOf(rate), MILLION]), share));
    }
  }

  #closeBasis(): void {
    const { basis, minimumFromDay = 1 } = this.#terms;
    const counted = this.#open.filter(({ day }) => partsOf(day).date >= minimumFromDay);
    const lowest = counted.reduce<bigint | undefined>(
      (least, { balance }) => (least === undefined || balance < least ? balance : least),
      undefined,
    );
    const sum = this.#open.reduce((all, { balance }) => all + balance, 0n);
    const balance: Ratio = basis === 'average_daily' ? [sum, BigInt(this.#open.length)] : [lowest ?? 0n, 1n];
    for (const { day, share } of this.#open) this.#add(day, balance, share);
    this.#open = [];
  }

  #compound(): void {
    for (const lane of [...this.#lanes, this.#arranged, this.#unarranged]) lane.compounded = lane.accrued;
  }

  #post(day: number): PlainPosting {
    const { rounding = 'half_even', roundedPer, compounding, tax = [] } = this.#terms;
    const lanes = this.#lanes.map(({ accrued }) => accrued);
    const credit =
      roundedPer === 'tier'
        ? lanes.reduce((sum, lane) => sum + rounded(lane, rounding), 0n)
        : rounded(lanes.reduce<Ratio>(plus, ZERO), rounding);
    const arranged = rounded(this.#arranged.accrued, rounding);
    const unarranged = rounded(this.#unarranged.accrued, rounding);
    const taxes: bigint[] = [];
    let before = 0n;
    for (const { percent, percentOfTax, rounding: rule = 'half_even' } of tax) {
      const of = percent === undefined ? before : credit;
      const part = of > 0n ? rounded([of * ppmOf(percent ?? percentOfTax ?? ''), MILLION], rule) : 0n;
      if (percent !== undefined) before = part;
      taxes.push(part);
    }
    if (compounding !== 'none') {
      this.#posted += credit - arranged - unarranged - taxes.reduce((sum, one) => sum + one, 0n);
    }
    this.#lanes = [];
    this.#arranged = { accrued: ZERO, compounded: ZERO };
    this.#unarranged = { accrued: ZERO, compounded: ZERO };
    this.#periodFrom = day + 1;
    return { on: dateOf(day), credit, arranged, unarranged, tax: taxes };
  }

  #lane(index: number): Lane {
    while (this.#lanes.length <= index) this.#lanes.push({ accrued: ZERO, compounded: ZERO });
    return this.#lanes[index] ?? { accrued: ZERO, compounded: ZERO };
  }

  #balanceOn(day: number): bigint {
    const found = this.#terms.balances.findLast(({ from }) => dayOf(from) <= day);
    return cents(found?.amount ?? '0') + this.#posted;
  }

  #ratesOn(day: number): Rate[] {
    const { rate = '0', tiers = [{ upTo: null, rate }], promotions = [] } = this.#terms;
    const promotion = promotions.find(({ from, until }) => dayOf(from) <= day && day <= dayOf(until));
    if (promotion?.rate !== undefined) return [{ upTo: undefined, ppm: ppmOf(promotion.rate) }];
    const margin = ppmOf(promotion?.margin ?? '0');
    return tiers.map(({ upTo, rate: own }) => ({
      upTo: upTo === null || upTo === undefined ? undefined : cents(upTo),
      ppm: ppmOf(own) + margin,
    }));
  }

  /** The part of a year that a night counts. */
  #share(day: number): Ratio {
    const { dayCount = 'actual/365', interestPer } = this.#terms;
    if (interestPer === 'period') return [1n, 12n * this.#monthLength(day)];
    if (dayCount === 'actual/actual') return [1n, yearLength(partsOf(day).year)];
    if (dayCount === '30E/360') return [BigInt(european(day + 1) - european(day)), 360n];
    if (dayCount === '30/360') {
      const since = (until: number) => american(this.#periodFrom, until);
      return [BigInt(since(day + 1) - since(day)), 360n];
    }
    return [1n, BigInt(dayCount.slice(-3))];
  }

  /** The days of the month of interest that a day lies in: from posting day to posting day, or from the opening. */
  #monthLength(day: number): bigint {
    let [first, last] = [day, day];
    while (!this.#ends('monthly', first - 1) && first > this.#opened - 40) first -= 1;
    while (!this.#ends('monthly', last)) last += 1;
    return BigInt(last - first + 1);
  }

  #ends(every: string, day: number): boolean {
    const { posting, periodsFrom, postingDay = 31, postingMonth = 12 } = this.#terms;
    if (every === 'daily') return true;
    const months = MONTHS[every];
    if (months === undefined) return false;
    if (posting === 'maturity' || periodsFrom === 'opening') {
      for (let count = 0; anniversary(this.#opened, count) <= day + 1; count += months) {
        if (anniversary(this.#opened, count) === day + 1) return true;
      }
      return false;
    }
    const { year, month, date } = partsOf(day);
    return (month - postingMonth) % months === 0 && date === Math.min(postingDay, lengthOf(year, month));
  }

  #endsBasis(day: number): boolean {
    const { basis = 'end_of_day', basisPeriod, compounding = 'posting' } = this.#terms;
    return basis !== 'end_of_day' && this.#ends(basisPeriod ?? compounding, day);
  }
}

function european(day: number): number {
  const { year, month, date } = partsOf(day);
  return year * 360 + month * 30 + Math.min(date, 30);
}

/** 30/360 with the end of February: ISDA 2006, 4.16(f), as US bonds have it. */
function american(from: number, until: number): number {
  const [start, end] = [partsOf(from), partsOf(until)];
  const isLast = ({ year, month, date }: typeof start): boolean => month === 2 && date === lengthOf(year, 2);
  const first = isLast(start) ? 30 : Math.min(start.date, 30);
  let last = end.date;
  if ((isLast(start) && isLast(end)) || (last === 31 && first === 30)) last = 30;
  return (end.year - start.year) * 360 + (end.month - start.month) * 30 + last - first;
}
