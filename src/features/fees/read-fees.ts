import { checkAll, checkEach } from '#lib/check-all.ts';
import { type FlorinError, validationFailed } from '#lib/errors.ts';
import type { Currency } from '#lib/money/currencies.ts';
import { parseAmount, parseAmountOrZero } from '#lib/money/money.ts';
import { parseRatePpm } from '#lib/money/rate-ppm.ts';
import { DATE_EVENTS, type Fee, PAYMENT_EVENTS, type PriceTier, type Waiver } from './fee.ts';
import { paymentTypesOf } from './payment-types.ts';
import type { FeeTermsInput } from './schemas.ts';

const HUNDRED_PERCENT_PPM = 1_000_000n;

/** Short, and easily told in a list. */
const CODE = /^[a-z0-9][a-z0-9_-]*$/;

/**
 * Valid fees from a request or a product. Throws 400 `validation_failed` or `invalid_amount`, with all fields that are
 * wrong.
 */
export function readFees(inputs: readonly FeeTermsInput[], currency: Currency, path = 'fees'): Fee[] {
  const fees = checkEach(inputs, (input, index) => readFee(input, currency, `${path}[${index}].`));
  for (const [index, { code }] of fees.entries()) {
    if (fees.findIndex((fee) => fee.code === code) === index) continue;
    throw wrong(`${path}[${index}].code`, 'is the code of a fee before it');
  }
  return fees;
}

function readFee(input: FeeTermsInput, currency: Currency, path: string): Fee {
  const { event, name, tierMode = 'whole', freeAMonth = 0, rounding = 'half_even' } = input;
  const bound = (field: 'minimum' | 'maximum'): bigint | undefined =>
    readAmount(input[field], currency, `${path}${field}`);
  const read = checkAll({
    code: () => readCode(input.code, `${path}code`),
    paymentTypes: () => readPaymentTypes(input, path),
    tiers: () => readTiers(input, currency, path),
    minimumMinor: () => bound('minimum'),
    maximumMinor: () => bound('maximum'),
    waivers: () =>
      checkEach(input.waivers ?? [], (one, index) => readWaiver(one, currency, `${path}waivers[${index}]`)),
    tax: () => readTax(input, path),
    whenShort: () => readShortage(input, path),
  });
  const { minimumMinor, maximumMinor } = read;
  if (minimumMinor !== undefined && maximumMinor !== undefined && minimumMinor > maximumMinor) {
    throw wrong(`${path}maximum`, 'must not be below minimum');
  }
  checkOfPayments(input, path);
  return { name, event, tierMode, freeAMonth, rounding, ...read };
}

function readCode(code: string, path: string): string {
  if (!CODE.test(code)) throw wrong(path, 'must have small letters, digits, "-" and "_"');
  return code;
}

function readPaymentTypes({ event, paymentTypes = [] }: FeeTermsInput, path: string): readonly string[] {
  const known = paymentTypesOf(event);
  const other = paymentTypes.findIndex((type) => !known.includes(type));
  if (other === -1) return paymentTypes;
  const has = known.length === 0 ? 'has no kinds' : `has the kinds ${known.join(', ')}`;
  throw wrong(`${path}paymentTypes[${other}]`, `does not suit the event: ${event} ${has}`);
}

/** What needs an amount that is paid goes with payments. */
function checkOfPayments(input: FeeTermsInput, path: string): void {
  if (PAYMENT_EVENTS.includes(input.event)) return;
  const { tiers, percent } = input;
  if (tiers !== undefined) throw wrong(`${path}tiers`, 'go with a payment');
  if (percent !== undefined) throw wrong(`${path}percent`, 'goes with a payment');
  if (DATE_EVENTS.includes(input.event) && (input.freeAMonth ?? 0) > 0) {
    throw wrong(`${path}freeAMonth`, 'goes with an event, which may come more than once a month');
  }
}

function readTiers(input: FeeTermsInput, currency: Currency, path: string): readonly PriceTier[] {
  const { tiers, amount, percent } = input;
  if (tiers === undefined) {
    if (amount === undefined && percent === undefined) {
      throw wrong(`${path}amount`, 'is required without percent or tiers');
    }
    return [{ upToMinor: undefined, ...readPrice(input, currency, path) }];
  }
  if (amount !== undefined || percent !== undefined) {
    throw wrong(`${path}tiers`, 'do not go with amount or percent');
  }
  const read = checkEach(tiers, (tier, index) => {
    const at = `${path}tiers[${index}].`;
    const upToMinor = tier.upTo == null ? undefined : parseAmount(tier.upTo, currency, `${at}upTo`);
    return { upToMinor, ...readPrice(tier, currency, at) };
  });
  for (const [index, { upToMinor }] of read.entries()) {
    const before = read[index - 1];
    if (before !== undefined && !isAbove(upToMinor, before.upToMinor)) {
      throw wrong(`${path}tiers[${index}].upTo`, 'must be above that of the tier before it');
    }
  }
  if (read.at(-1)?.upToMinor !== undefined) {
    throw wrong(`${path}tiers[${read.length - 1}].upTo`, 'must not be given for the last tier');
  }
  return read;
}

function isAbove(upToMinor: bigint | undefined, beforeMinor: bigint | undefined): boolean {
  return beforeMinor !== undefined && (upToMinor === undefined || upToMinor > beforeMinor);
}

function readPrice(
  { amount, percent }: Pick<FeeTermsInput, 'amount' | 'percent'>,
  currency: Currency,
  path: string,
): { readonly amountMinor: bigint; readonly ratePpm: bigint } {
  return {
    amountMinor: readAmount(amount, currency, `${path}amount`) ?? 0n,
    ratePpm: percent === undefined ? 0n : readPercent(percent, `${path}percent`),
  };
}

function readWaiver(
  input: NonNullable<FeeTermsInput['waivers']>[number],
  currency: Currency,
  path: string,
): Waiver {
  if (Object.keys(input).length !== 1) throw wrong(path, 'takes one field');
  const { lowestBalance, averageBalance, salary, ageBelow, ageFrom, firstMonths } = input;
  const from = (text: string, field: string): bigint => parseAmountOrZero(text, currency, `${path}.${field}`);
  if (lowestBalance !== undefined) {
    return { kind: 'lowest_balance', fromMinor: from(lowestBalance, 'lowestBalance') };
  }
  if (averageBalance !== undefined) {
    return { kind: 'average_balance', fromMinor: from(averageBalance, 'averageBalance') };
  }
  if (salary !== undefined) return { kind: 'salary', fromMinor: from(salary, 'salary') };
  if (ageBelow !== undefined) return { kind: 'age_below', years: ageBelow };
  if (ageFrom !== undefined) return { kind: 'age_from', years: ageFrom };
  return { kind: 'first_months', months: firstMonths ?? 0 };
}

function readTax({ tax }: FeeTermsInput, path: string): Fee['tax'] {
  if (tax === undefined) return undefined;
  return { name: tax.name, ppm: readPercent(tax.percent, `${path}tax.percent`) };
}

/** Nothing can be refused of what nobody asks for. */
function readShortage({ event, whenShort }: FeeTermsInput, path: string): Fee['whenShort'] {
  const isAskedFor = PAYMENT_EVENTS.includes(event) || event === 'statement_copy';
  if (whenShort === 'refuse' && !isAskedFor) {
    throw wrong(`${path}whenShort`, 'cannot refuse what nobody asks for: queue or overdraft');
  }
  return whenShort ?? (isAskedFor ? 'refuse' : 'queue');
}

function readAmount(text: string | undefined, currency: Currency, path: string): bigint | undefined {
  return text === undefined ? undefined : parseAmountOrZero(text, currency, path);
}

function readPercent(text: string, path: string): bigint {
  const ppm = parseRatePpm(text);
  if (ppm === undefined) throw wrong(path, 'must be a percentage like "1.25", with up to 4 decimals');
  if (ppm > HUNDRED_PERCENT_PPM) throw wrong(path, 'must not be above 100');
  return ppm;
}

function wrong(path: string, message: string): FlorinError {
  return validationFailed({ path, message });
}
