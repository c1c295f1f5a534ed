import { type FieldError, validationFailed } from '#lib/errors.ts';
import type { InterestTerms } from './terms.ts';

const WITHIN: readonly InterestTerms['compounding'][] = ['daily', 'monthly', 'quarterly'];
const MONTHS: ReadonlyMap<string, number> = new Map([
  ['daily', 0],
  ['monthly', 1],
  ['quarterly', 3],
  ['yearly', 12],
]);

/** Refuses terms that are valid one by one and contradict each other: 400 `validation_failed` with all such fields. */
export function checkTogether(terms: InterestTerms, path: string): void {
  const fields: FieldError[] = [];
  const refuse = (field: string, message: string): void => {
    fields.push({ path: `${path}${field}`, message });
  };
  const { basis, basisPeriod, compounding, posting, roundedPer, tax } = terms;
  const hasOwnBalance = basis !== 'end_of_day';
  if (hasOwnBalance && compounding === 'daily')
    refuse('compounding', `cannot be daily where basis is ${basis}`);
  if (basisPeriod !== undefined && !hasOwnBalance)
    refuse('basisPeriod', 'goes with another basis than end_of_day');
  if (isLonger(basisPeriod, compounding))
    refuse('basisPeriod', 'must not be longer than that of compounding');
  if (isLonger(basisPeriod, posting)) refuse('basisPeriod', 'must not be longer than that of posting');
  if (terms.minimumFromDay > 1 && basis !== 'period_minimum') {
    refuse('minimumFromDay', 'goes with the basis period_minimum');
  }
  if (roundedPer !== 'posting' && WITHIN.includes(compounding)) {
    refuse('roundedPer', 'goes with interest that compounds when it is posted, or never');
  }
  if (roundedPer === 'day' && hasOwnBalance) refuse('roundedPer', 'of a day goes with the basis end_of_day');
  if (posting === 'maturity' && terms.periodsFrom === 'calendar') {
    refuse('periodsFrom', 'is the opening where interest is posted at the maturity');
  }
  if (terms.periodsFrom === 'opening' && (terms.postingDay !== 31 || terms.postingMonth !== 12)) {
    refuse('postingDay', 'and postingMonth do not go with periods from the opening');
  }
  if (tax.length > 0 && totalTax(terms) > 1_000_000n) refuse('tax', 'must not take more than the interest');
  if (fields.length > 0) throw validationFailed(...fields);
}

/** Whether a period is longer than another; what has no length, like a maturity, is not shorter than any. */
function isLonger(one: string | undefined, other: string): boolean {
  if (one === undefined) return false;
  return (MONTHS.get(one) ?? 0) > (MONTHS.get(other) ?? Number.POSITIVE_INFINITY);
}

function totalTax({ tax }: InterestTerms): bigint {
  let before = 0n;
  let total = 0n;
  for (const { ppm, of } of tax) {
    const part = of === 'interest' ? ppm : (before * ppm) / 1_000_000n;
    if (of === 'interest') before = ppm;
    total += part;
  }
  return total;
}
