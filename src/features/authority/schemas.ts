import { type Static, Type } from 'typebox';
import { amount, choice, currency, date, list, signedAmount, text } from '#http/fields.ts';
import { nullable, requestObject, resource } from '#http/schemas.ts';
import { formatAmount } from '#lib/money/money.ts';
import type { DatedRoleLimit } from './repository.ts';
import { LIMITED_ROLES, type RoleLimit } from './role-limits.ts';
import type { RoleLimitList } from './service.ts';

const role = choice('LimitedRole', 'Whose word has a limit.', LIMITED_ROLES);
const PER_TRANSACTION = 'The most that is moved, promised or lent at once; null without a limit.';
const PER_DAY =
  'The most of all that one user moves, promises and lends on a business date; null without a limit.';

export const SetRoleLimitsRequest = requestObject(
  'SetRoleLimitsRequest',
  'The limit of a role in a currency.',
  {
    role,
    currency: currency('The currency of the amounts.'),
    perTransaction: nullable(amount(PER_TRANSACTION)),
    perDay: nullable(amount(PER_DAY)),
    validFrom: Type.Optional(date('The business date from which it counts; the present one if not given.')),
  },
);

const amounts = {
  currency: currency('The currency of the amounts.'),
  perTransaction: nullable(signedAmount(PER_TRANSACTION)),
  perDay: nullable(signedAmount(PER_DAY)),
};

export const RoleLimitSchema = resource('RoleLimit', 'The limit of a role in a currency, from a date on.', {
  role,
  ...amounts,
  validFrom: date('The business date from which it counts.'),
  setBy: text('Who set it.', 'usr_01h455vb4pex5vsknk084sn02q'),
});

export const RoleLimitsSchema = resource('RoleLimits', 'How much roles may move, promise or lend.', {
  businessDate: date('The date on which the bank books now.'),
  set: list('What is set, by currency; of each, the last to count comes first.', RoleLimitSchema),
  fallback: resource(
    'FallbackLimit',
    'The limit of a teller in its currency while none is set for it. A currency without any takes the strictest of all.',
    amounts,
  ),
});

export function roleLimitView({
  role,
  validFrom,
  setBy,
  ...limit
}: DatedRoleLimit): Static<typeof RoleLimitSchema> {
  return { role, ...amountsView(limit), validFrom, setBy };
}

export function roleLimitsView({
  set,
  fallback,
  businessDate,
}: RoleLimitList): Static<typeof RoleLimitsSchema> {
  return { businessDate, set: set.map(roleLimitView), fallback: amountsView(fallback) };
}

function amountsView({ currency: of, perTransactionMinor, perDayMinor }: RoleLimit) {
  const shown = (minor: bigint | undefined) => (minor === undefined ? null : formatAmount(minor, of));
  return { currency: of, perTransaction: shown(perTransactionMinor), perDay: shown(perDayMinor) };
}
