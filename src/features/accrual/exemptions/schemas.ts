import { type Static, Type } from 'typebox';
import { date, givenText, id, instant, list, text, whole } from '#http/fields.ts';
import { idParams } from '#http/operations.ts';
import { nullable, requestObject, resource } from '#http/schemas.ts';
import { fromTypeId, toTypeId } from '#lib/ids.ts';
import { optional } from '#lib/text.ts';
import { isoDate } from '#lib/time/dates.ts';
import type { TaxExemption } from './exemption.ts';
import type { StoredExemptions } from './repository.ts';

/** A certificate a year for a life, and some for single accounts. */
const MAX_EXEMPTIONS = 100;

const Exemption = resource('TaxExemption', 'Days on which interest bears no tax.', {
  accountId: nullable(id('account', 'Of this account alone; null for all accounts that the customer owns.')),
  from: date('The first day.'),
  until: nullable(date('The last day; null for no end.')),
  reason: text('Why.', 'Non-assessment certificate of 3 January 2026'),
});

export const TaxExemptionsSchema = resource(
  'TaxExemptions',
  'When interest of a customer bears no tax: what is posted for a period whose last day is one of the days.',
  {
    revision: whole('How often they were set: 0 for never.', 1),
    exemptions: list('All exemptions.', Exemption),
    setBy: nullable(text('Who set them.', 'usr_01h455vb4pex5vsknk084sn02q')),
    setAt: nullable(instant('When they were set.')),
  },
);

export function exemptionsView(stored: StoredExemptions): Static<typeof TaxExemptionsSchema> {
  return {
    revision: stored.revision,
    exemptions: stored.exemptions.map(({ accountId, from, until, reason }) => ({
      accountId: accountId === undefined ? null : toTypeId('account', accountId),
      from,
      until: until ?? null,
      reason,
    })),
    setBy: stored.setBy ?? null,
    setAt: stored.setAt?.toISOString() ?? null,
  };
}

export const SetTaxExemptionsRequest = requestObject(
  'SetTaxExemptionsRequest',
  'All exemptions of a customer: those that are not given end.',
  {
    exemptions: list(
      'All of them; empty for none.',
      requestObject('GivenTaxExemption', 'Days on which interest bears no tax.', {
        accountId: Type.Optional(
          id('account', 'Of this account alone; of all that the customer owns if not given.'),
        ),
        from: date('The first day; one in the past has what was posted corrected.'),
        until: Type.Optional(date('The last day; without an end if not given.')),
        reason: givenText(
          'Why, for staff and the audit trail.',
          'Non-assessment certificate of 3 January 2026',
        ),
      }),
      { maxItems: MAX_EXEMPTIONS },
    ),
  },
);

/** The exemptions of a request. */
export function givenExemptions({ exemptions }: Static<typeof SetTaxExemptionsRequest>): TaxExemption[] {
  return exemptions.map(({ accountId, from, until, reason }) => ({
    accountId: optional(accountId, (given) => fromTypeId('account', given)),
    from: isoDate(from),
    until: optional(until, isoDate),
    reason,
  }));
}

export const ExemptCustomerParams = idParams('customer');
