import { checkAll, checkEach } from '#lib/check-all.ts';

import { type FieldError, validationFailed } from '#lib/errors.ts';
import type { Currency } from '#lib/money/currencies.ts';
import { parseAmount } from '#lib/money/money.ts';
import { optional } from '#lib/text.ts';
import { addDays, type IsoDate } from '#lib/time/dates.ts';
import { readInterestTerms, readRate, wrong } from '../terms/read-terms.ts';
import type { InterestTermsInput } from '../terms/schemas.ts';
import type { InterestTerms } from '../terms/terms.ts';
import type { DepositTerms } from './deposit-terms.ts';
import type { EarlyClosureTerms } from './early-closure.ts';
import type { InstalmentTerms } from './instalments.ts';
import type { ChartRow } from './rate-chart.ts';
import type { DepositTermsInput } from './schemas.ts';
import { atRate, LAST_DAY } from './term-deposit.ts';

const HUNDRED_PERCENT_PPM = 1_000_000n;

/** What the chart says, or what no deposit has. */
const NOT_OF_DEPOSITS = [
  'rate',
  'tiers',
  'tierMode',
  'reference',
  'promotions',
  'basis',
  'basisPeriod',
  'minimumFromDay',
  'minimumBalance',
  'overdraft',
] as const;

/**
 * The terms of deposits from a request or a product. Interest is posted at the maturity if nothing else is said. Throws 400
 * `validation_failed` or `invalid_amount` with all fields that are wrong.
 */
export function readDepositTerms(
  {
    deposit,
    interest = {},
  }: { readonly deposit: DepositTermsInput; readonly interest?: InterestTermsInput | undefined },
  currency: Currency,
): DepositTerms {
  const read = checkAll({
    interest: () => readInterest(interest, currency),
    chart: () => checkEach(deposit.rates, (row, index) => readRow(row, currency, `deposit.rates[${index}]`)),
    minimumMinor: () =>
      optional(deposit.minimumAmount, (text) => parseAmount(text, currency, 'deposit.minimumAmount')),
    maximumMinor: () =>
      optional(deposit.maximumAmount, (text) => parseAmount(text, currency, 'deposit.maximumAmount')),
    earlyClosure: () => optional(deposit.earlyClosure, readClosure),
    instalments: () => readInstalments(deposit, currency),
  });
  const { minimumMinor, maximumMinor } = read;
  if (minimumMinor !== undefined && maximumMinor !== undefined && minimumMinor > maximumMinor) {
    throw wrong('deposit.maximumAmount', 'must not be below minimumAmount');
  }
  return { ...read, maturityDay: deposit.maturityDay ?? 'following', noticeDays: deposit.noticeDays };
}

/** The same terms of interest as they are agreed for one deposit, at its rate in percent. */
export function agreedInterest(
  interest: InterestTermsInput | undefined,
  ratePercent: string,
): InterestTermsInput {
  return { posting: 'maturity', ...interest, rate: ratePercent };
}

/** The same terms with another rate in percent from a day on. */
export function agreedRateFrom(
  terms: InterestTermsInput,
  { from, ratePercent }: { readonly from: IsoDate; readonly ratePercent: string },
): InterestTermsInput {
  const before = (terms.promotions ?? [])
    .filter((one) => one.from < from)
    .map((one) => (one.until < from ? one : { ...one, until: addDays(from, -1) }));
  return { ...terms, promotions: [...before, { from, until: LAST_DAY, rate: ratePercent }] };
}

function readInterest(input: InterestTermsInput, currency: Currency): InterestTerms {
  const fields = NOT_OF_DEPOSITS.filter((field) => input[field] !== undefined).map(
    (field): FieldError => ({
      path: `interest.${field}`,
      message: 'does not go with a deposit: its rate is that of the chart',
    }),
  );
  if (fields.length > 0) throw validationFailed(...fields);
  return atRate(readInterestTerms(agreedInterest(input, '0'), currency, 'interest.'), 0n);
}

type RowInput = DepositTermsInput['rates'][number];

function readRow({ unit, from, to, upTo, rate }: RowInput, currency: Currency, path: string): ChartRow {
  const row = checkAll({
    upToMinor: () =>
      upTo === null || upTo === undefined ? undefined : parseAmount(upTo, currency, `${path}.upTo`),
    ratePpm: () => readRate(rate, `${path}.rate`),
  });
  if (to !== undefined && to < from) throw wrong(`${path}.to`, 'must not be below from');
  return { unit, fromCount: from, toCount: to, ...row };
}

function readInstalments(
  { instalments = {}, earlyClosure }: DepositTermsInput,
  currency: Currency,
): InstalmentTerms {
  const { graceDays = 0, missedFee, missedRateCut = '0', postponesMaturity = false } = instalments;
  const { closedAfterMissed } = instalments;
  const read = checkAll({
    missedFeeMinor: () =>
      missedFee === undefined ? 0n : parseAmount(missedFee, currency, 'deposit.instalments.missedFee'),
    missedRateCutPpm: () => readRate(missedRateCut, 'deposit.instalments.missedRateCut'),
    closing: () => {
      if (closedAfterMissed === undefined || earlyClosure !== undefined) return;
      throw wrong('deposit.instalments.closedAfterMissed', 'goes with deposit.earlyClosure');
    },
  });
  const { missedFeeMinor, missedRateCutPpm } = read;
  return { graceDays, postponesMaturity, closedAfterMissed, missedFeeMinor, missedRateCutPpm };
}

function readClosure(input: NonNullable<DepositTermsInput['earlyClosure']>): EarlyClosureTerms {
  const {
    rate = 'booked',
    penaltyRate = '0',
    lostDays = 0,
    forfeitedPercent = '0',
    reachesPrincipal = false,
  } = input;
  const read = checkAll({
    penaltyPpm: () => readRate(penaltyRate, 'deposit.earlyClosure.penaltyRate'),
    forfeitedPpm: () =>
      readRate(forfeitedPercent, 'deposit.earlyClosure.forfeitedPercent', HUNDRED_PERCENT_PPM),
  });
  return { rate, lostDays, reachesPrincipal, ...read };
}
