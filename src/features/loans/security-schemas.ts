import type { Static } from 'typebox';
import { choice, date, id, list, signedAmount, text, whole } from '#http/fields.ts';
import { nullable, resource } from '#http/schemas.ts';
import { toTypeId } from '#lib/ids.ts';
import type { Currency } from '#lib/money/currencies.ts';
import { formatAmount } from '#lib/money/money.ts';
import { COLLATERAL_KINDS, type LoanSecurity, PARTY_ROLES } from './security.ts';

export const PartyRoleSchema = choice(
  'LoanPartyRole',
  'How somebody stands for a loan beside its borrower.',
  PARTY_ROLES,
);
export const CollateralKindSchema = choice('CollateralKind', 'What secures a loan.', COLLATERAL_KINDS);

export const LoanSecuritySchema = resource('LoanSecurity', 'What stands behind a loan.', {
  parties: list(
    'Who stands for it beside the borrower.',
    resource('LoanParty', 'A party of a loan.', {
      customerId: id('customer', 'The customer.'),
      role: PartyRoleSchema,
      sharePercent: nullable(text('For how much of the debt, in percent; null for all of it.', '50')),
    }),
  ),
  collateral: list(
    'What secures it, released items too.',
    resource('LoanCollateral', 'An item of collateral.', {
      number: whole('Its number within the loan.', 1),
      kind: CollateralKindSchema,
      description: text('What it is.', 'Flat, Lindenstraße 5'),
      value: signedAmount('What it is worth.'),
      valuedOn: date('When it was valued.'),
      releasedOn: nullable(date('When it was released; null while it secures the loan.')),
    }),
  ),
  collateralValue: signedAmount('The value of what is not released.'),
});
export type LoanSecurityView = Static<typeof LoanSecuritySchema>;

export function securityView({ parties, collateral }: LoanSecurity, currency: Currency): LoanSecurityView {
  const held = collateral.filter(({ releasedOn }) => releasedOn === undefined);
  const heldMinor = held.reduce((sum, { valueMinor }) => sum + valueMinor, 0n);
  return {
    parties: parties.map(({ customerId, role, sharePercent = null }) => {
      return { customerId: toTypeId('customer', customerId), role, sharePercent };
    }),
    collateral: collateral.map(({ valueMinor, releasedOn = null, ...item }) => {
      return { ...item, value: formatAmount(valueMinor, currency), releasedOn };
    }),
    collateralValue: formatAmount(heldMinor, currency),
  };
}
