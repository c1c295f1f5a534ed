import { assert } from '../assert.ts';

/**
 * A payment at a time: above zero when one side pays, below when the other does. `periods` is the number of compounding
 * periods since the first payment, and may be fractional; `simple` is a further part of one that bears simple interest.
 */
export type CashFlow = { readonly amount: number; readonly periods: number; readonly simple?: number };

/** The highest rate a period that is searched: 100 million percent. A lender at one percent a day asks 3,700 a year. */
const MAX_RATE = 1e6;
/** The lowest: nine tenths lost each period. */
const MIN_RATE = -0.9;
/**
 * The first bracket around zero, and the factor by which it grows until a root lies in it: 50 doublings pass MAX_RATE.
 */
const FIRST_STEP = 0.01;
const MAX_DOUBLINGS = 50;
/** Halving alone needs 60 to reach the end of a double's digits; Newton's steps need ten. */
const MAX_ITERATIONS = 100;
/** Relative: two digits less than a double has. */
const TOLERANCE = 1e-13;

/**
 * The rate a period at which the flows are worth nothing together: the internal rate of return. Of several it is the
 * positive one nearest to zero, else the negative one. Newton's method, halved whenever a step leaves the bracket.
 * Undefined when no rate between -90 % and 100,000,000 % does it. Doubles, not exact numbers: the root of a polynomial
 * of that degree has no exact form, and the published rate has some four digits.
 */
export function rateOfReturn(flows: readonly CashFlow[]): number | undefined {
  if (!flows.some(({ amount }) => amount > 0) || !flows.some(({ amount }) => amount < 0)) return undefined;
  const bracket = findBracket(flows);
  return bracket === undefined ? undefined : refine(flows, bracket);
}

type Bracket = { readonly low: number; readonly high: number };

function findBracket(flows: readonly CashFlow[]): Bracket | undefined {
  return findUpwards(flows) ?? findDownwards(flows);
}

function findUpwards(flows: readonly CashFlow[]): Bracket | undefined {
  let low = 0;
  let step = FIRST_STEP;
  const start = Math.sign(presentValue(flows, 0).value);
  for (let tries = 0; tries < MAX_DOUBLINGS && low < MAX_RATE; tries++) {
    const high = Math.min(low + step, MAX_RATE);
    if (Math.sign(presentValue(flows, high).value) !== start) return { low, high };
    [low, step] = [high, step * 2];
  }
  return undefined;
}

function findDownwards(flows: readonly CashFlow[]): Bracket | undefined {
  const start = Math.sign(presentValue(flows, 0).value);
  const steps = Math.round(-MIN_RATE / FIRST_STEP);
  for (let step = 1; step <= steps; step++) {
    const [low, high] = [-step * FIRST_STEP, -(step - 1) * FIRST_STEP];
    if (Math.sign(presentValue(flows, low).value) !== start) return { low, high };
  }
  return undefined;
}

function refine(flows: readonly CashFlow[], { low, high }: Bracket): number {
  const atLow = presentValue(flows, low);
  if (atLow.value === 0) return low;
  let [below, above] = [low, high];
  let rate = (low + high) / 2;
  for (let iteration = 0; iteration < MAX_ITERATIONS; iteration++) {
    const { value, slope } = presentValue(flows, rate);
    if (value === 0) return rate;
    if (Math.sign(value) === Math.sign(atLow.value)) below = rate;
    else above = rate;
    const newton = rate - value / slope;
    const next = newton > below && newton < above ? newton : (below + above) / 2;
    if (Math.abs(next - rate) <= TOLERANCE * Math.max(1, Math.abs(next))) return next;
    rate = next;
  }
  assert(above - below <= 1e-6 * Math.max(1, above), 'a bracket closes on its root');
  return rate;
}

/** The present value of flows at a rate, and its derivative by the rate. */
function presentValue(flows: readonly CashFlow[], rate: number): { value: number; slope: number } {
  let value = 0;
  let slope = 0;
  for (const { amount, periods, simple = 0 } of flows) {
    const growth = 1 + simple * rate;
    const worth = amount / (growth * (1 + rate) ** periods);
    value += worth;
    slope -= worth * (simple / growth + periods / (1 + rate));
  }
  return { value, slope };
}
