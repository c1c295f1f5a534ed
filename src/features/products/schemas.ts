import { Type } from 'typebox';
import { CurrencySchema } from '#http/schemas.ts';

export const ProductSchema = Type.Object({
  code: Type.String({ examples: ['current'] }),
  currency: CurrencySchema,
  kind: Type.Union([Type.Literal('current'), Type.Literal('savings')]),
  name: Type.String(),
  overdraftAllowed: Type.Boolean(),
  status: Type.Union([Type.Literal('active'), Type.Literal('retired')]),
});
