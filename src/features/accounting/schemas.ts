import { Type } from 'typebox';
import { CurrencySchema, closedObject, DateSchema, SignedAmountSchema } from '#http/schemas.ts';

const ClassSchema = Type.Enum(['asset', 'liability', 'equity', 'income', 'expense']);

export const AsOfQuery = closedObject({ asOf: Type.Optional(DateSchema) });

export const TrialBalanceSchema = Type.Object({
  asOf: DateSchema,
  lines: Type.Array(
    Type.Object({
      code: Type.String(),
      name: Type.String(),
      class: ClassSchema,
      currency: CurrencySchema,
      debit: SignedAmountSchema,
      credit: SignedAmountSchema,
    }),
  ),
  totals: Type.Array(
    Type.Object({ currency: CurrencySchema, debit: SignedAmountSchema, credit: SignedAmountSchema }),
  ),
});

export const LedgerAccountSchema = Type.Object({
  code: Type.String(),
  name: Type.String(),
  class: ClassSchema,
});
