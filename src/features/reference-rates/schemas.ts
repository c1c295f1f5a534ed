import { type Static, Type } from 'typebox';
import { date, instant, text } from '#http/fields.ts';
import { closedObject, requestObject, resource } from '#http/schemas.ts';
import { formatRatePpm, RATE_PATTERN } from '#lib/money/rate-ppm.ts';
import type { ReferenceRate } from './repository.ts';

export const ReferenceRateSchema = resource('ReferenceRate', 'A rate that terms of interest refer to.', {
  code: text('Its code.', 'EURIBOR-3M'),
  validFrom: date('From this date on, until its next value.'),
  rate: text('Percent a year.', '2.15'),
  setBy: text('Who set it.', 'usr_01h455vb4pex5vsknk084sn02q'),
  setAt: instant('When it was set.'),
});

export function referenceRateView({
  ratePpm,
  setAt,
  ...rate
}: ReferenceRate): Static<typeof ReferenceRateSchema> {
  return { ...rate, rate: formatRatePpm(ratePpm), setAt: setAt.toISOString() };
}

export const SetReferenceRateRequest = requestObject('SetReferenceRateRequest', 'A rate from a date on.', {
  validFrom: Type.Optional(date('From this date on: today, if not given, or later.')),
  rate: Type.String({
    description: 'Percent a year; it may be below zero.',
    pattern: RATE_PATTERN,
    examples: ['2.15'],
  }),
});

export const ReferenceRateParams = closedObject({
  code: Type.String({
    description: 'Capital letters, digits, `.`, `_` and `-`.',
    examples: ['EURIBOR-3M'],
  }),
});
