import { Type } from 'typebox';
import { givenName, givenText, LENGTHS } from '#http/fields.ts';
import { described, requestObject } from '#http/schemas.ts';
import { money, PaymentMode, toAccount, toAccountId, toIban } from './request-schemas.ts';

export const EstatePayoutRequest = requestObject(
  'EstatePayoutRequest',
  'Money of a customer who died, for the estate. Give one of mode, toAccountId, toIban and toAccount.',
  {
    executorName: givenName(
      'Who receives it for the estate: an executor, administrator or heir.',
      'Eva Sommer',
      LENGTHS.payment,
    ),
    reason: givenText(
      'On what ground, for staff and the audit trail: no customer reads it.',
      'Certificate of inheritance 6 VI 331/26',
    ),
    mode: Type.Optional(described(PaymentMode, 'How it is paid out at the counter.')),
    toAccountId: Type.Optional(toAccountId),
    toIban: Type.Optional(toIban),
    toAccount: Type.Optional(toAccount),
    ...money,
  },
);
