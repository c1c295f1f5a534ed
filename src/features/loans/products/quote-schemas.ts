import { type Static, Type } from 'typebox';
import { amount, choice, currency, date, id, list, signedAmount, whole } from '#http/fields.ts';
import { described, requestObject, resource } from '#http/schemas.ts';
import type { Currency } from '#lib/money/currencies.ts';
import { formatAmount } from '#lib/money/money.ts';
import { APR_RULES } from '../schedule/apr.ts';
import type { LoanQuote } from '../schedule/quote.ts';
import { MAX_CHANGES, MAX_FEES, MAX_INSTALMENTS } from '../schedule/read-terms.ts';
import type { ScheduleTotals } from '../schedule/schedule-row.ts';
import { FEE_KINDS } from '../schedule/terms.ts';
import { formatPercent } from './rate-text.ts';
import { FixedTermsFields, feeFields, percent } from './terms-schemas.ts';

const grace = (description: string) =>
  Type.Optional(whole(description, 3, { minimum: 0, maximum: MAX_INSTALMENTS }));

const LoanFee = requestObject('LoanFee', 'A fee of a loan: one of amount and percent.', {
  kind: choice(
    'LoanFeeKind',
    '`origination` is paid on the day of the disbursement, `instalment` with each instalment.',
    FEE_KINDS,
  ),
  ...feeFields,
});

export const RateChange = requestObject('RateChange', 'A later rate of a loan.', {
  from: date('The first day of the rate.'),
  annualRatePercent: percent('A year’s interest from then on.', '9.5'),
});

export const QuoteLoanRequest = requestObject(
  'QuoteLoanRequest',
  'A loan to quote, on a product or without one.',
  {
    productId: Type.Optional(id('loanProduct', 'The product, which then says what it says of every loan.')),
    amount: amount('How much is lent.'),
    currency: currency('The currency of the amounts.'),
    instalments: whole('How many instalments.', 12, { minimum: 1, maximum: MAX_INSTALMENTS }),
    disbursedOn: date('When it is paid out.'),
    scheduleStartsOn: Type.Optional(date('From when instalments are counted; disbursedOn if not given.')),
    firstDueOn: Type.Optional(date('When the first instalment is due; one period later if not given.')),
    annualRatePercent: Type.Optional(percent('Nominal, 0 to 1000. Required without a product.', '12')),
    ...FixedTermsFields,
    gracePrincipal: grace('How many first instalments are without principal.'),
    graceInterest: grace(
      'How many first instalments are without interest, which is due with the one after them.',
    ),
    fees: Type.Optional(list('Its fees.', LoanFee, { maxItems: MAX_FEES })),
    rateChanges: Type.Optional(list('Later rates.', RateChange, { maxItems: MAX_CHANGES })),
    disbursements: Type.Optional(
      list(
        'Payments out after the first, on top of `amount`; or all of them, from `disbursedOn` on, whose sum is `amount`.',
        requestObject('Disbursement', 'A payment out.', {
          on: date('When it is paid out.'),
          amount: amount('How much.'),
        }),
        { maxItems: MAX_CHANGES },
      ),
    ),
    apr: Type.Optional(
      choice('AprRule', 'By whose rule the annual rate is computed; `eu` if not given.', APR_RULES),
    ),
  },
);

/** What an instalment, or several, consist of. */
export const sums = {
  principal: signedAmount('Of it principal.'),
  interest: signedAmount('Of it interest.'),
  fees: signedAmount('Of it fees.'),
  total: signedAmount('All of it.'),
};
export const Totals = resource('InstalmentTotals', 'Sums of instalments.', sums);

const rate = (description: string) =>
  Type.String({ description, pattern: '^-?[0-9]+[.][0-9]{4}$', examples: ['12.6825'] });

export const QuoteSchema = resource('LoanQuote', 'What a loan would be.', {
  schedule: list(
    'The instalments, in order.',
    resource('QuotedInstalment', 'An instalment.', {
      number: whole('Its place in the order; 0 is the origination fee, on the day of the disbursement.', 1),
      dueDate: date('When it is due.'),
      ...sums,
      outstanding: signedAmount('The principal that is left after it.'),
    }),
  ),
  totals: described(Totals, 'The sums of the instalments.'),
  aprPercent: rate('What the loan costs a year with its fees, in percent, by the rule asked for.'),
  effectiveAnnualRatePercent: rate('What its interest alone costs a year, compounded, in percent.'),
});
export type QuoteView = Static<typeof QuoteSchema>;
export type ScheduleRowView = QuoteView['schedule'][number];

/** More than any law asks for, so that who shows fewer rounds once. */
const RATE_DECIMALS = 4;

export function quoteView({ terms, schedule, apr, effectiveAnnualRate }: LoanQuote): QuoteView {
  const { currency } = terms;
  return {
    schedule: schedule.rows.map((row) => ({
      number: row.number,
      dueDate: row.dueOn,
      ...sumsView(row, currency),
      outstanding: formatAmount(row.outstandingMinor, currency),
    })),
    totals: sumsView(schedule.totals, currency),
    aprPercent: formatPercent(apr, RATE_DECIMALS),
    effectiveAnnualRatePercent: formatPercent(effectiveAnnualRate, RATE_DECIMALS),
  };
}

function sumsView(
  { principalMinor, interestMinor, feesMinor, totalMinor }: ScheduleTotals,
  currency: Currency,
): Static<typeof Totals> {
  return {
    principal: formatAmount(principalMinor, currency),
    interest: formatAmount(interestMinor, currency),
    fees: formatAmount(feesMinor, currency),
    total: formatAmount(totalMinor, currency),
  };
}
