import { type Command, InvalidArgumentError, Option } from 'commander';
import {
  APR_RULES,
  type AprRule,
  type Every,
  FEE_BASES,
  FEE_KINDS,
  type FeeInput,
  INTEREST_PERIODS,
  type InterestPer,
  METHODS,
  type Method,
  PERIOD_UNITS,
  type ProductLoanRequest,
  type TermsInput,
} from '#features/loans/contract.ts';
import type { Currency } from '#lib/money/currencies.ts';
import { DAY_COUNTS, type DayCount, YEAR_SPLITS, type YearSplit } from '#lib/money/day-count.ts';
import { parsePercent, ROUNDINGS, type Rounding } from '#lib/money/fraction.ts';
import { MONTH_ENDS, type MonthEnd } from '#lib/time/calendar.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import { UsageError } from './failures.ts';
import { parseAmountText, parseCurrencyValue, parseDateValue } from './values.ts';

type RateChange = { readonly from: string; readonly annualRatePercent: string };
type Disbursement = { readonly on: string; readonly amount: string };

export type LoanOptions = {
  readonly amount?: string;
  readonly currency: Currency;
  readonly rate?: string;
  readonly instalments?: number;
  readonly every: Every;
  readonly method: Method;
  readonly dayCount: DayCount;
  readonly interestPer: InterestPer;
  readonly disbursedOn?: IsoDate;
  readonly scheduleStartsOn?: IsoDate;
  readonly firstDueOn?: IsoDate;
  readonly monthEnd: MonthEnd;
  readonly rounding: Rounding;
  readonly instalmentMultiple?: string;
  readonly gracePrincipal?: number;
  readonly graceInterest?: number;
  readonly downPayment?: string;
  readonly rateChange?: readonly RateChange[];
  readonly disbursement?: readonly Disbursement[];
  readonly fee?: readonly FeeInput[];
  readonly oneCentNudge?: boolean;
  readonly yearSplit: YearSplit;
  readonly apr: AprRule;
};

/** The terms of a loan as flags; docs/loans.md explains them. */
export function addLoanOptions(command: Command): Command {
  const choice = (flags: string, description: string, values: readonly string[]) =>
    new Option(flags, description).choices(values).default(values[0]);
  return command
    .option('--amount <amount>', 'what is lent', parseAmountText)
    .option('--currency <code>', 'ISO 4217 code', parseCurrencyValue, parseCurrencyValue('EUR'))
    .option('--rate <percent>', 'nominal interest a year, like 9.5', parsePercentText)
    .option('--instalments <count>', 'how many', parseCount)
    .option('--disbursed-on <date>', 'when it is paid out', parseDateValue)
    .addOption(
      new Option('--every <period>', 'between instalments, like "2 weeks"')
        .argParser(parseEvery)
        .default(parseEvery('month'), 'month'),
    )
    .addOption(choice('--method <method>', 'how principal comes back', METHODS))
    .addOption(choice('--interest-per <basis>', 'by days, or by whole periods', INTEREST_PERIODS))
    .addOption(choice('--day-count <convention>', 'how days become a part of a year', DAY_COUNTS))
    .addOption(choice('--year-split <rule>', 'where actual/actual divides two years', YEAR_SPLITS))
    .option('--schedule-starts-on <date>', 'begin of the first period', parseDateValue)
    .option('--first-due-on <date>', 'when the first instalment is due', parseDateValue)
    .addOption(choice('--month-end <rule>', 'what the 31st is in a short month', MONTH_ENDS))
    .addOption(choice('--rounding <rule>', 'what becomes of half a cent', ROUNDINGS))
    .option('--instalment-multiple <amount>', 'round instalments to it', parseAmountText)
    .option('--grace-principal <count>', 'first instalments without principal', parseCount)
    .option('--grace-interest <count>', 'first instalments without interest', parseCount)
    .option('--down-payment <percent>', 'paid back at once', parsePercentText)
    .option('--rate-change <date=percent>', 'another rate from a date on; repeatable', collectRateChange)
    .option('--disbursement <date=amount>', 'paid out later, on top; repeatable', collectDisbursement)
    .option(
      '--fee <kind=charge>',
      'origination=1.5%, instalment=2.00 or =1%:principal_and_interest',
      collectFee,
    )
    .option('--one-cent-nudge', 'spread what the last instalment differs by')
    .addOption(choice('--apr <rule>', 'whose annual rate', APR_RULES));
}

/** The terms as the bank takes them. Throws UsageError for those without which there is no loan. */
export function termsInputOf(options: LoanOptions): TermsInput {
  const { amount, rate, instalments, disbursedOn, ...others } = options;
  const { downPayment, rateChange, disbursement, fee, apr: _, ...same } = others;
  return {
    ...same,
    amount: required(amount, '--amount <amount>'),
    annualRatePercent: required(rate, '--rate <percent>'),
    instalments: required(instalments, '--instalments <count>'),
    disbursedOn: required(disbursedOn, '--disbursed-on <date>'),
    downPaymentPercent: downPayment,
    rateChanges: rateChange,
    disbursements: disbursement,
    fees: fee,
  };
}

/** What may be asked of a loan on a product; all else the product says. */
const ASKED_OF_PRODUCT: readonly string[] = [
  'product',
  'json',
  'apr',
  'amount',
  'rate',
  'instalments',
  'disbursedOn',
  'scheduleStartsOn',
  'firstDueOn',
  'gracePrincipal',
  'graceInterest',
  'rateChange',
  'disbursement',
];

/** The request of a loan on a product. Throws UsageError for what is missing, and for what the product says. */
export function productRequestOf(
  command: Command,
  options: LoanOptions,
  { currency, businessDate }: { readonly currency: Currency; readonly businessDate: IsoDate },
): ProductLoanRequest {
  for (const { long, attributeName } of namedOptions(command)) {
    const isGiven = command.getOptionValueSource(attributeName) === 'cli';
    if (isGiven && !ASKED_OF_PRODUCT.includes(attributeName)) {
      throw new UsageError(`${long} is said by the product`);
    }
  }
  const { scheduleStartsOn, firstDueOn, gracePrincipal, graceInterest } = options;
  return {
    amount: required(options.amount, '--amount <amount>'),
    currency,
    annualRatePercent: options.rate,
    instalments: required(options.instalments, '--instalments <count>'),
    disbursedOn: options.disbursedOn ?? businessDate,
    scheduleStartsOn,
    firstDueOn,
    gracePrincipal,
    graceInterest,
    rateChanges: options.rateChange,
    disbursements: options.disbursement,
  };
}

function namedOptions(command: Command) {
  return command.options.map((option) => ({ long: option.long, attributeName: option.attributeName() }));
}

function required<Value>(value: Value | undefined, flags: string): Value {
  if (value === undefined) throw new UsageError(`required option '${flags}' not specified`);
  return value;
}

export function parsePercentText(text: string): string {
  if (parsePercent(text) === undefined) throw new InvalidArgumentError('It takes a percentage like 9.5.');
  return text;
}

export function parseCount(text: string): number {
  if (!/^\d{1,4}$/.test(text)) throw new InvalidArgumentError('It takes a whole number.');
  return Number(text);
}

function parseEvery(text: string): Every {
  const [, count = '1', name] = /^(?:(\d{1,4}) ?)?(month|week|day)s?$/.exec(text) ?? [];
  const unit = PERIOD_UNITS.find((one) => one === name);
  if (unit === undefined) throw new InvalidArgumentError('It takes a period like month or "2 weeks".');
  return { count: Number(count), unit };
}

function collectRateChange(text: string, before: readonly RateChange[] = []): RateChange[] {
  const [from, annualRatePercent] = splitPair(text, 'DATE=PERCENT');
  return [...before, { from: parseDateValue(from), annualRatePercent: parsePercentText(annualRatePercent) }];
}

function collectDisbursement(text: string, before: readonly Disbursement[] = []): Disbursement[] {
  const [on, amount] = splitPair(text, 'DATE=AMOUNT');
  return [...before, { on: parseDateValue(on), amount: parseAmountText(amount) }];
}

function collectFee(text: string, before: readonly FeeInput[] = []): FeeInput[] {
  const [name, charge] = splitPair(text, 'KIND=AMOUNT or KIND=PERCENT%');
  const kind = FEE_KINDS.find((one) => one === name);
  if (kind === undefined) throw new InvalidArgumentError(`It takes a kind of ${FEE_KINDS.join(', ')}.`);
  const [, percent, basis] = /^([^%]*)%(?::(.*))?$/.exec(charge) ?? [];
  if (percent === undefined) return [...before, { kind, amount: parseAmountText(charge) }];
  const of = FEE_BASES.find((one) => one === basis);
  if (basis !== undefined && of === undefined) {
    throw new InvalidArgumentError(`It takes a percentage of ${FEE_BASES.join(' or ')}.`);
  }
  return [...before, { kind, percent: parsePercentText(percent), of }];
}

function splitPair(text: string, form: string): [string, string] {
  const [, left, right] = /^([^=]+)=(.+)$/.exec(text) ?? [];
  if (left === undefined || right === undefined) throw new InvalidArgumentError(`It takes ${form}.`);
  return [left, right];
}
