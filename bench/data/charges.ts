import { createServices } from '#bank/services.ts';
import type { Context } from '#db/context.ts';
import type { Currency } from '#lib/money/currencies.ts';
import { lastOfMonth } from '#lib/time/calendar.ts';
import { addDays, type IsoDate } from '#lib/time/dates.ts';

const CALLER = { actor: 'bench', role: 'operator' } as const;

/** Interest posted each month with a tax in two parts, an overdraft, and a monthly fee with its tax. */
const TERMS = {
  interest: {
    rate: '1.5',
    posting: 'monthly',
    tax: [
      { name: 'Tax', percent: '25', rounding: 'down' },
      { name: 'Surcharge', percentOfTax: '5.5', rounding: 'down' },
    ],
    overdraft: { arrangedRate: '9.9', unarrangedRate: '14.9' },
  },
  overdraft: { allowed: true },
  fees: [
    {
      code: 'keeping',
      name: 'Account keeping',
      event: 'monthly',
      amount: '4.90',
      tax: { name: 'VAT', percent: '19' },
    },
  ],
} as const;

/**
 * Makes the accounts of a filled book earn and pay fees from a date on, which is open afterwards and moved by hand: the
 * day before the last of a month. Returns that last day.
 */
export async function earnAndPay(context: Context): Promise<IsoDate> {
  const services = createServices(context);
  try {
    const today = await services.calendar.today();
    const { businessDate } = today;
    // On the last day of a month, that of the next one.
    const monthEnd = lastOfMonth(addDays(businessDate, 1));
    const first = addDays(monthEnd, -1);
    await services.calendar.setDate(CALLER, first);
    const version = { currency: 'EUR' as Currency, effectiveFrom: first, appliesTo: 'all_accounts' } as const;
    await services.products.addVersion(CALLER, 'current', { ...version, terms: TERMS });
    return monthEnd;
  } finally {
    await services.drain();
  }
}
