import type { Services } from '#bank/services.ts';
import type { LoanProductId } from '#lib/ids.ts';
import type { Currency } from '#lib/money/currencies.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import { MORTGAGE } from './data.ts';
import { type DemoIds, FIRST_ID_MS, namedUuid } from './demo-ids.ts';
import { DEMO_CALLER } from './open-accounts.ts';

export const FIXED_TERM = 'fixed_term';
export const SAVING_PLAN = 'saving_plan';
/** Decided before it is offered. */
export const MORTGAGE_PRODUCT_ID = namedUuid('loan product mortgage', FIRST_ID_MS, 0) as LoanProductId;

const EUR = 'EUR' as Currency;

/** What a bank in Germany withholds. */
const TAX = [
  { name: 'Kapitalertragsteuer', percent: '25', rounding: 'down' },
  { name: 'Solidaritätszuschlag', percentOfTax: '5.5', rounding: 'down' },
] as const;

/** What a business account costs: a book with fees of payments posts in the slower way, so few accounts have them. */
const FEES = [
  {
    code: 'keeping',
    name: 'Account keeping',
    event: 'monthly',
    amount: '9.90',
    waivers: [{ averageBalance: '10000.00' }],
  },
  {
    code: 'atm',
    name: 'Cash machine',
    event: 'withdrawal',
    paymentTypes: ['atm'],
    percent: '1',
    minimum: '2.50',
    maximum: '10.00',
    freeAMonth: 2,
    whenShort: 'queue',
  },
  {
    code: 'abroad',
    name: 'Payment abroad',
    event: 'outgoing_payment',
    paymentTypes: ['foreign'],
    amount: '12.50',
    whenShort: 'queue',
  },
  { code: 'copy', name: 'Statement on demand', event: 'statement_copy', amount: '5.00' },
] as const;

/** The products of the demo besides those that every bank begins with: a business account, deposits, a mortgage. */
export async function offerProducts(
  { products, loanProducts }: Services,
  ids: DemoIds,
  effectiveFrom: IsoDate,
): Promise<void> {
  const shared = { currency: EUR, accounting: {}, effectiveFrom } as const;
  await products.create(DEMO_CALLER, {
    ...shared,
    code: 'business',
    kind: 'current',
    name: 'Business account EUR',
    terms: { overdraft: { allowed: true } },
  });
  await products.create(DEMO_CALLER, {
    ...shared,
    code: FIXED_TERM,
    kind: 'term_deposit',
    name: 'Fixed-term deposit EUR',
    terms: {
      deposit: {
        minimumAmount: '1000.00',
        rates: [
          { unit: 'month', from: 3, rate: '2' },
          { unit: 'month', from: 6, rate: '2.25' },
          { unit: 'month', from: 12, rate: '2.5' },
        ],
      },
      interest: { tax: TAX },
    },
  });
  await products.create(DEMO_CALLER, {
    ...shared,
    code: SAVING_PLAN,
    kind: 'recurring_deposit',
    name: 'Saving plan EUR',
    terms: {
      deposit: {
        minimumAmount: '10.00',
        rates: [{ unit: 'day', from: 84, rate: '2.25' }],
        earlyClosure: { penaltyRate: '0.5' },
        instalments: { graceDays: 5, missedRateCut: '0.1' },
      },
      interest: { tax: TAX },
    },
  });
  await ids.giving(MORTGAGE_PRODUCT_ID, () =>
    loanProducts.create(DEMO_CALLER, {
      name: 'Home mortgage',
      currency: EUR,
      conditions: {
        amount: { min: '50000.00', max: '600000.00' },
        instalments: { min: 60, max: 360 },
        annualRatePercent: { min: '2', max: '8', default: MORTGAGE.annualRatePercent },
      },
    }),
  );
}

/** From a day on, savings of the demo earn, more from 50,000 up, overdrafts cost, and so do business accounts. */
export async function earnAndCharge({ products }: Services, effectiveFrom: IsoDate): Promise<void> {
  const shared = { currency: EUR, effectiveFrom, appliesTo: 'all_accounts' } as const;
  const tiers = [
    { upTo: '50000.00', rate: '0.75' },
    { upTo: null, rate: '1' },
  ];
  const interest = { tiers, posting: 'monthly', tax: TAX };
  await products.addVersion(DEMO_CALLER, 'savings', { ...shared, terms: { interest } });
  const current = overdraftTerms('quarterly');
  await products.addVersion(DEMO_CALLER, 'current', { ...shared, terms: current });
  const business = { ...overdraftTerms('monthly'), fees: FEES };
  await products.addVersion(DEMO_CALLER, 'business', { ...shared, terms: business });
}

/** Nothing is earned, and an overdraft costs. */
function overdraftTerms(posting: 'monthly' | 'quarterly') {
  const overdraft = { arrangedRate: '9.9', unarrangedRate: '14.9' };
  return { overdraft: { allowed: true }, interest: { rate: '0', posting, overdraft } };
}

/** A line of the demo's own chart. */
const CENTRAL_BANK = { code: '1050', name: 'Account at the central bank', class: 'asset' } as const;

/** The owners pay in the bank's capital. */
export async function payCapital({ chart, journal }: Services): Promise<void> {
  await chart.create(DEMO_CALLER, { ...CENTRAL_BANK, manualPosting: true });
  const amountMinor = 300_000_000n;
  const line = { amountMinor, currency: EUR } as const;
  await journal.create({
    caller: DEMO_CALLER,
    idempotencyKey: 'demo-capital',
    entry: {
      reason: 'Share capital, paid in by the founders',
      reference: undefined,
      attachments: [],
      lines: [
        { ...line, glCode: CENTRAL_BANK.code, side: 'debit' },
        { ...line, glCode: '3000', side: 'credit' },
      ],
    },
  });
}
