/*
 * What interest should come to, told once more and as plainly as possible: day after day, with all that is known at the end, in
 * fractions. Nothing of the bank's own code is used.
 */

export type Fraction = { readonly n: bigint; readonly d: bigint };

const gcd = (a: bigint, b: bigint): bigint => (b === 0n ? (a < 0n ? -a : a) : gcd(b, a % b));
const fraction = (n: bigint, d: bigint): Fraction => {
  const by = gcd(n, d);
  return by === 0n ? { n: 0n, d: 1n } : { n: n / by, d: d / by };
};
const ZERO = fraction(0n, 1n);
const plus = (a: Fraction, b: Fraction): Fraction => fraction(a.n * b.d + b.n * a.d, a.d * b.d);
const times = (a: Fraction, b: Fraction): Fraction => fraction(a.n * b.n, a.d * b.d);
const whole = (n: bigint): Fraction => ({ n, d: 1n });

export type Rounding = 'half_even' | 'half_up' | 'down';

/** Rounds away from zero, towards it or to the even neighbour, whatever the sign. */
export function round({ n, d }: Fraction, how: Rounding): bigint {
  const size = n < 0n ? -n : n;
  const [cut, rest] = [size / d, (size % d) * 2n];
  const isUp = how !== 'down' && (rest > d || (rest === d && (how === 'half_up' || cut % 2n === 1n)));
  const rounded = isUp ? cut + 1n : cut;
  return n < 0n ? -rounded : rounded;
}

/** Terms as the API takes them; rates in percent, amounts in cents. */
export type Terms = {
  readonly tiers: readonly { readonly upTo: bigint | null; readonly rate: string }[];
  readonly tierMode: 'band' | 'whole';
  readonly dayCount: 'actual/365' | 'actual/360' | 'actual/actual' | '30E/360';
  readonly basis: 'end_of_day' | 'period_minimum' | 'average_daily';
  readonly minimum: bigint;
  readonly posting: 'daily' | 'monthly' | 'quarterly';
  readonly rounding: Rounding;
  readonly tax: boolean;
  readonly overdraft: { readonly arranged: string; readonly unarranged: string } | null;
};

export type DatedTerms = { readonly from: string; readonly terms: Terms };

/** What happened on an account. Dates as YYYY-MM-DD, amounts in cents. */
export type Life = {
  readonly openedOn: string;
  readonly terms: readonly DatedTerms[];
  /** By value date: money in, or out below zero; without interest. */
  readonly moves: readonly { readonly valueDate: string; readonly amount: bigint }[];
  /** The overdraft limit at the end of a day and after it. */
  readonly limits: readonly { readonly from: string; readonly limit: bigint }[];
  /** The last days of periods that were ended before their time. */
  readonly ends: ReadonlySet<string>;
};

export type Sums = { readonly credit: bigint; readonly debit: bigint; readonly tax: bigint };
export type Outcome = {
  /** What should have been posted of each period, by its last day. */
  readonly posted: ReadonlyMap<string, Sums>;
  /** What has accrued since. */
  readonly accrued: Omit<Sums, 'tax'>;
};

const percent = (text: string): Fraction => {
  const [units = '0', decimals = ''] = text.replace('-', '').split('.');
  const n = BigInt(units + decimals.padEnd(4, '0'));
  return fraction(text.startsWith('-') ? -n : n, 1_000_000n);
};

const dayOf = (date: string): Temporal.PlainDate => Temporal.PlainDate.from(date);

/** A day's part of a year. */
function partOfYear(date: string, dayCount: Terms['dayCount']): Fraction {
  const day = dayOf(date);
  if (dayCount === 'actual/365') return fraction(1n, 365n);
  if (dayCount === 'actual/360') return fraction(1n, 360n);
  if (dayCount === 'actual/actual') return fraction(1n, BigInt(day.daysInYear));
  const number = (one: Temporal.PlainDate): number => one.year * 360 + one.month * 30 + Math.min(one.day, 30);
  return fraction(BigInt(number(day.add({ days: 1 })) - number(day)), 360n);
}

function isEnd(date: string, { posting }: Terms): boolean {
  const { day, month, daysInMonth } = dayOf(date);
  if (posting === 'daily') return true;
  return day === daysInMonth && (posting === 'monthly' || month % 3 === 0);
}

/** A year's interest on a balance above zero, in cents. */
function yearly(balance: Fraction, { tiers, tierMode }: Terms): Fraction {
  const isWithin = (upTo: bigint | null): boolean => upTo === null || balance.n <= upTo * balance.d;
  if (tierMode === 'whole') {
    const tier = tiers.find(({ upTo }) => isWithin(upTo)) ?? tiers.at(-1);
    return times(balance, percent(tier?.rate ?? '0'));
  }
  let below = ZERO;
  let sum = ZERO;
  for (const [index, { upTo, rate }] of tiers.entries()) {
    const end = index === tiers.length - 1 || upTo === null || isWithin(upTo) ? balance : whole(upTo);
    sum = plus(sum, times(plus(end, { ...below, n: -below.n }), percent(rate)));
    below = end;
    if (end === balance) break;
  }
  return sum;
}

/** The days of a period so far. */
type Period = {
  credit: Fraction;
  debit: { arranged: Fraction; unarranged: Fraction };
  days: { balance: bigint; date: string; terms: Terms }[];
};

const newPeriod = (): Period => ({ credit: ZERO, debit: { arranged: ZERO, unarranged: ZERO }, days: [] });

function addDay(period: Period, date: string, terms: Terms, balance: bigint, limit: bigint): void {
  const part = partOfYear(date, terms.dayCount);
  if (balance < 0n && terms.overdraft !== null) {
    const within = -balance < limit ? -balance : limit;
    const { arranged, unarranged } = terms.overdraft;
    const cost = (amount: bigint, rate: string) => times(times(whole(amount), percent(rate)), part);
    period.debit.arranged = plus(period.debit.arranged, cost(within, arranged));
    period.debit.unarranged = plus(period.debit.unarranged, cost(-balance - within, unarranged));
  }
  if (terms.basis !== 'end_of_day') period.days.push({ balance: balance < 0n ? 0n : balance, date, terms });
  else if (balance > 0n && balance >= terms.minimum) {
    period.credit = plus(period.credit, times(yearly(whole(balance), terms), part));
  }
}

/** What the days with a lowest or average balance come to, as if the period ended with them. */
function basisInterest({ days }: Period): Fraction {
  const sum = days.reduce((total, { balance }) => total + balance, 0n);
  const [least = 0n] = days.map(({ balance }) => balance).toSorted((one, other) => (one < other ? -1 : 1));
  return days.reduce((interest, { date, terms }) => {
    const balance = terms.basis === 'average_daily' ? fraction(sum, BigInt(days.length)) : whole(least);
    if (balance.n <= 0n || balance.n < terms.minimum * balance.d) return interest;
    return plus(interest, times(yearly(balance, terms), partOfYear(date, terms.dayCount)));
  }, ZERO);
}

function sumsOf(period: Period, { rounding, tax }: Terms): Sums {
  const credit = round(plus(period.credit, basisInterest(period)), rounding);
  const debit = round(period.debit.arranged, rounding) + round(period.debit.unarranged, rounding);
  if (!tax || credit <= 0n) return { credit, debit, tax: 0n };
  // A quarter, cut, and 5.5 percent of that, cut.
  const first = credit / 4n;
  return { credit, debit, tax: first + (first * 55n) / 1000n };
}

/** What an account should have come to by the end of a day. */
export function outcomeOf(life: Life, through: string): Outcome {
  const posted = new Map<string, Sums>();
  const moves = [...life.moves];
  const [first] = life.terms;
  let period = newPeriod();
  let terms = first?.terms;
  const start = first !== undefined && first.from > life.openedOn ? first.from : life.openedOn;
  for (
    let date = start;
    terms !== undefined && date <= through;
    date = dayOf(date).add({ days: 1 }).toString()
  ) {
    terms = life.terms.findLast(({ from }) => from <= date)?.terms ?? terms;
    const balance = moves.reduce(
      (sum, { valueDate, amount }) => (valueDate <= date ? sum + amount : sum),
      0n,
    );
    const limit = (life.limits.findLast(({ from }) => from <= date) ?? life.limits[0])?.limit ?? 0n;
    addDay(period, date, terms, balance, limit);
    if (!isEnd(date, terms) && !life.ends.has(date)) continue;
    const sums = sumsOf(period, terms);
    posted.set(date, sums);
    const valueDate = dayOf(date).add({ days: 1 }).toString();
    moves.push({ valueDate, amount: sums.credit - sums.debit - sums.tax });
    period = newPeriod();
  }
  const { credit, debit } = terms === undefined ? { credit: 0n, debit: 0n } : sumsOf(period, terms);
  return { posted, accrued: { credit, debit } };
}
