import type { Services } from '#bank/services.ts';
import type { Currency } from '#lib/money/currencies.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import { DEMO_CALLER } from './open-accounts.ts';

const EUR = 'EUR' as Currency;

/** What a bank in Germany withholds. */
const TAX = [
  { name: 'Kapitalertragsteuer', percent: '25', rounding: 'down' },
  { name: 'Solidaritätszuschlag', percentOfTax: '5.5', rounding: 'down' },
] as const;

/** From a day on, savings of the demo earn, more from 50,000 up, and overdrafts cost. */
export async function bearInterest({ products }: Services, effectiveFrom: IsoDate): Promise<void> {
  const shared = { currency: EUR, effectiveFrom, appliesTo: 'all_accounts' } as const;
  const tiers = [
    { upTo: '50000.00', rate: '1.5' },
    { upTo: null, rate: '2' },
  ];
  await products.addVersion(DEMO_CALLER, 'savings', {
    ...shared,
    terms: { interest: { tiers, posting: 'monthly', tax: TAX } },
  });
  const overdraft = { arrangedRate: '9.9', unarrangedRate: '14.9' };
  await products.addVersion(DEMO_CALLER, 'current', {
    ...shared,
    terms: { overdraft: { allowed: true }, interest: { rate: '0', posting: 'quarterly', overdraft } },
  });
}
