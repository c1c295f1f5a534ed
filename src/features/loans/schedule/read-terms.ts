import { checkAll, checkEach } from '#lib/check-all.ts';
import { validationFailed } from '#lib/errors.ts';
import { type Currency, requireCurrency } from '#lib/money/currencies.ts';
import type { DayCount, YearSplit } from '#lib/money/day-count.ts';
import { compareFractions, type Fraction, parsePercent, type Rounding, ZERO } from '#lib/money/fraction.ts';
import { parseAmount } from '#lib/money/money.ts';
import { dateParts, type MonthEnd } from '#lib/time/calendar.ts';
import { addYears, type IsoDate, parseIsoDate } from '#lib/time/dates.ts';
import { contradiction } from './errors.ts';
import { lastDueDate, regularFirstDue } from './periods.ts';
import type {
  Charge,
  Disbursement,
  Every,
  Fee,
  InterestPer,
  LoanTerms,
  Method,
  PeriodUnit,
  RateChange,
} from './terms.ts';

/** Fifty years of months. A schedule is computed and returned whole: this bounds the cost of a request. */
export const MAX_INSTALMENTS = 600;
/** Three years of days, and more than any period in use. */
export const MAX_EVERY_COUNT = 1_100;
/** No loan is longer, whatever the unit of its periods. */
const MAX_TERM_YEARS = 100;
const MAX_TERM: Readonly<Record<PeriodUnit, number>> = { month: 1_200, week: 5_218, day: 36_525 };
/** A first instalment a hundred years on and a last one a hundred years later still have dates. */
const LAST_DISBURSEMENT = '9799-12-31';
const MONTHLY: Every = { count: 1, unit: 'month' };
/** Each one means a new instalment, computed over all that remain: with all of them, 600 take a tenth of a second. */
export const MAX_CHANGES = 12;
/** A loan has two or three. */
export const MAX_FEES = 10;
const MAX_RATE: Fraction = { numerator: 10n, denominator: 1n };
const WHOLE: Fraction = { numerator: 1n, denominator: 1n };

/** Terms as the API and the CLI take them: strings, with optional fields. */
export type TermsInput = {
  readonly amount: string;
  readonly currency: string;
  readonly annualRatePercent: string;
  readonly instalments: number;
  readonly every?: Every | undefined;
  readonly method?: Method | undefined;
  readonly dayCount?: DayCount | undefined;
  readonly interestPer?: InterestPer | undefined;
  readonly disbursedOn: string;
  readonly scheduleStartsOn?: string | undefined;
  readonly firstDueOn?: string | undefined;
  readonly monthEnd?: MonthEnd | undefined;
  readonly rounding?: Rounding | undefined;
  readonly instalmentMultiple?: string | undefined;
  readonly gracePrincipal?: number | undefined;
  readonly graceInterest?: number | undefined;
  readonly downPaymentPercent?: string | undefined;
  readonly rateChanges?: readonly { readonly from: string; readonly annualRatePercent: string }[] | undefined;
  readonly disbursements?: readonly { readonly on: string; readonly amount: string }[] | undefined;
  readonly fees?: readonly FeeInput[] | undefined;
  readonly oneCentNudge?: boolean | undefined;
  readonly yearSplit?: YearSplit | undefined;
};

export type FeeInput = ChargeInput & { readonly kind: Fee['kind'] };

export type ChargeInput = {
  readonly amount?: string | undefined;
  readonly percent?: string | undefined;
  readonly of?: 'principal' | 'principal_and_interest' | undefined;
};

/** Throws 400 `term_too_long` if the last due date is further from the first day than any loan's may be. */
export function assertTermLength(terms: LoanTerms): void {
  const { every, instalments, skippedInstalments = 0, scheduleStartsOn } = terms;
  const isLong = every.count * (instalments + skippedInstalments) > MAX_TERM[every.unit];
  if (isLong || lastDueDate(terms) > addYears(scheduleStartsOn, 2 * MAX_TERM_YEARS)) {
    throw contradiction('term_too_long');
  }
}

type Grid = Pick<
  LoanTerms,
  'disbursedOn' | 'scheduleStartsOn' | 'firstDueOn' | 'anchorDay' | 'monthEnd' | 'every' | 'instalments'
>;

/**
 * Valid terms from a request. Throws 400: `invalid_amount`, `validation_failed` for fields that are wrong on their own,
 * all of them at once, and then a code for a contradictory combination; `validation_failed` for several.
 */
export function readTerms(input: TermsInput): LoanTerms {
  const { money, grid, ...fields } = checkAll({
    money: () => readMoney(input),
    grid: () => readGrid(input),
    annualRate: () => readRate(input.annualRatePercent, 'annualRatePercent'),
    rateChanges: () => readRateChanges(input),
    downPayment: () => readDownPayment(input),
    gracePrincipal: () => checkCount('gracePrincipal', input.gracePrincipal ?? 0, 0, MAX_INSTALMENTS),
    graceInterest: () => checkCount('graceInterest', input.graceInterest ?? 0, 0, MAX_INSTALMENTS),
  });
  const lastDueOn = lastDueDate(grid);
  const { disbursements } = checkAll({
    disbursements: () => placeDisbursements(money, grid.disbursedOn, lastDueOn),
    rateChanges: () => checkRateChanges(fields.rateChanges, grid.disbursedOn, lastDueOn),
  });
  const { currency, instalmentMultipleMinor, fees } = money;
  const terms: LoanTerms = {
    ...grid,
    ...fields,
    currency,
    instalmentMultipleMinor,
    fees,
    disbursements,
    method: input.method ?? 'annuity',
    dayCount: input.dayCount ?? '30/360',
    yearSplit: input.yearSplit ?? 'isda',
    interestPer: input.interestPer ?? 'day',
    rounding: input.rounding ?? 'half_even',
    oneCentNudge: input.oneCentNudge ?? false,
    nothingIsFree: true,
  };
  checkTogether(terms);
  return terms;
}

/** What is read by the currency. */
function readMoney(input: TermsInput) {
  const currency = requireCurrency(input.currency);
  const amounts = checkAll({
    amountMinor: () => parseAmount(input.amount, currency),
    instalmentMultipleMinor: () => readMultiple(input, currency),
    fees: () => readFees(input, currency),
    named: () => readDisbursements(input, currency),
  });
  return { currency, ...amounts };
}

type Money = ReturnType<typeof readMoney>;

function readGrid(input: TermsInput): Grid {
  const { every = MONTHLY, monthEnd = 'clamp' } = input;
  const { instalments, disbursedOn, ...given } = checkAll({
    instalments: () => checkCount('instalments', input.instalments, 1, MAX_INSTALMENTS),
    count: () => checkCount('every.count', every.count, 1, MAX_EVERY_COUNT),
    disbursedOn: () => readDate(input.disbursedOn, 'disbursedOn'),
    startsOn: () => readOptionalDate(input.scheduleStartsOn, 'scheduleStartsOn'),
    dueOn: () => readOptionalDate(input.firstDueOn, 'firstDueOn'),
  });
  if (every.count * instalments > MAX_TERM[every.unit]) throw contradiction('term_too_long');
  if (disbursedOn > LAST_DISBURSEMENT) throw contradiction('term_too_long', 'disbursedOn');
  const scheduleStartsOn = given.startsOn ?? disbursedOn;
  const startDay = dateParts(scheduleStartsOn).day;
  const regular = regularFirstDue(scheduleStartsOn, { every, monthEnd });
  const firstDueOn = given.dueOn ?? regular;
  checkAll({
    start: () => {
      if (scheduleStartsOn > disbursedOn) throw contradiction('schedule_starts_after_disbursement');
    },
    due: () => {
      if (firstDueOn <= disbursedOn) throw contradiction('first_due_not_after_disbursement');
      if (firstDueOn > addYears(disbursedOn, MAX_TERM_YEARS))
        throw contradiction('term_too_long', 'firstDueOn');
    },
  });
  const anchorDay = firstDueOn === regular ? startDay : dateParts(firstDueOn).day;
  return { every, disbursedOn, scheduleStartsOn, firstDueOn, anchorDay, monthEnd, instalments };
}

function readDisbursements({ disbursements = [] }: TermsInput, currency: Currency): Disbursement[] {
  if (disbursements.length > MAX_CHANGES) throw tooMany('disbursements', MAX_CHANGES);
  return checkEach(disbursements, ({ on, amount }, index) =>
    checkAll({
      on: () => readDate(on, `disbursements[${index}].on`),
      amountMinor: () => parseAmount(amount, currency, `disbursements[${index}].amount`),
    }),
  );
}

function placeDisbursements(
  { named, amountMinor }: Money,
  disbursedOn: IsoDate,
  lastDueOn: IsoDate,
): Disbursement[] {
  const first = { on: disbursedOn, amountMinor };
  const all = named.some(({ on }) => on === first.on) ? [...named] : [first, ...named];
  all.sort((left, right) => (left.on < right.on ? -1 : 1));
  const outside = all.some(({ on }) => on < first.on || on >= lastDueOn);
  if (outside || hasRepeated(all.map(({ on }) => on))) throw contradiction('disbursement_outside_term');
  const sumMinor = all.reduce((sum, one) => sum + one.amountMinor, 0n);
  const isWhole = all.length === named.length;
  if (isWhole && sumMinor !== first.amountMinor) throw contradiction('disbursements_do_not_add_up');
  return all;
}

/** In the order of their dates. */
function readRateChanges({ rateChanges = [] }: TermsInput): RateChange[] {
  if (rateChanges.length > MAX_CHANGES) throw tooMany('rateChanges', MAX_CHANGES);
  const changes = checkEach(rateChanges, ({ from, annualRatePercent }, index) =>
    checkAll({
      from: () => readDate(from, `rateChanges[${index}].from`),
      annualRate: () => readRate(annualRatePercent, `rateChanges[${index}].annualRatePercent`),
    }),
  );
  return changes.toSorted((left, right) => (left.from < right.from ? -1 : 1));
}

function checkRateChanges(changes: readonly RateChange[], disbursedOn: IsoDate, lastDueOn: IsoDate): void {
  const outside = changes.some(({ from }) => from <= disbursedOn || from > lastDueOn);
  if (outside || hasRepeated(changes.map(({ from }) => from)))
    throw contradiction('rate_change_outside_term');
}

function readFees({ fees = [] }: TermsInput, currency: Currency): Fee[] {
  if (fees.length > MAX_FEES) throw tooMany('fees', MAX_FEES);
  return checkEach(fees, (fee, index) => ({
    kind: fee.kind,
    charge: readCharge(fee, currency, `fees[${index}]`),
  }));
}

/** Throws 400 `fee_not_one_of_amount_and_percent`, or for an invalid amount or percentage. */
export function readCharge({ amount, percent, of }: ChargeInput, currency: Currency, path: string): Charge {
  if ((amount === undefined) === (percent === undefined) || (amount !== undefined && of !== undefined)) {
    throw contradiction('fee_not_one_of_amount_and_percent', path);
  }
  if (amount !== undefined) return { amountMinor: parseAmount(amount, currency, `${path}.amount`) };
  return { rate: readPercent(percent ?? '', `${path}.percent`), of: of ?? 'principal' };
}

function readMultiple({ instalmentMultiple }: TermsInput, currency: Currency): bigint {
  return instalmentMultiple === undefined
    ? 1n
    : parseAmount(instalmentMultiple, currency, 'instalmentMultiple');
}

function readDownPayment({ downPaymentPercent }: TermsInput): Fraction {
  if (downPaymentPercent === undefined) return ZERO;
  const part = readPercent(downPaymentPercent, 'downPaymentPercent');
  const isPart = compareFractions(part, ZERO) > 0 && compareFractions(part, WHOLE) < 0;
  if (!isPart) throw contradiction('down_payment_out_of_range');
  return part;
}

export function readRate(text: string, path: string): Fraction {
  const rate = readPercent(text, path);
  if (compareFractions(rate, MAX_RATE) > 0) throw contradiction('rate_out_of_range', path);
  return rate;
}

export function readPercent(text: string, path: string): Fraction {
  const fraction = parsePercent(text);
  if (fraction !== undefined) return fraction;
  throw validationFailed({ path, message: 'must be a percentage like "9.4822", with up to 6 decimals' });
}

function readDate(text: string, path: string): IsoDate {
  const date = parseIsoDate(text);
  if (date === undefined) throw validationFailed({ path, message: 'must be a date (YYYY-MM-DD)' });
  return date;
}

function readOptionalDate(text: string | undefined, path: string): IsoDate | undefined {
  return text === undefined ? undefined : readDate(text, path);
}

function checkCount(path: string, value: number, min: number, max: number): number {
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw validationFailed({ path, message: `must be a whole number from ${min} to ${max}` });
}

function tooMany(path: string, max: number) {
  return validationFailed({ path, message: `must not have more than ${max} items` });
}

function hasRepeated(dates: readonly IsoDate[]): boolean {
  return new Set(dates).size < dates.length;
}

/** Refuses combinations of values that are valid one by one. */
function checkTogether(terms: LoanTerms): void {
  const { gracePrincipal, graceInterest, instalments, method, instalmentMultipleMinor } = terms;
  const hasMultiple = instalmentMultipleMinor > 1n;
  const isActual = terms.dayCount === 'actual/actual' && terms.interestPer === 'day';
  const hasSeveral = terms.disbursements.length > 1 && compareFractions(terms.downPayment, ZERO) > 0;
  checkAll({
    gracePrincipal: () => forbid(gracePrincipal >= instalments, 'grace_too_long', 'gracePrincipal'),
    graceInterest: () => forbid(graceInterest >= instalments, 'grace_too_long', 'graceInterest'),
    multiple: () => forbid(hasMultiple && method === 'bullet', 'multiple_without_instalment'),
    nudge: () => forbid(terms.oneCentNudge && (hasMultiple || method !== 'annuity'), 'nudge_without_annuity'),
    yearSplit: () =>
      forbid(terms.yearSplit === 'december_31' && !isActual, 'year_split_without_actual_actual'),
    downPayment: () => forbid(hasSeveral, 'down_payment_with_disbursements'),
  });
}

function forbid(isSo: boolean, ...contradictory: Parameters<typeof contradiction>): void {
  if (isSo) throw contradiction(...contradictory);
}
